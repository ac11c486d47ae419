import type { PaymentState, Reason } from '../../contract/states.ts'
import type { AttemptRow, PaymentRow } from '../store/port.ts'

/** What the attempts of a payment, taken together, make of it. */
export interface Derived {
  readonly state: PaymentState
  readonly attempt_id: string | null
  readonly reason: Reason | null
  readonly transaction_id: string | null
  readonly paid_at: number | null
  readonly hold: string | null
}

/**
 * The state of a payment from its attempts, oldest first. Paid at the shop's newest price decides; paid at another
 * price holds the payment for a person; otherwise the newest attempt that still matters speaks, one at the newest price
 * before all others: nobody is to be sent to a link that the shop would hold the money of.
 */
export function derivePayment(
  payment: Pick<PaymentRow, 'amount' | 'currency'>,
  attempts: readonly AttemptRow[],
): Derived {
  const isRight = (a: AttemptRow) => a.amount === payment.amount && a.currency === payment.currency
  const paid = attempts.filter((attempt) => attempt.state === 'paid')
  const right = paid.find(isRight)
  if (right) return from(right, PUBLIC.paid, null)
  if (paid[0]) return from(paid[0], 'unresolved', 'paid-at-old-price')
  // An attempt whose address nobody has cannot be paid, so it neither holds nor speaks beside one that can.
  const payable = attempts.filter((attempt) => attempt.payment_url !== null)
  const held = payable.find((attempt) => attempt.state === 'unresolved')
  if (held) return from(held, 'unresolved', 'unknown-outcome')
  const newest = payable.findLast(isRight) ?? payable.at(-1) ?? attempts.at(-1)
  return newest ? from(newest, PUBLIC[newest.state], null) : NOTHING
}

const NOTHING: Derived = {
  state: 'processing',
  attempt_id: null,
  reason: null,
  transaction_id: null,
  paid_at: null,
  hold: null,
}

/** Our states of an attempt in the contract's words. */
const PUBLIC: Readonly<Record<AttemptRow['state'], PaymentState>> = {
  opening: 'processing',
  created: 'created',
  processing: 'processing',
  paid: 'paid',
  cancelled: 'cancelled',
  failed: 'failed',
  expired: 'expired',
  unresolved: 'unresolved',
  refused: 'failed',
  void: 'failed',
}

function from(attempt: AttemptRow, state: PaymentState, hold: string | null): Derived {
  const technical = attempt.state === 'refused' || attempt.state === 'void'
  return {
    state,
    attempt_id: attempt.id,
    reason: state !== 'failed' ? null : technical ? 'technical' : ((attempt.reason ?? 'unknown') as Reason),
    transaction_id: state === 'paid' ? attempt.transaction_id : null,
    paid_at: state === 'paid' ? attempt.paid_at : null,
    hold,
  }
}
