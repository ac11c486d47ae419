import assert from 'node:assert/strict'
import { test } from 'node:test'
import { settleAttempt } from '../../../../src/server/payments/settle-attempt.ts'
import { createDesk, says } from '../desk.ts'

test('F20: what was given back of a payment held at an old price stays told when another attempt of it ends', async () => {
  const desk = createDesk()
  const old = { amount: 100_000, refunded: 100_000, state: 'paid', next_check_at: null } as const
  await desk.payment({ state: 'unresolved', hold: 'paid-at-old-price', refunded: 100_000 })
  await desk.attempt(old)
  await desk.attempt({ id: 'a2', number: 2, reference: 'REF2', order_id: 'IPAY-2' })
  await desk.clock.advance(60_000)
  const ended = says('expired', { reference: 'REF2', orderId: 'IPAY-2' })
  await settleAttempt(desk.deps, 'a2', ended, desk.clock.now(), 'reconcile')
  assert.equal(desk.store.tables.attempts.get('a2')?.state, 'expired')
  assert.equal(desk.store.tables.payments.get('p1')?.refunded, 100_000)
})
