import { parseMoney } from '../../contract/money.ts'
import { type Change, latest, type Order } from '../ledger/order.ts'
import type { CustomerRecord, DisputeRecord, MethodRecord, PaymentRecord, RefundRecord } from './records.ts'

/** Unix seconds, as this API writes times. */
export const seconds = (at: number): number => Math.floor(at / 1000)

/** The ledger's word for why a payment failed → this API's `failure_code`, and back. */
const CODES: Readonly<Record<string, string>> = {
  'insufficient-balance': 'insufficient_funds',
  declined: 'card_declined',
  technical: 'processing_error',
}

export const codeOfReason = (reason: string): string =>
  Object.hasOwn(CODES, reason) ? CODES[reason]! : reason.replaceAll('-', '_')

export const reasonOfCode = (code: string): string =>
  Object.entries(CODES).find(([, known]) => known === code)?.[0] ?? code.replaceAll('_', '-')

/** The `status` of a payment that is seen at `change`. */
export function statusOf(record: PaymentRecord, { state }: Change): string {
  switch (state) {
    case 'created':
      return record.openStatus
    case 'processing':
      return 'processing'
    case 'authorized':
      return 'requires_capture'
    case 'paid':
      return 'succeeded'
    case 'failed':
    case 'error':
      return 'failed'
    case 'cancelled':
    case 'expired':
      return 'canceled'
  }
}

/** What was captured as of `change`. */
export const capturedOf = (order: Order, record: PaymentRecord, change: Change): number =>
  change.state === 'paid' ? (record.captured ?? order.amount.minor) : 0

/** A payment as the API shows it, seen at `change`. `origin` is that of the pages the browser is sent to. */
export function paymentView(order: Order, record: PaymentRecord, origin: string, change: Change = latest(order)) {
  const status = statusOf(record, change)
  const failure = change.state === 'error' ? 'processing_error' : change.reason ? codeOfReason(change.reason) : null
  const failed = status === 'failed'
  const view: Record<string, unknown> = {
    id: record.id,
    object: 'payment',
    status,
    amount: order.amount.minor,
    currency: order.amount.currency,
    amount_captured: capturedOf(order, record, change),
    amount_refunded: record.refunded,
    capture_method: record.captureMethod,
    customer: record.customer,
    payment_method: record.paymentMethod,
    payment_method_type: record.instrument?.type ?? null,
    description: record.description,
    statement_descriptor: record.statementDescriptor,
    metadata: record.metadata,
    client_secret: record.clientSecret,
    next_action:
      status === 'requires_action' && record.page !== null
        ? { type: 'redirect', redirect: { url: `${origin}/payments/${record.page}/${record.id}` } }
        : null,
    failure_code: failed ? failure : null,
    failure_message: failed ? failureMessage(failure) : null,
    cancellation_reason: change.state === 'expired' ? 'expired' : status === 'canceled' ? 'requested' : null,
    transaction_id: change.state === 'paid' ? (change.transactionId ?? null) : null,
    succeeded_at: change.state === 'paid' ? seconds(change.at) : null,
    created: seconds(order.createdAt),
    expires_at: seconds(order.expiresAt),
  }
  return overruled(view, order, change)
}

const failureMessage = (code: string | null) => `The payment failed: ${(code ?? 'unknown').replaceAll('_', ' ')}.`

/** Lays a test's own members over the honest ones; `orderAmount`, which the order gateway has, is `amount` here. */
function overruled(view: Record<string, unknown>, order: Order, { answer = {}, leaveOut = [] }: Change) {
  const { orderAmount, ...members } = answer
  Object.assign(view, members)
  if (orderAmount !== undefined) {
    const money = parseMoney(String(orderAmount), order.amount.currency)
    view['amount'] = money ? money.minor : orderAmount
  }
  for (const name of leaveOut) delete view[name === 'orderAmount' ? 'amount' : name]
  return view
}

export const refundView = (refund: RefundRecord) => ({
  id: refund.id,
  object: 'refund',
  payment: refund.payment,
  amount: refund.amount,
  currency: refund.currency,
  reason: refund.reason,
  status: 'succeeded',
  metadata: refund.metadata,
  created: seconds(refund.at),
})

export const customerView = ({ id, email, name, phone, metadata, at }: CustomerRecord) => ({
  id,
  object: 'customer',
  email,
  name,
  phone,
  metadata,
  created: seconds(at),
})

export const methodView = ({ id, instrument, customer, at }: MethodRecord) => ({
  id,
  object: 'payment_method',
  type: instrument.type,
  card: instrument.card,
  customer,
  created: seconds(at),
})

export const disputeView = (dispute: DisputeRecord) => ({
  id: dispute.id,
  object: 'dispute',
  payment: dispute.payment,
  amount: dispute.amount,
  currency: dispute.currency,
  reason: dispute.reason,
  status: 'needs_response',
  created: seconds(dispute.at),
})
