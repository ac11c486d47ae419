import { moneyText, sameMoney } from '../../contract/money.ts'
import { ProblemError } from '../problem-error.ts'
import type { AttemptRow, PaymentRow, Rows } from '../store/port.ts'
import type { Deps, Quote } from './deps.ts'
import { fingerprintOf } from './ids.ts'
import { keyReused } from './key-use.ts'
import { CLAIM_MS, isClaimed, isLost } from './opening-claim.ts'
import { type Found, newPayment, noted, openingRow } from './opening-rows.ts'
import type { OpenInput } from './service.ts'

/**
 * What may be done for an open request at this moment.
 * `resume`: this attempt can be paid, hand its address out again. `ask`: whether this attempt can still be paid decides,
 * and only the gateway knows. `recheck`: nothing stands in the way of a new attempt but that the newest one that ended may have
 * been paid since. `wait`: somebody else is opening one. `open`: the row of a new attempt is written, and this
 * request alone may ask the gateway.
 */
export type Decision =
  /** `keyAgeMs`: how long ago the same key asked first; a question that began since then has answered for it. */
  | ({ readonly kind: 'resume'; readonly keyAgeMs: number } & Found)
  | ({ readonly kind: 'ask' } & Found)
  | ({ readonly kind: 'recheck' } & Found)
  /** `again`: the row was there, and its question may be repeated because the answer was lost. */
  | ({ readonly kind: 'open'; readonly again: boolean } & Found)
  | { readonly kind: 'wait' }
  /** Somebody noted another price since this request asked for it: the shop has to be asked again. */
  | { readonly kind: 'reprice' }
  /** Decided against, with something to remember: thrown once the transaction is committed. */
  | { readonly kind: 'problem'; readonly problem: ProblemError }

/** States in which an attempt ended whose address is out: the gateway may take a payment all the same. */
const ENDED: readonly AttemptRow['state'][] = ['cancelled', 'failed', 'expired']
/** States that say for certain that an attempt cannot be paid (any more). */
const UNPAYABLE: readonly AttemptRow['state'][] = [...ENDED, 'refused', 'void']

/**
 * Decides under the lock of the purchase, and writes the new attempt's row before anybody asks the gateway. Attempts
 * whose address nobody has are left to the reconciler and replaced.
 * @param isNew whether this is the first decision on this quote: only then it is the newest price that is known
 * @param isAsked whether the gateway was asked about an attempt for this request already
 * @throws ProblemError `key-reused`, `already-paid`, `price-changed`
 */
export async function claimOpening(
  deps: Deps,
  rows: Rows,
  input: OpenInput,
  quote: Quote,
  isNew = true,
  isAsked: (attempt: AttemptRow) => boolean = () => false,
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
  const { name, repeatsOpen } = deps.gateway
  const lost =
    repeatsOpen && attempts.findLast((a) => isLost(a) && a.gateway === name && sameMoney(priceOf(a), quote.amount))
  if (lost) {
    await rows.updatePayment(payment.id, { claim: lost.id, claim_until: now + CLAIM_MS, updated_at: now })
    return { kind: 'open', again: true, payment: { ...payment, claim: lost.id }, attempt: lost }
  }
  const ended = attempts.findLast((a) => a.payment_url !== null && ENDED.includes(a.state) && a.gateway === name)
  if (ended && !isAsked(ended)) return { kind: 'recheck', payment, attempt: ended }
  // The caller's limit on new attempts: what it throws undoes this transaction.
  await input.beforeNew?.()
  const opening = await openingRow(deps, rows, payment, quote, (attempts.at(-1)?.number ?? 0) + 1, now)
  return { kind: 'open', again: false, ...opening }
}

const priceOf = ({ amount, currency }: AttemptRow | PaymentRow) => ({ minor: amount, currency })

const priceChanged = ({ amount }: Quote) =>
  new ProblemError('price-changed', 'The amount in `shown` is not the price of this order', {
    amount: moneyText(amount),
    currency: amount.currency,
  })
