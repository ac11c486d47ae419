import assert from 'node:assert/strict'
import { describe, test } from 'node:test'
import { derivePayment } from '../../../src/server/payments/derive-payment.ts'
import type { AttemptRow, AttemptState } from '../../../src/server/store/port.ts'
import { newAttemptRow } from '../../support/new-rows.ts'

const price = { amount: 1_000, currency: 'BDT' }

let made = 0
function attempt(state: AttemptState, more: Partial<AttemptRow> = {}): AttemptRow {
  made += 1
  return {
    ...newAttemptRow(0),
    id: `a${made}`,
    number: made,
    reference: `REF${made}`,
    ...price,
    state,
    order_id: `IPAY-${made}`,
    payment_url: `https://demo.ipay.com.bd/pay/${made}`,
    transaction_id: state === 'paid' ? `T-${made}` : null,
    paid_at: state === 'paid' ? made : null,
    next_check_at: null,
    ...more,
  }
}

const states = (...attempts: AttemptRow[]) => {
  const { state, hold, attempt_id } = derivePayment(price, attempts)
  return { state, hold, attempt_id }
}

describe('what its attempts make of a payment', () => {
  test('without an attempt it is processing', () => {
    assert.deepEqual(states(), { state: 'processing', hold: null, attempt_id: null })
  })

  const single: readonly (readonly [AttemptState, string, string | null])[] = [
    ['opening', 'processing', null],
    ['created', 'created', null],
    ['processing', 'processing', null],
    ['paid', 'paid', null],
    ['cancelled', 'cancelled', null],
    ['failed', 'failed', 'unknown'],
    ['expired', 'expired', null],
    ['unresolved', 'unresolved', null],
    ['refused', 'failed', 'technical'],
    ['void', 'failed', 'technical'],
  ]
  for (const [state, word, reason] of single) {
    test(`one attempt that is ${state} makes it ${word}`, () => {
      const only = attempt(state)
      const derived = derivePayment(price, [only])
      assert.deepEqual([derived.state, derived.reason, derived.attempt_id], [word, reason, only.id])
      assert.equal(derived.transaction_id, state === 'paid' ? only.transaction_id : null)
      assert.equal(derived.paid_at, state === 'paid' ? only.paid_at : null)
    })
  }

  test('the newest attempt whose address is out speaks', () => {
    const [old, fresh] = [attempt('expired'), attempt('created')]
    assert.deepEqual(states(old, fresh), { state: 'created', hold: null, attempt_id: fresh.id })
    const lost = attempt('opening', { payment_url: null })
    assert.deepEqual(states(old, fresh, lost), { state: 'created', hold: null, attempt_id: fresh.id })
    assert.deepEqual(states(lost), { state: 'processing', hold: null, attempt_id: lost.id })
  })

  test('F13: of those whose address is out, the newest at the present price speaks first', () => {
    for (const other of [{ amount: 999 }, { currency: 'USD' }]) {
      const [right, dearer] = [attempt('created'), attempt('created', other)]
      assert.deepEqual(states(right, dearer), { state: 'created', hold: null, attempt_id: right.id })
      const next = attempt('processing')
      assert.deepEqual(states(right, dearer, next), { state: 'processing', hold: null, attempt_id: next.id })
      const unseen = attempt('opening', { payment_url: null })
      assert.deepEqual(states(dearer, unseen), { state: 'created', hold: null, attempt_id: dearer.id })
      const held = attempt('unresolved', other)
      assert.deepEqual(states(right, held), { state: 'unresolved', hold: 'unknown-outcome', attempt_id: held.id })
    }
  })

  test('F20: paid at the present price decides, whichever attempt it was', () => {
    const [old, fresh] = [attempt('paid'), attempt('failed')]
    assert.deepEqual(states(old, fresh), { state: 'paid', hold: null, attempt_id: old.id })
    const twice = [attempt('paid'), attempt('paid')] as const
    assert.deepEqual(states(...twice), { state: 'paid', hold: null, attempt_id: twice[0].id })
  })

  test('F13: paid at another price, or in another currency, is held for a person', () => {
    for (const other of [{ amount: 999 }, { amount: 1_001 }, { currency: 'USD' }]) {
      const [old, fresh] = [attempt('paid', other), attempt('created')]
      assert.deepEqual(states(old, fresh), { state: 'unresolved', hold: 'paid-at-old-price', attempt_id: old.id })
      const held = derivePayment(price, [old, fresh])
      assert.deepEqual([held.transaction_id, held.paid_at, held.reason], [null, null, null])
      const right = attempt('paid')
      assert.deepEqual(states(old, right), { state: 'paid', hold: null, attempt_id: right.id })
    }
  })

  test('an attempt that may have been paid holds the payment, whatever became of later ones', () => {
    const [held, fresh] = [attempt('unresolved'), attempt('cancelled')]
    assert.deepEqual(states(held, fresh), { state: 'unresolved', hold: 'unknown-outcome', attempt_id: held.id })
    const unseen = attempt('unresolved', { payment_url: null })
    assert.deepEqual(states(unseen), { state: 'unresolved', hold: null, attempt_id: unseen.id })
    assert.deepEqual(states(unseen, fresh), { state: 'cancelled', hold: null, attempt_id: fresh.id })
  })

  test('a reason is told for failed only', () => {
    assert.equal(derivePayment(price, [attempt('failed', { reason: 'declined' })]).reason, 'declined')
    assert.equal(derivePayment(price, [attempt('cancelled', { reason: 'declined' })]).reason, null)
  })
})
