import type { Money } from '../../contract/money.ts'
import { sameMoney } from '../../contract/money.ts'
import type { Reason } from '../../contract/states.ts'
import type { GatewayReading } from '../gateways/port.ts'
import type { AttemptState } from '../store/port.ts'

/** Why a person has to look at a payment. Stable: alarms and rows carry it. */
export type FlagKind =
  | 'amount-mismatch'
  | 'order-mismatch'
  | 'unknown-status'
  | 'gateway-error'
  | 'gateway-lost-order'
  | 'late-success'
  | 'paid-at-old-price'
  | 'paid-twice'
  | 'unresolved-after-24h'
  | 'gateway-refused'
  | 'unsafe-payment-url'
  | 'delivery-failing'
  | 'disputed'
  | 'refund-unknown'

/** What an attempt is before an answer is believed. */
export interface KnownAttempt {
  readonly state: AttemptState
  readonly reference: string
  readonly orderId: string | null
  readonly amount: Money
  readonly createdAt: number
  readonly expiresAt: number | null
  /** When the question was asked whose answer is the newest that was believed. */
  readonly readAt: number
}

/** What an answer does to an attempt: nothing, or a new state, with or without a flag. */
export type Verdict =
  | { readonly kind: 'keep'; readonly note?: string; readonly flag?: FlagKind }
  | { readonly kind: 'move'; readonly to: AttemptState; readonly reason: Reason | null; readonly flag?: FlagKind }

/** States that only a payment can leave. */
const ENDED: readonly AttemptState[] = ['cancelled', 'failed', 'expired', 'refused', 'void']
/** Within this time of the question a gateway that does not know an order may still be writing it down. */
export const IN_FLIGHT_MS = 60_000

const keep = (note?: string, flag?: FlagKind): Verdict => ({
  kind: 'keep',
  ...(note && { note }),
  ...(flag && { flag }),
})
const move = (to: AttemptState, flag?: FlagKind, reason: Reason | null = null): Verdict => ({
  kind: 'move',
  to,
  reason,
  ...(flag && { flag }),
})

/**
 * The one table that moves an attempt: pure, and the same for return visits, notifications, status questions and the
 * reconciler. Paid is never left; a late success wins and is flagged; an older answer never overrides a newer one;
 * anything that does not fit what we asked for is held, never guessed.
 * @param askedAt when the question was asked, milliseconds since 1970
 */
export function judge(attempt: KnownAttempt, reading: GatewayReading, askedAt: number): Verdict {
  if (attempt.state === 'paid') return afterPaid(attempt, reading)
  if (reading.kind === 'unreachable') {
    const overdue = attempt.expiresAt !== null && askedAt > attempt.expiresAt
    return overdue && attempt.state === 'created' ? move('processing') : keep()
  }
  if (reading.kind === 'absent') return judgeAbsent(attempt, askedAt)

  const odd = mismatch(attempt, reading)
  if (odd) return ENDED.includes(attempt.state) ? keep('mismatch', odd) : move('unresolved', odd)
  if (reading.state === 'paid') return move('paid', ENDED.includes(attempt.state) ? 'late-success' : undefined)
  if (askedAt < attempt.readAt) return keep('older-answer')
  if (ENDED.includes(attempt.state)) return keep(reading.state === attempt.state ? undefined : 'after-the-end')
  switch (reading.state) {
    case 'error':
      return move('unresolved', 'gateway-error')
    case 'unknown':
      return move('unresolved', 'unknown-status')
    case 'failed':
      return move('failed', undefined, reading.reason ?? 'unknown')
    default:
      return move(reading.state)
  }
}

function afterPaid(attempt: KnownAttempt, reading: GatewayReading): Verdict {
  if (reading.kind !== 'payment') return keep()
  const odd = mismatch(attempt, reading)
  if (odd) return keep('mismatch', odd)
  return keep(reading.state === 'paid' ? undefined : 'after-paid')
}

function judgeAbsent(attempt: KnownAttempt, askedAt: number): Verdict {
  if (ENDED.includes(attempt.state) || askedAt - attempt.createdAt < IN_FLIGHT_MS) return keep()
  if (attempt.state === 'opening') return move('void')
  return move('unresolved', 'gateway-lost-order')
}

/** What in an answer contradicts the order that we opened. An amount that the gateway leaves out proves nothing. */
function mismatch(attempt: KnownAttempt, reading: Extract<GatewayReading, { kind: 'payment' }>): FlagKind | undefined {
  if (reading.reference !== attempt.reference) return 'order-mismatch'
  if (attempt.orderId !== null && reading.orderId !== attempt.orderId) return 'order-mismatch'
  if (reading.amount && !sameMoney(reading.amount, attempt.amount)) return 'amount-mismatch'
  return undefined
}
