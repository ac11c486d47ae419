import { moneyText } from '../../../contract/money.ts'
import type { WriteOutcome } from '../../gateways/port.ts'
import type { OperationRow, Rows } from '../../store/port.ts'
import type { Deps } from '../deps.ts'
import { raiseFlag } from '../flags.ts'
import { isOpenOperation } from './operation.ts'
import { refundedByUs } from './refundable.ts'

/** After this long an operation of which nobody knows the outcome is left to a person. */
const GIVE_UP_MS = 24 * 3_600_000

type RecordDeps = Pick<Deps, 'store' | 'clock' | 'telemetry'>

const STATES = { done: 'done', refused: 'refused', unknown: 'unknown' } as const

/** Writes what a gateway made of an operation: row, totals, audit and flag in one transaction. Returns the row as it is. */
export async function recordOperation(
  deps: RecordDeps,
  row: OperationRow,
  outcome: WriteOutcome,
): Promise<OperationRow> {
  const { after, alarm } = await deps.store.transaction((rows) => record(deps, rows, row.id, outcome))
  deps.telemetry.count('ipay_operations_total', { kind: row.kind, outcome: after.state })
  if (alarm) deps.telemetry.alarm('refund-unknown', { reference: alarm, kind: row.kind })
  return after
}

async function record(deps: RecordDeps, rows: Rows, id: string, outcome: WriteOutcome) {
  const now = deps.clock.now()
  const found = await rows.operation(id)
  const payment = found && (await rows.lockPayment(found.payment_id))
  const before = payment && (await rows.operation(id))
  const attempt = before && (await rows.attempt(before.attempt_id))
  if (!attempt) throw new Error('The payment of this operation is gone')
  // Known for good: whoever asked later, or more slowly, has nothing to add.
  if (!isOpenOperation(before)) return { after: before, alarm: undefined }
  const isGivenUp = outcome.kind === 'unknown' && now - before.created_at >= GIVE_UP_MS
  const after: OperationRow = {
    ...before,
    state: isGivenUp ? 'unresolved' : STATES[outcome.kind],
    gateway_id: outcome.kind === 'done' ? outcome.id : before.gateway_id,
    detail: outcome.kind === 'done' ? null : outcome.detail,
    updated_at: now,
  }
  const { id: _, ...columns } = after
  await rows.updateOperation(id, columns)
  if (after.state !== before.state) {
    const amount = moneyText({ minor: after.amount ?? 0, currency: attempt.currency })
    const event = `${after.kind}: ${after.state}`
    const detail = [amount, after.reason, after.detail].filter(Boolean).join(' · ')
    await rows.audit({ payment_id: payment.id, attempt_id: attempt.id, at: now, cause: 'operator', event, detail })
  }

  if (after.kind === 'refund' && after.state === 'done') {
    const all = (await rows.operations(payment.id)).filter((other) => other.attempt_id === attempt.id)
    const refunded = Math.max(attempt.refunded, refundedByUs(all.filter(({ kind }) => kind === 'refund')))
    await rows.updateAttempt(attempt.id, { refunded, updated_at: now })
    const speaks = payment.attempt_id === attempt.id
    await rows.updatePayment(payment.id, { ...(speaks && { refunded }), updated_at: now })
  }
  const flag = { kind: 'refund-unknown', about: after.id } as const
  if (outcome.kind === 'unknown') {
    const isNews = await raiseFlag(rows, { ...flag, payment, attempt, now, detail: after.detail })
    return { after, alarm: isNews ? attempt.reference : undefined }
  }
  await rows.clearFlag(`${flag.about}:${flag.kind}`, now)
  return { after, alarm: undefined }
}
