import { moneyText } from '../../contract/money.ts'
import { type Call, type GatewayName, latest, type Order } from './order.ts'

const instant = (at: number) => new Date(at).toISOString()

/** A call as the control requests show it. */
export const callView = (call: Call) => ({ ...call, at: instant(call.at) })

const PAGES: Readonly<Record<GatewayName, string>> = {
  ipay: 'pay',
  'ipay-payments': 'payments/checkout',
  'ipay-sessions': 'pay',
}

/** An order as the control requests show it: decimal amount, RFC 3339 times, the true state whatever the status lags. `origin`: of the pages. */
export function orderView(order: Order, origin: string) {
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
    paymentUrl: `${origin}/${PAGES[order.gateway]}/${order.orderId}`,
    successCallbackUrl: order.successUrl,
    failureCallbackUrl: order.failureUrl,
    cancelCallbackUrl: order.cancelUrl,
    history: order.history.map(({ state, at, reason }) => ({ state, at: instant(at), reason: reason ?? null })),
    calls: order.calls.map(callView),
  }
}
