import { moneyText } from '../../contract/money.ts'
import type { GatewayReading } from '../gateways/port.ts'
import type { AttemptRow, PaymentRow, Rows } from '../store/port.ts'
import type { Deps } from './deps.ts'
import { type Derived, derivePayment } from './derive-payment.ts'
import { raiseFlag } from './flags.ts'
import {
  AFTER_ABSENCE_MS,
  isFromAnotherClock,
  isPlannedSince,
  nextCheckAt,
  nextNewsCheckAt,
  wasAway,
  watchEnd,
} from './schedule.ts'
import { carryNews, isOnTheWay, newsIn, untoldSince } from './side-news.ts'
import { storable, storableReading } from './storable.ts'
import { type FlagKind, judge } from './transition.ts'

/** Who asked: it stands in the audit trail. */
export type Cause = 'open' | 'return' | 'status' | 'reconcile' | 'notification' | 'operator'

/**
 * The one door to paid. Applies an answer that we read from the gateway ourselves to the attempt and its payment, with
 * flags, audit rows and, when the payment becomes paid, the row that will call the paid handler: one transaction.
 * @param askedAt when the question was asked, milliseconds since 1970
 */
export async function settleAttempt(
  deps: Deps,
  attemptId: string,
  reading: GatewayReading,
  askedAt: number,
  cause: Cause,
): Promise<void> {
  const kept = storableReading(reading)
  const settled = await deps.store.transaction((rows) => apply(deps, rows, attemptId, kept, askedAt, cause))
  // Only now: a commit that fails, or is repeated, must not be told of.
  if (settled.outcome) tellOutcome(deps, settled.outcome)
  deps.reached('after-settle-committed')
  if (settled.paid) deps.becamePaid()
  for (const { kind, reference } of settled.alarms) deps.telemetry.alarm(kind, { reference, cause })
}

interface Settled {
  readonly alarms: readonly { readonly kind: FlagKind; readonly reference: string }[]
  readonly paid: boolean
  /** What the payment became, where that is news. */
  readonly outcome?: Outcome | undefined
}

interface Outcome extends Pick<Derived, 'state' | 'reason'> {
  readonly attempt: AttemptRow
}

async function apply(
  deps: Deps,
  rows: Rows,
  attemptId: string,
  reading: GatewayReading,
  askedAt: number,
  cause: Cause,
): Promise<Settled> {
  const found = await rows.attempt(attemptId)
  const payment = found && (await rows.lockPayment(found.payment_id))
  const before = payment && (await rows.attempt(attemptId))
  if (!before) return { alarms: [], paid: false }
  const now = deps.clock.now()
  const verdict = judge(knownOf(before, now), reading, askedAt)
  const flags: FlagKind[] = verdict.flag ? [verdict.flag] : []

  const after: AttemptRow = { ...before, ...changesBy(before, reading, askedAt, now) }
  if (verdict.kind === 'move') {
    after.state = verdict.to
    after.reason = verdict.reason
  }
  // Only what was believed to be paid has a transaction: an answer that is held for a person leaves none behind.
  if (after.state === 'paid' && before.state !== 'paid' && reading.kind === 'payment') {
    after.transaction_id = reading.transactionId
    after.paid_at = reading.paidAt ?? now
  }
  after.news_at = untoldSince(before, after, reading, askedAt, now)
  const watched = { createdAt: after.created_at, expiresAt: after.expires_at, followed: isOnTheWay(after) }
  const isOver = now >= watchEnd(watched) && isOpen(after)
  const isAskedAgain = isOver && wasAway(before.updated_at, now)
  if (isOver && !isAskedAgain) {
    after.state = 'unresolved'
    if (after.payment_url) flags.push('unresolved-after-24h')
  }
  const silence = reading.kind === 'unreachable' && { silentSince: Math.max(before.read_at, before.created_at) }
  if (!isPlannedSince(before.next_check_at, askedAt, now)) {
    after.next_check_at = isAskedAgain
      ? now + AFTER_ABSENCE_MS
      : (nextCheckAt({ state: after.state, ...watched, ...silence }, now) ?? nextNewsCheckAt(after.news_at, now))
  }
  const { id, ...columns } = after
  await rows.updateAttempt(id, columns)

  const detail = reading.kind === 'unreachable' ? reading.detail : reading.raw
  let outcome: Outcome | undefined
  if (after.state !== before.state) {
    await rows.audit({
      payment_id: payment.id,
      attempt_id: id,
      at: now,
      cause,
      event: `${before.state} -> ${after.state}`,
      detail,
    })
    const carried = await settlePayment(rows, payment, after, now)
    flags.push(...carried.flags)
    outcome = carried.outcome
  } else if (verdict.kind === 'keep' && verdict.note) {
    await rows.audit({ payment_id: payment.id, attempt_id: id, at: now, cause, event: `kept: ${verdict.note}`, detail })
  }
  flags.push(...(await carryNews(rows, { payment, before, after, reading, now, cause })))
  const alarms: Settled['alarms'][number][] = []
  for (const kind of flags) {
    if (await raiseFlag(rows, { payment, attempt: after, kind, now, detail: after.last_answer })) {
      alarms.push({ kind, reference: after.reference })
    }
  }
  return { alarms, paid: after.state === 'paid' && before.state !== 'paid', outcome }
}

/** When the newest answer that was believed was asked for, as far as today's clock can tell. */
const readAtOf = (row: AttemptRow, now: number) => (isFromAnotherClock(row.read_at, now) ? 0 : row.read_at)

/** A row as the table of transitions takes it. */
export const knownOf = (row: AttemptRow, now: number) => ({
  state: row.state,
  reference: row.reference,
  orderId: row.order_id,
  amount: { minor: row.amount, currency: row.currency },
  createdAt: row.created_at,
  expiresAt: row.expires_at,
  readAt: readAtOf(row, now),
})

const isOpen = (attempt: AttemptRow) =>
  attempt.state === 'opening' || attempt.state === 'created' || attempt.state === 'processing'

/** What an answer says beside the state. What belongs to another order, or is older than what we know, is not taken. */
function changesBy(before: AttemptRow, reading: GatewayReading, askedAt: number, now: number): Partial<AttemptRow> {
  const changes: Partial<AttemptRow> = { checks: before.checks + 1, lease: null, lease_until: 0, updated_at: now }
  if (reading.kind === 'unreachable') return changes
  const newest = askedAt >= readAtOf(before, now)
  if (newest) changes.read_at = askedAt
  if (newest) changes.last_answer = reading.raw.slice(0, 500)
  if (reading.kind !== 'payment' || reading.reference !== before.reference) return changes
  if (before.order_id === null) changes.order_id = storable(reading.orderId)
  return newest ? { ...changes, ...newsIn(before, reading) } : changes
}

/** Carries an attempt's new state over to its payment, and writes the delivery when that makes it paid. */
async function settlePayment(
  rows: Rows,
  payment: PaymentRow,
  attempt: AttemptRow,
  now: number,
): Promise<{ flags: FlagKind[]; outcome?: Outcome }> {
  if (payment.state === 'paid') return { flags: attempt.state === 'paid' ? ['paid-twice'] : [] }
  const attempts = await rows.attempts(payment.id)
  const derived = derivePayment(payment, attempts)
  const refunded = attempts.find(({ id }) => id === derived.attempt_id)?.refunded ?? 0
  await rows.updatePayment(payment.id, { ...derived, refunded, updated_at: now })
  const flags: FlagKind[] = []
  if (derived.hold === 'paid-at-old-price' && attempt.state === 'paid') flags.push('paid-at-old-price')
  if (attempt.state === 'paid' && attempts.filter((other) => other.state === 'paid').length > 1)
    flags.push('paid-twice')
  if (derived.state === 'paid') {
    await rows.insertDelivery({
      payment_id: payment.id,
      next_try_at: now,
      tries: 0,
      lease: null,
      lease_until: 0,
      last_error: null,
      created_at: now,
      done_at: null,
    })
  }
  return { flags, ...(derived.state !== payment.state && { outcome: { ...derived, attempt } }) }
}

function tellOutcome(deps: Deps, { state, reason, attempt }: Outcome): void {
  const { reference, amount: minor, currency } = attempt
  if (state === 'paid')
    deps.telemetry.log('info', 'payment-paid', { reference, amount: moneyText({ minor, currency }) })
  deps.telemetry.count('ipay_payments_total', { outcome: state })
  // Only what failed has a reason.
  if (reason !== null) deps.telemetry.count('ipay_declines_total', { reason })
}
