import assert from 'node:assert/strict'
import { describe, test } from 'node:test'
import { openPayment } from '../../../src/server/payments/open-payment.ts'
import { createAttemptReader } from '../../../src/server/payments/read-attempt.ts'
import { ProblemError } from '../../../src/server/problem-error.ts'
import { createDesk, type PaymentReading, says } from './desk.ts'

const SKEW_MS = 3_000

/** A press where an instance whose clock is ahead has asked a moment ago, and the gateway now says `state`. */
async function pressAfter(state: PaymentReading['state']) {
  const desk = createDesk()
  await desk.payment()
  await desk.attempt({ read_at: desk.clock.now() + SKEW_MS })
  const deps = { ...desk.deps, gateway: { ...desk.gateway, read: async () => says(state) } }
  const press = () =>
    openPayment(deps, createAttemptReader(deps), {
      order: { cart: 'c1' },
      shown: null,
      returnTo: null,
      home: '/',
      lang: null,
      key: 'key-00000001',
      request: new Request('https://shop.example/ipay/orders', { method: 'POST' }),
    })
  return { desk, press }
}

const code = (expected: string) => (error: unknown) => error instanceof ProblemError && error.code === expected

describe('a word of the gateway that another clock, which is ahead, keeps from being taken', () => {
  for (const state of ['cancelled', 'failed', 'expired'] as const) {
    test(`E14: ${state}: the link is given to nobody, and the next one is opened when the clocks agree`, async () => {
      const { desk, press } = await pressAfter(state)
      await assert.rejects(press(), code('gateway-unavailable'))
      await desk.clock.advance(SKEW_MS + 1_000)
      const { created, reply } = await press()
      assert.equal(created, true)
      assert.notEqual(reply.reference, 'REF1')
    })
  }

  test('processing: the buyer is told that there is nothing to do', async () => {
    const { press } = await pressAfter('processing')
    await assert.rejects(press(), code('already-paid'))
  })

  test('created: the link is given out', async () => {
    const { press } = await pressAfter('created')
    assert.equal((await press()).reply.reference, 'REF1')
  })
})
