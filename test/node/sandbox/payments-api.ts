/** Short ways to ask the simulated Payments API things. */
import assert from 'node:assert/strict'
import type { TestContext } from 'node:test'
import type { StartOptions } from '../../../src/sandbox/index.ts'
import { type Simulator, simulator } from './simulator.ts'

export const BASIC = `Basic ${Buffer.from('test-key:test-secret').toString('base64')}`

export interface Answer {
  readonly status: number
  // Whatever the API answered; each test reads the members that it is about.
  readonly body: Record<string, unknown> & { readonly id: string; readonly error?: Record<string, unknown> }
  readonly headers: Headers
}

export interface PaymentsSimulator extends Simulator {
  /** POST below the API with a new idempotency key, unless one is given. */
  post(path: string, body?: unknown, headers?: Readonly<Record<string, string>>): Promise<Answer>
  get(path: string, headers?: Readonly<Record<string, string>>): Promise<Answer>
  /** A payment that was created with these fields over valid ones, with status 200. */
  payment(fields?: Readonly<Record<string, unknown>>): Promise<Answer['body']>
}

let counter = 0
export function newKey(): string {
  counter += 1
  return `key-${process.pid}-${counter}`
}

export async function paymentsSimulator(
  t: TestContext,
  options: Partial<StartOptions> = {},
): Promise<PaymentsSimulator> {
  const sim = await simulator(t, options)
  const ask = async (
    method: string,
    path: string,
    headers: Record<string, string>,
    body?: unknown,
  ): Promise<Answer> => {
    const text = typeof body === 'string' ? body : JSON.stringify(body)
    const reply = await fetch(`${sim.url}/payments/api${path}`, {
      method,
      headers,
      ...(body !== undefined && { body: text }),
    })
    return { status: reply.status, body: await reply.json(), headers: reply.headers }
  }
  const post: PaymentsSimulator['post'] = (path, body = {}, headers = {}) =>
    ask('POST', path, { authorization: BASIC, 'idempotency-key': newKey(), ...headers }, body)
  return {
    ...sim,
    post,
    get: (path, headers = {}) => ask('GET', path, { authorization: BASIC, ...headers }),
    async payment(fields = {}) {
      const { status, body } = await post('/payments', { ...validPayment(), ...fields })
      assert.equal(status, 200, JSON.stringify(body))
      return body
    },
  }
}

/** A payment for which the buyer is sent to the checkout page. */
export const validPayment = () => ({
  amount: 125000,
  currency: 'BDT',
  description: 'Two mugs',
  metadata: { orderId: newKey() },
  confirm: true,
  confirmation_token: true,
  return_url: 'https://shop.example/return/success',
  failure_url: 'https://shop.example/return/failure',
  cancel_url: 'https://shop.example/return/cancel',
})
