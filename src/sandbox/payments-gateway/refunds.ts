import type { Clock } from '../clock.ts'
import { latest } from '../ledger/order.ts'
import { badField, wrongStatus } from '../rest/api-error.ts'
import { amountOf, type Fields, metadataOf, oneOf, requiredText } from '../rest/fields.ts'
import { newId } from '../rest/ids.ts'
import type { Payments } from './payments.ts'
import type { Records, RefundRecord } from './records.ts'
import { capturedOf } from './views.ts'

export const REFUND_REASONS = [
  'duplicate',
  'fraudulent',
  'requested_by_customer',
  'order_canceled',
  'product_not_received',
  'product_not_as_described',
] as const

/** `POST /refunds`: gives back `amount`, or all that is left. Throws ApiError for more than was captured. */
export function createRefund(fields: Fields, payments: Payments, records: Records, clock: Clock): RefundRecord {
  const payment = payments.get(requiredText(fields, 'payment'))
  const { order, record } = payment
  const status = payments.status(payment)
  if (status !== 'succeeded') throw wrongStatus('refunded', status)
  const left = capturedOf(order, record, latest(order)) - record.refunded
  const amount = amountOf(fields) ?? left
  if (amount > left || left === 0) throw badField('amount', `is more than the ${left} that can be refunded`)
  const reason = fields['reason'] === undefined ? null : oneOf(fields, 'reason', REFUND_REASONS, null)
  const { currency } = order.amount
  const id = newId('re')
  const refund = { id, payment: record.id, amount, currency, reason, metadata: metadataOf(fields), at: clock.now() }
  payments.addRefund(record.id, amount)
  return records.refunds.put(id, refund)
}
