/** What the simulator's tests share: a listening simulator with a clock by hand, and short ways to ask it things. */
import assert from 'node:assert/strict'
import type { TestContext } from 'node:test'
import { type RunningSandbox, type StartOptions, startSandbox } from '../../../src/sandbox/index.ts'

export const KEY = { authorization: 'Bearer test-key' }

/** A clock that stands still until it is moved. */
export function manualClock(start = Date.UTC(2026, 10, 21, 10, 0, 0)) {
  let now = start
  return {
    now: () => now,
    advance: (ms: number) => {
      now += ms
    },
  }
}

export interface Simulator extends RunningSandbox {
  readonly clock: ReturnType<typeof manualClock>
  /** Sends an order; members of `fields` replace those of a valid one, undefined leaves one out. */
  order(fields?: Readonly<Record<string, unknown>>, headers?: Readonly<Record<string, string>>): Promise<Response>
  /** A placed order's id, reference and payment page. */
  placed(
    fields?: Readonly<Record<string, unknown>>,
  ): Promise<{ orderId: string; referenceId: string; paymentUrl: string }>
  status(orderId: string): Promise<Record<string, unknown>>
  control(method: string, path: string, body?: unknown): Promise<Response>
  ledger(orderId: string): Promise<Record<string, unknown> & { calls: { path: string; status: number | null }[] }>
  faults(...faults: unknown[]): Promise<void>
}

let counter = 0

/** Starts a simulator that ends with the test. */
export async function simulator(t: TestContext, options: Partial<StartOptions> = {}): Promise<Simulator> {
  const clock = manualClock()
  const running = await startSandbox({ port: 0, clock, ...options })
  t.after(() => running.stop())
  const { url } = running
  const order: Simulator['order'] = (fields = {}, headers = KEY) =>
    fetch(`${url}/api/pg/order`, {
      method: 'POST',
      headers: { 'content-type': 'application/json', ...headers },
      body: JSON.stringify({ ...validOrder(), ...fields }),
      redirect: 'manual',
    })
  const control: Simulator['control'] = (method, path, body) =>
    fetch(`${url}/_sandbox${path}`, { method, ...(body !== undefined && { body: JSON.stringify(body) }) })
  return {
    ...running,
    clock,
    order,
    control,
    async placed(fields) {
      const reply = await order(fields)
      assert.equal(reply.status, 200)
      return await reply.json()
    },
    async status(orderId) {
      const reply = await fetch(`${url}/api/pg/order/${orderId}/status`, { headers: KEY })
      assert.equal(reply.status, 200)
      return await reply.json()
    },
    async ledger(orderId) {
      return await (await control('GET', `/orders/${orderId}`)).json()
    },
    async faults(...faults) {
      assert.equal((await control('PUT', '/faults', faults)).status, 200)
    },
  }
}

/** An order that the gateway accepts; its callbacks lead nowhere. */
export function validOrder() {
  counter += 1
  return {
    amount: 1250,
    referenceId: `ref-${process.pid}-${counter}`,
    description: 'Two mugs',
    successCallbackUrl: 'https://shop.example/return/success',
    failureCallbackUrl: 'https://shop.example/return/failure',
    cancelCallbackUrl: 'https://shop.example/return/cancel',
  }
}
