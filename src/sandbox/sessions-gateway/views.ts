import { moneyText, parseMoney } from '../../contract/money.ts'
import { type Change, latest, type OrderState } from '../ledger/order.ts'
import type { ReturnRecord, ShopOrderRecord } from './records.ts'
import type { Returns } from './returns.ts'
import type { Session, ShopOrders } from './shop-orders.ts'

export const instant = (at: number): string => new Date(at).toISOString()

/** The `status` of a payment session, and what the payment provider behind it says. */
const STATUSES: Readonly<Record<OrderState, readonly [session: string, provider: string]>> = {
  created: ['requested', 'pending'],
  processing: ['processing', 'pending'],
  authorized: ['processing', 'authorized'],
  paid: ['confirmed', 'succeeded'],
  cancelled: ['cancelled', 'cancelled'],
  failed: ['failed', 'declined'],
  expired: ['expired', 'expired'],
  error: ['failed', 'error'],
}

/** A payment session as the API shows it, seen at `change`. `origin` is that of the payment page. */
export function sessionView({ order, record }: Session, origin: string, change: Change = latest(order)) {
  const [status, provider] = STATUSES[change.state]
  const open = change.state === 'created'
  const { orderAmount, ...answer } = change.answer ?? {}
  const odd = orderAmount === undefined ? undefined : parseMoney(String(orderAmount), order.amount.currency)
  const view: Record<string, unknown> = {
    id: record.id,
    object: 'payment_session',
    order_id: record.orderId,
    reference: record.reference,
    merchant_reference: order.referenceId,
    status,
    amount: moneyText(order.amount),
    currency: order.amount.currency,
    provider: { name: 'mock', status: provider },
    failure_reason: change.state === 'error' ? 'technical' : (change.reason ?? null),
    transaction_id: change.state === 'paid' ? (change.transactionId ?? null) : null,
    confirmed_at: change.state === 'paid' ? instant(change.at) : null,
    url: open ? `${origin}/pay/${record.id}` : null,
    created_at: instant(order.createdAt),
    expires_at: instant(order.expiresAt),
    ...(orderAmount !== undefined && { amount: odd ? moneyText(odd) : orderAmount }),
    ...answer,
  }
  for (const name of change.leaveOut ?? []) delete view[name === 'orderAmount' ? 'amount' : name]
  return view
}

/** Steps of a payment session, oldest first. */
export const sessionEvents = ({ order, record }: Session) =>
  order.history.map((change, index) => ({
    id: `${record.id}_${index + 1}`,
    status: STATUSES[change.state][0],
    provider_status: STATUSES[change.state][1],
    reason: change.reason ?? null,
    at: instant(change.at),
  }))

/** May the parcel be handed over? */
export function releaseView(order: ShopOrderRecord, paid: Change | undefined) {
  return {
    order_id: order.id,
    authorized: paid !== undefined,
    authorized_at: paid ? instant(paid.at) : null,
    method: order.handover,
    released_at: instantOf(order, 'released'),
  }
}

function instantOf(order: ShopOrderRecord, scan: string): string | null {
  const found = order.scans.findLast((one) => one.scan === scan)
  return found ? instant(found.at) : null
}

/** An order as the API shows it. */
export function shopOrderView(order: ShopOrderRecord, orders: ShopOrders, returns: Returns) {
  const paid = orders.paid(order.id)
  const refunded = returns.refunded(order.id)
  return {
    id: order.id,
    object: 'order',
    external_id: order.externalId,
    amount: moneyText(order.amount),
    currency: order.amount.currency,
    amount_refunded: moneyText({ ...order.amount, minor: refunded }),
    description: order.description,
    carrier: order.carrier,
    handover: order.handover,
    metadata: order.metadata,
    payment_status: paid ? 'confirmed' : order.sessions.length > 0 ? 'requested' : 'none',
    payment_sessions: order.sessions,
    parcel: {
      state: order.scans.at(-1)?.scan ?? 'announced',
      scans: order.scans.map(({ scan, at }) => ({ scan, at: instant(at) })),
    },
    release: releaseView(order, paid),
    returns: returns.of(order.id).map(({ id }) => id),
    created_at: instant(order.at),
  }
}

/** A return as the API shows it. */
export const returnView = (record: ReturnRecord) => ({
  id: record.id,
  object: 'return',
  order_id: record.orderId,
  reason: record.reason,
  state: record.state,
  label: record.label,
  offer: record.offer && {
    amount: moneyText(record.offer.amount),
    currency: record.offer.amount.currency,
    accepted: record.offer.accepted,
  },
  created_at: instant(record.at),
})
