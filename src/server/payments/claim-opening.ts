import { moneyText, sameMoney } from '../../contract/money.ts'
import { ProblemError } from '../problem-error.ts'
import type { AttemptRow, PaymentRow, Rows } from '../store/port.ts'
import { askedText } from './asked.ts'
import type { Deps, Quote } from './deps.ts'
import { fingerprintOf, newId, newReference, newToken } from './ids.ts'
import { keyReused } from './key-use.ts'
import { nextCheckAt } from './schedule.ts'
import type { OpenInput } from './service.ts'

/**
 * A claim outlives the longest question to the gateway, so that as a rule only a dead holder's claim is taken over; a
 * buyer waits no longer than this for it. A holder that was merely slow notices, and gives its address to nobody.
 */
export const CLAIM_MS = 10_000

/**
 * What may be done for an open request at this moment.
 * `resume`: this attempt can be paid, hand its address out again. `ask`: whether this attempt can still be paid decides,
 * and only the gateway knows. `wait`: somebody else is opening one. `open`: the row of a new attempt is written, and this
 * request alone may ask the gateway.
 */
export type Decision =
  /** `keyAgeMs`: how long ago the same key asked first; a question that began since then has answered for it. */
  | ({ readonly kind: 'resume'; readonly keyAgeMs: number } & Found)
  | ({ readonly kind: 'ask' } & Found)
  /** `again`: the row was there, and its question may be repeated because the answer was lost. */
  | ({ readonly kind: 'open'; readonly again: boolean } & Found)
  | { readonly kind: 'wait' }
  /** Somebody noted another price since this request asked for it: the shop has to be asked again. */
  | { readonly kind: 'reprice' }
  /** Decided against, with something to remember: thrown once the transaction is committed. */
  | { readonly kind: 'problem'; readonly problem: ProblemError }

/** A payment and the attempt that the decision is about. */
export interface Found {
  readonly payment: PaymentRow
  readonly attempt: AttemptRow
}

/** States that say for certain that an attempt cannot be paid (any more). */
const UNPAYABLE: readonly AttemptRow['state'][] = ['cancelled', 'failed', 'expired', 'refused', 'void']

/**
 * Decides under the lock of the purchase, and writes the new attempt's row before anybody asks the gateway. Attempts
 * whose address nobody has are left to the reconciler and replaced.
 * @param isNew whether this is the first decision on this quote: only then it is the newest price that is known
 * @throws ProblemError `key-reused`, `already-paid`, `price-changed`
 */
export async function claimOpening(
  deps: Deps,
  rows: Rows,
  input: OpenInput,
  quote: Quote,
  isNew = true,
): Promise<Decision> {
  const now = deps.clock.now()
  const fingerprint = fingerprintOf(quote.purchaseId, input.order)
  const known = input.key === null ? undefined : await rows.key(input.key)
  if (known && known.fingerprint !== fingerprint) {
    throw keyReused()
  }
  const existing = await rows.paymentByPurchase(quote.purchaseId)
  const locked = existing && (await rows.lockPayment(existing.id))
  if (locked && !isNew && !sameMoney(priceOf(locked), quote.amount)) return { kind: 'reprice' }
  const current = locked && (await noted(rows, locked, input, quote, now))
  if (input.shown && !sameMoney(input.shown, quote.amount)) return { kind: 'problem', problem: priceChanged(quote) }
  const payment = current ?? (await newPayment(deps, rows, input, quote, now))

  const attempts = await rows.attempts(payment.id)
  const payable = attempts.findLast(
    (a) =>
      a.payment_url !== null &&
      (a.state === 'unresolved' || (sameMoney(priceOf(a), quote.amount) && !UNPAYABLE.includes(a.state))),
  )
  if (input.key !== null && !known) {
    const isFirst = await rows.insertKey({ key: input.key, fingerprint, payment_id: payment.id, created_at: now })
    // Somebody else sent the same new key in the same moment: it stands for what was written first.
    if (!isFirst && (await rows.key(input.key))?.fingerprint !== fingerprint) throw keyReused()
  }
  if (payable) {
    const alive = payable.state === 'created' && (payable.expires_at === null || now < payable.expires_at)
    if (!alive) return { kind: 'ask', payment, attempt: payable }
    return { kind: 'resume', keyAgeMs: known ? now - known.created_at : 0, payment, attempt: payable }
  }
  if (isClaimed(payment, now)) return { kind: 'wait' }
  const lost = deps.gateway.repeatsOpen && attempts.findLast((a) => isLost(a) && sameMoney(priceOf(a), quote.amount))
  if (lost) {
    await rows.updatePayment(payment.id, { claim: lost.id, claim_until: now + CLAIM_MS, updated_at: now })
    return { kind: 'open', again: true, payment: { ...payment, claim: lost.id }, attempt: lost }
  }
  // The caller's limit on new attempts: what it throws undoes this transaction.
  await input.beforeNew?.()
  return openingRow(deps, rows, payment, quote, (attempts.at(-1)?.number ?? 0) + 1, now)
}

/** Clocks of instances may differ; a claim that ends later than that allows is from before the clock was set back. */
const LONGEST_CLAIM_MS = CLAIM_MS + 60_000
const isClaimed = ({ claim, claim_until }: PaymentRow, now: number): boolean =>
  claim !== null && now < claim_until && claim_until <= now + LONGEST_CLAIM_MS

/** Whether the answer to an attempt's open request never reached us, so that nobody knows if there is an order. */
export const isLost = (attempt: AttemptRow): boolean => attempt.state === 'opening' && attempt.order_id === null

/**
 * Claims the purchase for repeating an attempt's question; undefined while somebody else is opening. Where a newer attempt
 * stands, the claim stays free: what the question finds is then watched, and its address given to nobody.
 */
export async function claimAgain(rows: Rows, attempt: AttemptRow, now: number): Promise<PaymentRow | undefined> {
  const payment = await rows.lockPayment(attempt.payment_id)
  if (!payment || isClaimed(payment, now)) return undefined
  const newest = (await rows.attempts(payment.id)).at(-1)
  const claim = newest?.id === attempt.id ? attempt.id : null
  await rows.updatePayment(payment.id, { claim, claim_until: claim ? now + CLAIM_MS : 0, updated_at: now })
  return { ...payment, claim }
}

const priceOf = ({ amount, currency }: AttemptRow | PaymentRow) => ({ minor: amount, currency })

const priceChanged = ({ amount }: Quote) =>
  new ProblemError('price-changed', 'The amount in `shown` is not the price of this order', {
    amount: moneyText(amount),
    currency: amount.currency,
  })

/** What an open request says of its purchase, as columns. */
const columnsOf = (input: OpenInput, quote: Quote) => ({
  amount: quote.amount.minor,
  currency: quote.amount.currency,
  description: quote.description,
  order_json: JSON.stringify(input.order),
  return_to: input.returnTo,
  lang: input.lang,
})

/**
 * Notes the shop's newest price and order, whatever becomes of this request: should an older attempt be paid at another
 * price, the payment is then held for a person instead of fulfilled.
 */
async function noted(rows: Rows, payment: PaymentRow, input: OpenInput, quote: Quote, now: number) {
  if (payment.state === 'paid' || payment.hold === 'paid-at-old-price') {
    throw new ProblemError('already-paid', 'There is nothing to pay for this purchase', { token: payment.token })
  }
  const columns = columnsOf(input, quote)
  const isNews = (Object.keys(columns) as (keyof typeof columns)[]).some((name) => columns[name] !== payment[name])
  if (!isNews) return payment
  await rows.updatePayment(payment.id, { ...columns, updated_at: now })
  return { ...payment, ...columns, updated_at: now }
}

/** The first request of a purchase writes its payment; of two at the same moment the second one finds the first's. */
async function newPayment(deps: Deps, rows: Rows, input: OpenInput, quote: Quote, now: number): Promise<PaymentRow> {
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

async function openingRow(
  deps: Deps,
  rows: Rows,
  payment: PaymentRow,
  quote: Quote,
  number: number,
  now: number,
): Promise<Decision> {
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
  return { kind: 'open', again: false, payment: { ...payment, claim: attempt.id }, attempt }
}
