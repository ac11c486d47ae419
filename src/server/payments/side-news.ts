import { moneyText } from '../../contract/money.ts'
import type { Release } from '../../contract/schemas.ts'
import type { GatewayReading } from '../gateways/port.ts'
import type { AttemptRow, PaymentRow, Rows } from '../store/port.ts'
import { isFromAnotherClock } from './schedule.ts'
import type { FlagKind } from './transition.ts'

type PaymentReading = Extract<GatewayReading, { kind: 'payment' }>

/** What an answer says beside the state: money given back, money captured, the parcel. Refunds never become fewer. */
export function newsIn(before: AttemptRow, { refunded, captured, release }: PaymentReading): Partial<AttemptRow> {
  const sum = refunded?.currency === before.currency ? refunded.minor : 0
  return {
    ...(sum > before.refunded && { refunded: sum }),
    ...(captured?.currency === before.currency && { captured: captured.minor }),
    ...(release !== undefined && { release: release === null ? null : JSON.stringify(release) }),
  }
}

const ON_THE_WAY: readonly Release['state'][] = ['waiting', 'authorized', 'returning']

export const releaseOf = ({ release }: Pick<AttemptRow, 'release'>): Release | undefined =>
  release === null ? undefined : JSON.parse(release)

/** Whether a parcel is still moving, so that a paid order has more news to come. */
export function isOnTheWay(attempt: AttemptRow): boolean {
  const release = releaseOf(attempt)
  return attempt.state === 'paid' && release !== undefined && ON_THE_WAY.includes(release.state)
}

/**
 * Since when there is news that is still to be told, once this answer is written down; null when there is none. What a
 * notification announced is told by a whole answer that was asked for after it. An answer that makes an order paid and leaves
 * something open is believed, and the rest is news.
 */
export function untoldSince(
  before: AttemptRow,
  after: AttemptRow,
  reading: GatewayReading,
  askedAt: number,
  now: number,
): number | null {
  // Of an hour that is still to come nobody could ask for later: any answer tells it.
  const since = before.news_at === null ? null : isFromAnotherClock(before.news_at, now) ? askedAt : before.news_at
  const isWhole = reading.kind === 'absent' || (reading.kind === 'payment' && !reading.incomplete)
  if (isWhole) return since !== null && askedAt < since ? since : null
  const isNewlyPaid = after.state === 'paid' && before.state !== 'paid'
  return since ?? (isNewlyPaid ? askedAt : null)
}

/** Carries such news over to the payment and into the audit trail. Returns what a person has to look at. */
export async function carryNews(
  rows: Rows,
  news: {
    readonly payment: PaymentRow
    readonly before: AttemptRow
    readonly after: AttemptRow
    readonly reading: GatewayReading
    readonly now: number
    readonly cause: string
  },
): Promise<FlagKind[]> {
  const { payment, before, after, reading, now, cause } = news
  const audit = (event: string, detail: string | null) =>
    rows.audit({ payment_id: payment.id, attempt_id: after.id, at: now, cause, event, detail })
  const hasRefund = after.refunded !== before.refunded
  const hasMoved = after.release !== before.release
  if (hasRefund) await audit('refunded', moneyText({ minor: after.refunded, currency: after.currency }))
  if (hasMoved) await audit('release', after.release)
  if (hasRefund || hasMoved) {
    const speaks = (payment.attempt_id ?? after.id) === after.id
    await rows.updatePayment(payment.id, { ...(speaks && { refunded: after.refunded }), updated_at: now })
  }
  const isOurs = reading.kind === 'payment' && reading.reference === after.reference
  return isOurs && reading.disputed ? ['disputed'] : []
}
