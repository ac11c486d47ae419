import assert from 'node:assert/strict'
import { describe, test } from 'node:test'
import { bdt } from '../../../../src/contract/money.ts'
import { fingerprintOf } from '../../../../src/server/payments/ids.ts'
import { ProblemError } from '../../../../src/server/problem-error.ts'
import type { Rows } from '../../../../src/server/store/port.ts'
import { createDesk } from '../desk.ts'
import { QUOTE } from '../press-input.ts'
import { decide, problem } from './claim.ts'

describe('the first press of a purchase', () => {
  test('writes the payment, its attempt, the claim and an audit line, and may ask the gateway', async () => {
    const desk = createDesk()
    const input = { order: { cart: 'c1' }, returnTo: '/thanks', lang: 'bn', key: 'key-1' }
    const decision = await decide(desk, { input, quote: { ...QUOTE, payer: { customer: 'cus_1' } } })
    const now = desk.openedAt
    const [payment] = desk.store.tables.payments.values()
    const [attempt] = desk.store.tables.attempts.values()
    assert.ok(payment && attempt)
    assert.deepEqual(payment, {
      id: payment.id,
      token: payment.token,
      purchase_id: 'c1',
      state: 'processing',
      amount: 125_000,
      currency: 'BDT',
      description: 'Two mugs',
      order_json: '{"cart":"c1"}',
      return_to: '/thanks',
      lang: 'bn',
      attempt_id: null,
      reason: null,
      transaction_id: null,
      paid_at: null,
      refunded: 0,
      hold: null,
      claim: attempt.id,
      claim_until: now + 10_000,
      version: 1,
      created_at: now,
      updated_at: now,
    })
    assert.deepEqual(attempt, {
      id: attempt.id,
      payment_id: payment.id,
      number: 1,
      gateway: 'scripted',
      reference: attempt.reference,
      amount: 125_000,
      currency: 'BDT',
      state: 'opening',
      order_id: null,
      payment_url: null,
      expires_at: null,
      reason: null,
      transaction_id: null,
      paid_at: null,
      refunded: 0,
      captured: null,
      read_at: 0,
      next_check_at: now + 15_000,
      checks: 0,
      lease: null,
      lease_until: 0,
      last_answer: null,
      asked: '{"description":"Two mugs","lang":"bn","payer":{"customer":"cus_1"}}',
      release: null,
      notified_as: null,
      news_at: null,
      created_at: now,
      updated_at: now,
    })
    const unclaimed = { ...payment, claim_until: 0, version: 0 }
    assert.deepEqual(decision, { kind: 'open', again: false, payment: unclaimed, attempt })
    assert.deepEqual(desk.audit(), [
      {
        payment_id: payment.id,
        attempt_id: attempt.id,
        at: now,
        cause: 'open',
        event: 'attempt-written',
        detail: '1250.00',
      },
    ])
    assert.deepEqual(
      [...desk.store.tables.keys.values()],
      [{ key: 'key-1', fingerprint: fingerprintOf('c1', input.order), payment_id: payment.id, created_at: now }],
    )
  })

  test('without a key none is looked up and none is kept', async () => {
    const desk = createDesk()
    await decide(desk, { rows: (rows) => ({ ...rows, key: () => assert.fail('a key was looked up') }) })
    assert.equal(desk.store.tables.keys.size, 0)
  })

  test('F13: another price than the one that was shown is remembered by nobody, and told with the amount', async () => {
    const desk = createDesk()
    const decision = await decide(desk, { input: { shown: bdt('1.00') } })
    assert.ok(decision.kind === 'problem' && decision.problem.code === 'price-changed')
    assert.deepEqual(decision.problem.extras, { amount: '1250.00', currency: 'BDT' })
    assert.equal(desk.store.tables.payments.size, 0)
    assert.equal((await decide(desk, { input: { shown: QUOTE.amount } })).kind, 'open')
  })

  test('the limit on new attempts is asked, and what it throws undoes everything', async () => {
    const desk = createDesk()
    const beforeNew = () => Promise.reject(new ProblemError('too-many-requests'))
    assert.equal((await problem(desk, { input: { beforeNew, key: 'key-1' } })).code, 'too-many-requests')
    assert.deepEqual([desk.store.tables.payments.size, desk.store.tables.keys.size], [0, 0])
  })

  /** As another process that writes the purchase's payment between our look and our write. */
  const beaten = (rows: Rows): Rows => {
    let looks = 0
    return {
      ...rows,
      insertPayment: async () => false,
      paymentByPurchase: async (id) => (looks++ === 0 ? undefined : rows.paymentByPurchase(id)),
    }
  }

  test('D6: of two at the same moment the second finds the payment of the first', async () => {
    const desk = createDesk()
    const payment = await desk.payment({ claim: 'a0', claim_until: desk.openedAt + 1, amount: 99_900 })
    assert.deepEqual(await decide(desk, { rows: beaten }), { kind: 'wait' })
    assert.deepEqual(desk.paymentSince(payment), { amount: 125_000 })
  })

  test('a payment that can be neither written nor read is a fault', async () => {
    const desk = createDesk()
    await assert.rejects(decide(desk, { rows: beaten }), { message: /neither written nor read/ })
    await desk.payment()
    const unlockable = (rows: Rows): Rows => ({ ...beaten(rows), lockPayment: async () => undefined })
    await assert.rejects(decide(desk, { rows: unlockable }), { message: /neither written nor read/ })
  })
})
