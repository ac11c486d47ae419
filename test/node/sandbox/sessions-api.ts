import assert from 'node:assert/strict'
import type { TestContext } from 'node:test'
import { KEY, type Simulator, simulator } from './simulator.ts'

export interface Answer {
  readonly status: number
  readonly body: Record<string, unknown> & { readonly id: string }
  readonly replayed: boolean
}

export interface SessionsSimulator extends Simulator {
  post(path: string, body?: unknown, headers?: Readonly<Record<string, string>>): Promise<Answer>
  get(path: string, headers?: Readonly<Record<string, string>>): Promise<Answer>
  /** An order and its open payment session. */
  opened(): Promise<{ order: Answer['body']; session: Answer['body'] }>
  /** Names of all events so far. */
  events(): Promise<string[]>
}

let counter = 0
export function unique(): string {
  counter += 1
  return `cart-${process.pid}-${counter}`
}

export const validOrder = () => ({ external_id: unique(), amount: '1250.00', currency: 'BDT', description: 'Two mugs' })
export const URLS = {
  success_url: 'https://shop.example/return/success',
  failure_url: 'https://shop.example/return/failure',
  cancel_url: 'https://shop.example/return/cancel',
}

export async function sessionsSimulator(t: TestContext): Promise<SessionsSimulator> {
  const sim = await simulator(t)
  const ask = async (
    method: string,
    path: string,
    headers: Record<string, string>,
    body?: unknown,
  ): Promise<Answer> => {
    const reply = await fetch(`${sim.url}/sessions/api${path}`, {
      method,
      headers: { ...KEY, ...headers },
      ...(body !== undefined && { body: JSON.stringify(body) }),
    })
    return { status: reply.status, body: await reply.json(), replayed: reply.headers.has('idempotent-replayed') }
  }
  const post: SessionsSimulator['post'] = (path, body = {}, headers = {}) =>
    ask('POST', path, { 'idempotency-key': unique(), ...headers }, body)
  return {
    ...sim,
    post,
    get: (path, headers = {}) => ask('GET', path, headers),
    async opened() {
      const order = await post('/orders', validOrder())
      assert.equal(order.status, 200, JSON.stringify(order.body))
      const session = await post(`/orders/${order.body.id}/payment-sessions`, URLS)
      assert.equal(session.status, 200, JSON.stringify(session.body))
      return { order: order.body, session: session.body }
    },
    async events() {
      const events = (await (await sim.control('GET', '/events')).json()) as { type: string }[]
      return events.map(({ type }) => type)
    },
  }
}
