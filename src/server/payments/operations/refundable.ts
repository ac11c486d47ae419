import type { Money } from '../../../contract/money.ts'
import type { AttemptRow, OperationRow } from '../../store/port.ts'
import { isOpenOperation, OperationError } from './operation.ts'

const sum = (rows: readonly OperationRow[]) => rows.reduce((total, { amount }) => total + (amount ?? 0), 0)

/** What our own refunds gave back for certain, in minor units. */
export const refundedByUs = (refunds: readonly OperationRow[]): number =>
  sum(refunds.filter(({ state }) => state === 'done'))

/**
 * How much of an attempt can still be given back, in minor units. Refunds made elsewhere count as the gateway reported
 * them; one whose outcome is not known counts as given, so that the sum never exceeds what was captured.
 */
export function refundable(attempt: AttemptRow, refunds: readonly OperationRow[]): number {
  const given = Math.max(attempt.refunded, refundedByUs(refunds))
  return (attempt.captured ?? attempt.amount) - given - sum(refunds.filter(isOpenOperation))
}

/**
 * The amount of a refund in minor units.
 * @throws OperationError `invalid` for another currency or no positive integer, `too-much` beyond what is left
 */
export function refundAmount(attempt: AttemptRow, refunds: readonly OperationRow[], wanted: Money | undefined): number {
  if (wanted && wanted.currency !== attempt.currency) {
    throw new OperationError('invalid', `This payment is in ${attempt.currency}`)
  }
  const left = refundable(attempt, refunds)
  const minor = wanted?.minor ?? left
  if (wanted && (!Number.isSafeInteger(minor) || minor <= 0)) {
    throw new OperationError('invalid', 'A refund is a positive amount in minor units')
  }
  if (minor > left || minor <= 0) throw new OperationError('too-much', 'More than is left of what was captured')
  return minor
}
