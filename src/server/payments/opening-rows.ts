import { moneyText } from '../../contract/money.ts'
import { ProblemError } from '../problem-error.ts'
import type { AttemptRow, PaymentRow, Rows } from '../store/port.ts'
import { askedText } from './asked.ts'
import type { Deps, Quote } from './deps.ts'
import { derivePayment } from './derive-payment.ts'
import { newId, newReference, newToken } from './ids.ts'
import { CLAIM_MS } from './opening-claim.ts'
import { nextCheckAt } from './schedule.ts'
import type { OpenInput } from './service.ts'

/** A payment and the attempt that a decision is about. */
export interface Found {
  readonly payment: PaymentRow
  readonly attempt: AttemptRow
}

/** What an open request says of its purchase, as columns. A place or language that an earlier one named stays until another is. */
const columnsOf = (input: OpenInput, quote: Quote, known?: PaymentRow) => ({
  amount: quote.amount.minor,
  currency: quote.amount.currency,
  description: quote.description,
  order_json: JSON.stringify(input.order),
  return_to: input.returnTo ?? known?.return_to ?? input.home,
  lang: input.lang ?? known?.lang ?? null,
})

/**
 * Notes the shop's newest price and order, whatever becomes of this request: should an older attempt be paid at another
 * price, the payment is then held for a person instead of fulfilled.
 */
export async function noted(rows: Rows, payment: PaymentRow, input: OpenInput, quote: Quote, now: number) {
  if (payment.state === 'paid' || payment.hold === 'paid-at-old-price') {
    throw new ProblemError('already-paid', 'There is nothing to pay for this purchase', { token: payment.token })
  }
  const columns = columnsOf(input, quote, payment)
  const isNews = (Object.keys(columns) as (keyof typeof columns)[]).some((name) => columns[name] !== payment[name])
  if (!isNews) return payment
  // Another price may be another attempt's to speak for: the status tells what this press is going to be told.
  const isSamePrice = columns.amount === payment.amount && columns.currency === payment.currency
  const attempts = isSamePrice ? [] : await rows.attempts(payment.id)
  const isOut = attempts.some((attempt) => attempt.payment_url !== null)
  const changes = { ...columns, ...(isOut && derivePayment(columns, attempts)), updated_at: now }
  await rows.updatePayment(payment.id, changes)
  return { ...payment, ...changes }
}

/** The first request of a purchase writes its payment; of two at the same moment the second one finds the first's. */
export async function newPayment(
  deps: Deps,
  rows: Rows,
  input: OpenInput,
  quote: Quote,
  now: number,
): Promise<PaymentRow> {
  const row: PaymentRow = {
    id: newId(deps.random),
    token: newToken(deps.random),
    purchase_id: quote.purchaseId,
    state: 'processing',
    ...columnsOf(input, quote),
    attempt_id: null,
    reason: null,
    transaction_id: null,
    paid_at: null,
    refunded: 0,
    hold: null,
    claim: null,
    claim_until: 0,
    version: 0,
    created_at: now,
    updated_at: now,
  }
  if (await rows.insertPayment(row)) return row
  const other = await rows.paymentByPurchase(quote.purchaseId)
  const locked = other && (await rows.lockPayment(other.id))
  if (!locked) throw new Error('The payment of this purchase can be neither written nor read')
  return noted(rows, locked, input, quote, now)
}

/** Writes the row of attempt `number`, claims the purchase for it, and notes both. */
export async function openingRow(
  deps: Deps,
  rows: Rows,
  payment: PaymentRow,
  quote: Quote,
  number: number,
  now: number,
): Promise<Found> {
  const attempt: AttemptRow = {
    id: newId(deps.random),
    payment_id: payment.id,
    number,
    gateway: deps.gateway.name,
    reference: newReference(deps.random),
    amount: quote.amount.minor,
    currency: quote.amount.currency,
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
    next_check_at: nextCheckAt({ state: 'opening', createdAt: now, expiresAt: null }, now + CLAIM_MS),
    checks: 0,
    lease: null,
    lease_until: 0,
    last_answer: null,
    asked: askedText({ description: quote.description, lang: payment.lang, payer: quote.payer }),
    release: null,
    notified_as: null,
    news_at: null,
    created_at: now,
    updated_at: now,
  }
  await rows.insertAttempt(attempt)
  await rows.updatePayment(payment.id, { claim: attempt.id, claim_until: now + CLAIM_MS, updated_at: now })
  await rows.audit({
    payment_id: payment.id,
    attempt_id: attempt.id,
    at: now,
    cause: 'open',
    event: 'attempt-written',
    detail: moneyText(quote.amount),
  })
  return { payment: { ...payment, claim: attempt.id }, attempt }
}
