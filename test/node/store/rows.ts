import assert from 'node:assert/strict'
import type {
  AttemptRow,
  DeliveryRow,
  FlagRow,
  OperationRow,
  PaymentRow,
  Store,
} from '../../../src/server/store/port.ts'
import { newAttemptRow, newPaymentRow } from '../../support/new-rows.ts'

export const NOW = Date.UTC(2026, 10, 21, 12)
let made = 0
export const unique = (name: string) => {
  made += 1
  return `${name}-${made}`
}

/** A payment that no other test has. */
export const paymentRow = (more: Partial<PaymentRow> = {}): PaymentRow => ({
  ...newPaymentRow(NOW),
  id: unique('payment'),
  token: unique('token'),
  purchase_id: unique('cart'),
  description: 'Two mugs, দুটি মগ',
  return_to: '/thanks',
  ...more,
})

/** An attempt of it. */
export const attemptRow = (payment: PaymentRow, more: Partial<AttemptRow> = {}): AttemptRow => ({
  ...newAttemptRow(NOW),
  id: unique('attempt'),
  payment_id: payment.id,
  reference: unique('REF'),
  amount: payment.amount,
  currency: payment.currency,
  ...more,
})

export const deliveryRow = (payment: PaymentRow, more: Partial<DeliveryRow> = {}): DeliveryRow => ({
  payment_id: payment.id,
  next_try_at: NOW,
  tries: 0,
  lease: null,
  lease_until: 0,
  last_error: null,
  created_at: NOW,
  done_at: null,
  ...more,
})

export const flagRow = (payment: PaymentRow, more: Partial<FlagRow> = {}): FlagRow => ({
  id: unique('flag'),
  payment_id: payment.id,
  attempt_id: null,
  kind: 'paid-twice',
  detail: null,
  created_at: NOW,
  cleared_at: null,
  ...more,
})

export const operationRow = (
  payment: PaymentRow,
  attempt: AttemptRow,
  more: Partial<OperationRow> = {},
): OperationRow => ({
  id: unique('operation'),
  payment_id: payment.id,
  attempt_id: attempt.id,
  kind: 'refund',
  amount: 100,
  reason: null,
  state: 'started',
  detail: null,
  gateway_id: null,
  created_at: NOW,
  updated_at: NOW,
  ...more,
})

/** Writes a payment, with as many attempts as `attempts` has entries. */
export async function stored(store: Store, ...attempts: Partial<AttemptRow>[]) {
  const payment = paymentRow()
  const rows = attempts.map((more, i) => attemptRow(payment, { number: i + 1, ...more }))
  await store.transaction(async (tx) => {
    assert.equal(await tx.insertPayment(payment), true)
    for (const row of rows) await tx.insertAttempt(row)
  })
  return { payment, attempts: rows }
}

export class Refused extends Error {}

/** Rows of a database have no prototype: only what they hold counts. */
const plain = (value: unknown): unknown => JSON.parse(JSON.stringify(value ?? null))
export const same = (actual: unknown, expected: unknown) => assert.deepEqual(plain(actual), plain(expected))
