import type { AttemptRow, PaymentRow, Rows } from '../store/port.ts'

/**
 * A claim outlives the longest question to the gateway, so that as a rule only a dead holder's claim is taken over; a
 * buyer waits no longer than this for it. A holder that was merely slow notices, and gives its address to nobody.
 */
export const CLAIM_MS = 10_000

/** Clocks of instances may differ; a claim that ends later than that allows is from before the clock was set back. */
const LONGEST_CLAIM_MS = CLAIM_MS + 60_000

/** Whether somebody is opening at this moment. */
export const isClaimed = ({ claim, claim_until }: PaymentRow, now: number): boolean =>
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
