import assert from 'node:assert/strict'
import { describe, test } from 'node:test'
import { openAttempt } from '../../../src/server/payments/open-attempt.ts'
import { settleAttempt } from '../../../src/server/payments/settle-attempt.ts'
import { ProblemError } from '../../../src/server/problem-error.ts'
import type { Store } from '../../../src/server/store/port.ts'
import { createDesk, type Desk, says } from './desk.ts'

/** The store as it is when the disk is full at the commit. */
const thatCannotCommit = ({ store }: Desk): Store => ({
  ...store,
  transaction: (work) =>
    store.transaction(async (rows) => {
      await work(rows)
      throw new ProblemError('unavailable')
    }),
})

const told = (desk: Desk) => desk.said.filter(([what]) => what === 'count' || what === 'log')

describe('what is logged and counted', () => {
  test('F11: a payment that could not be written down as paid is told of once it was', async () => {
    const desk = createDesk()
    await desk.payment()
    await desk.attempt()
    const settle = (store: Store) =>
      settleAttempt({ ...desk.deps, store }, 'a1', says('paid'), desk.clock.now(), 'reconcile')
    await assert.rejects(settle(thatCannotCommit(desk)))
    assert.deepEqual(told(desk), [])
    await settle(desk.store)
    assert.deepEqual(told(desk), [
      ['log', 'info', 'payment-paid', { reference: 'REF1', amount: '1250.00' }],
      ['count', 'ipay_payments_total', { outcome: 'paid' }],
    ])
  })

  test('F11: a card that was declined at once is counted once that is written down', async () => {
    const desk = createDesk()
    const payment = await desk.payment({ claim: 'a1', claim_until: desk.clock.now() + 10_000 })
    const attempt = await desk.attempt({ state: 'opening', order_id: null, payment_url: null, expires_at: null })
    const open = (store: Store) => {
      desk.gateway.onOpen({ reply: { kind: 'declined', orderId: 'IPAY-1', reason: 'declined', detail: 'HTTP 402' } })
      return openAttempt({ ...desk.deps, store }, payment, attempt)
    }
    await assert.rejects(open(thatCannotCommit(desk)))
    assert.deepEqual(told(desk), [])
    assert.equal((await open(desk.store)).kind, 'declined')
    assert.deepEqual(told(desk), [['count', 'ipay_declines_total', { reason: 'declined' }]])
  })
})
