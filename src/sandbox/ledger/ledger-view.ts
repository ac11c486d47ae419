import { moneyText } from '../../contract/money.ts'
import { type Call, latest, type Order } from './order.ts'

const instant = (at: number) => new Date(at).toISOString()

/** A call as the control requests show it. */
export const callView = (call: Call) => ({ ...call, at: instant(call.at) })

/** An order as the control requests show it: decimal amount, RFC 3339 times, the true state whatever the status lags. */
export function orderView(order: Order, paymentUrl: string) {
  const now = latest(order)
  return {
    gateway: order.gateway,
    orderId: order.orderId,
    referenceId: order.referenceId,
    amount: Number(moneyText(order.amount)),
    currency: order.amount.currency,
    description: order.description,
    state: now.state,
    reason: now.reason ?? null,
    transactionId: now.transactionId ?? null,
    created: instant(order.createdAt),
    expires: instant(order.expiresAt),
    paymentUrl,
    successCallbackUrl: order.successUrl,
    failureCallbackUrl: order.failureUrl,
    cancelCallbackUrl: order.cancelUrl,
    history: order.history.map(({ state, at, reason }) => ({ state, at: instant(at), reason: reason ?? null })),
    calls: order.calls.map(callView),
  }
}
