import type { Ledger } from '../ledger/ledger.ts'
import type { Change } from '../ledger/order.ts'
import type { Webhooks } from '../notifications/webhooks.ts'
import { SLOW_MS } from '../payment-page/members.ts'
import type { Payments } from './payments.ts'
import type { Records } from './records.ts'
import { customerView, disputeView, paymentView, refundView, seconds } from './views.ts'

/** The events of the Payments API. `customer.subscription.updated` is only sent by hand. */
export const PAYMENT_EVENTS = [
  'payment.succeeded',
  'payment.failed',
  'payment.refunded',
  'payment.disputed',
  'customer.created',
  'customer.subscription.updated',
] as const

/** What the sender of events reads. */
export interface PaymentEventParts {
  readonly ledger: Ledger
  readonly payments: Payments
  readonly records: Records
  readonly webhooks: Webhooks
}

/**
 * Sends an event for each change that has one. A body is `{ id, type, created, data }` with the header `ipay-signature`
 * (hex HMAC-SHA256 of the body); `data` is the payment as the API shows it, so `data.metadata.orderId` leads back to the
 * merchant's order; it has `failure_code` and `failure_message` when failed, `refunds` when refunded, `dispute` when
 * disputed. For `customer.created`, `data` is the customer. Returns what refunds and customers are told to.
 */
export function sendPaymentEvents({ ledger, payments, records, webhooks }: PaymentEventParts) {
  function emit(type: (typeof PAYMENT_EVENTS)[number], data: object): void {
    webhooks.emit('ipay-payments', type, (id, at) => ({ id, type, created: seconds(at), data }))
  }

  function paymentData(id: string, change?: Change): object {
    const { order, record } = payments.get(id)
    // Events carry no page to go to, so its origin does not matter.
    return { ...paymentView(order, record, '', change), next_action: null, client_secret: null }
  }

  ledger.onMove((order, change) => {
    if (order.gateway !== 'ipay-payments') return
    // What becomes of it is noticed when somebody looks; without a question, nobody would be told.
    if (change.state === 'processing') setTimeout(() => ledger.byId(order.orderId), SLOW_MS + 50).unref()
    if (change.state === 'paid') emit('payment.succeeded', paymentData(order.orderId, change))
    if (change.state === 'failed' || change.state === 'error')
      emit('payment.failed', paymentData(order.orderId, change))
  })

  payments.onDispute = (id) => {
    const dispute = records.disputes.get(id)
    if (dispute) emit('payment.disputed', { ...paymentData(dispute.payment), dispute: disputeView(dispute) })
  }

  return (type: 'payment.refunded' | 'customer.created', id: string): void => {
    if (type === 'payment.refunded') {
      const refunds = records.refunds.all().filter(({ payment }) => payment === id)
      emit(type, { ...paymentData(id), refunds: refunds.map(refundView) })
    } else {
      const customer = records.customers.get(id)
      if (customer) emit(type, customerView(customer))
    }
  }
}
