import { moneyText } from '../../contract/money.ts'
import type { Change, Order, OrderState } from '../ledger/order.ts'
import { bangladeshTime } from './bangladesh-time.ts'

/**
 * Code and label of each state. Only 200 and its label are published by the gateway; the other numbers and labels are
 * assumptions that a shop can override by configuration.
 */
const CODES: Readonly<Record<OrderState, readonly [code: number, label: string]>> = {
  created: [100, 'Order created'],
  processing: [102, 'Processing'],
  authorized: [102, 'Processing'],
  paid: [200, 'Successfully paid'],
  cancelled: [300, 'Cancelled by member'],
  failed: [400, 'Payment failed'],
  expired: [408, 'Order expired'],
  error: [500, 'Internal error'],
}

/** The body of the status answer for an order that is seen at `change`. */
export function statusReply(order: Order, change: Change): Record<string, unknown> {
  const [statusCode, label] = CODES[change.state]
  const paid = change.state === 'paid'
  const words = change.reason && change.reason !== 'unknown' ? `: ${change.reason.replaceAll('-', ' ')}` : ''
  const reply: Record<string, unknown> = {
    statusCode,
    status: change.state === 'failed' ? `${label}${words}` : label,
    orderId: order.orderId,
    referenceId: order.referenceId,
    orderAmount: Number(moneyText(order.amount)),
    transactionId: paid ? (change.transactionId ?? null) : null,
    transactionTime: paid ? bangladeshTime(change.at) : null,
    ...change.answer,
  }
  for (const name of change.leaveOut ?? []) delete reply[name]
  return reply
}
