import type { Clock } from '../clock.ts'
import type { Ledger } from '../ledger/ledger.ts'
import { latest, type Order } from '../ledger/order.ts'
import { newTransactionId } from '../order-gateway/ids.ts'
import { SLOW_MS } from '../payment-page/members.ts'
import { badField, unknownId, wrongStatus } from '../rest/api-error.ts'
import { amountOf, type Fields, textOf } from '../rest/fields.ts'
import { newId } from '../rest/ids.ts'
import type { Instrument } from './instruments.ts'
import { paymentRequestOf } from './payment-request.ts'
import type { PaymentRecord, Records } from './records.ts'
import { instrumentOf } from './tokens.ts'
import { reasonOfCode, statusOf } from './views.ts'

/** A payment that nobody completes is canceled after this time. */
export const PAYMENT_LIFE_MS = 15 * 60 * 1000

/** A payment and its order in the ledger. */
export interface Payment {
  readonly order: Order
  readonly record: PaymentRecord
}

/** The life of payments: how each status is reached. Throws ApiError for what the API refuses. */
export class Payments {
  readonly #ledger: Ledger
  readonly #clock: Clock
  readonly #records: Records

  constructor(ledger: Ledger, clock: Clock, records: Records) {
    this.#ledger = ledger
    this.#clock = clock
    this.#records = records
  }

  find(id: string): Payment | undefined {
    const order = this.#ledger.byId(id)
    const record = this.#records.payments.get(id)
    return order && record ? { order, record } : undefined
  }

  /** The payment with this id. Throws ApiError 404. */
  get(id: string): Payment {
    const payment = this.find(id)
    if (!payment) throw unknownId('payment', id)
    return payment
  }

  status({ order, record }: Payment): string {
    return statusOf(record, latest(order))
  }

  /** `POST /payments`. A declined instrument is no error here: the payment is `failed`. */
  create(fields: Fields): Payment {
    const asked = paymentRequestOf(fields, this.#records)
    const { amount, metadata, customer, confirm, hosted, method, captureMethod, description } = asked
    const instrument = method === null ? null : instrumentOf(this.#records, method, customer)

    const createdAt = this.#clock.now()
    const id = newId('pay')
    this.#records.payments.put(id, {
      id,
      openStatus: instrument ? 'requires_confirmation' : hosted ? 'requires_action' : 'requires_payment_method',
      page: !instrument && hosted ? 'checkout' : null,
      instrument,
      captureMethod,
      captured: null,
      refunded: 0,
      customer,
      paymentMethod: method,
      description,
      statementDescriptor: asked.statementDescriptor,
      metadata,
      clientSecret: newId(`${id}_secret`),
    })
    this.#ledger.place({
      gateway: 'ipay-payments',
      orderId: id,
      referenceId: metadata['orderId'] ?? id,
      amount,
      description: description ?? '',
      ...(metadata['lang'] !== undefined && { lang: metadata['lang'] }),
      ...asked.urls,
      createdAt,
      expiresAt: createdAt + PAYMENT_LIFE_MS,
    })
    if (confirm && instrument) this.charge(id, instrument)
    return this.get(id)
  }

  /** `POST /payments/{id}/confirm`, with `payment_method` where none was given yet. */
  confirm(id: string, fields: Fields): Payment {
    const payment = this.get(id)
    const status = this.status(payment)
    if (status !== 'requires_payment_method' && status !== 'requires_confirmation')
      throw wrongStatus('confirmed', status)
    const method = textOf(fields, 'payment_method')
    const { customer } = payment.record
    const instrument = method === null ? payment.record.instrument : instrumentOf(this.#records, method, customer)
    if (!instrument) throw badField('payment_method', 'is required')
    if (method !== null) this.#change(id, { instrument, paymentMethod: method })
    this.charge(id, instrument)
    return this.get(id)
  }

  /** Charges an instrument; a card with 3-D Secure goes to its challenge first. The payment is open. */
  charge(id: string, instrument: Instrument, challengePassed = false): void {
    const { order, record } = this.get(id)
    const { outcome } = instrument
    this.#change(id, { instrument })
    if (outcome === 'challenge' && !challengePassed) {
      this.#change(id, { openStatus: 'requires_action', page: 'challenge' })
    } else if (outcome === 'slow') {
      this.#ledger.move(order, { state: 'processing' })
      this.#ledger.moveLater(order, SLOW_MS, this.#accepted(record))
    } else if (outcome === 'succeeds' || outcome === 'challenge' || outcome === 'disputed') {
      this.#ledger.move(order, this.#accepted(record))
      if (outcome === 'disputed') this.dispute(id, 'fraudulent')
    } else {
      this.fail(id, outcome)
    }
  }

  /** Ends an open payment with this `failure_code`. */
  fail(id: string, code: string): void {
    this.#ledger.move(this.get(id).order, { state: 'failed', reason: reasonOfCode(code) })
  }

  /** `POST /payments/{id}/capture`: all of it, or `amount` of it; what is left is released. */
  capture(id: string, fields: Fields): Payment {
    const payment = this.get(id)
    const status = this.status(payment)
    if (status !== 'requires_capture') throw wrongStatus('captured', status)
    const amount = amountOf(fields) ?? payment.order.amount.minor
    if (amount > payment.order.amount.minor) throw badField('amount', 'is more than was authorized')
    this.#change(id, { captured: amount })
    this.#ledger.move(payment.order, { state: 'paid', transactionId: newTransactionId(this.#clock.now()) })
    return this.get(id)
  }

  /** `POST /payments/{id}/cancel`: gives a payment up, or voids an authorization. */
  cancel(id: string): Payment {
    const payment = this.get(id)
    const status = this.status(payment)
    if (!status.startsWith('requires_')) throw wrongStatus('canceled', status)
    this.#ledger.move(payment.order, { state: 'cancelled' })
    return this.get(id)
  }

  /** Counts a refund. The caller has made sure that so much is left. */
  addRefund(id: string, amount: number): void {
    this.#change(id, { refunded: this.get(id).record.refunded + amount })
  }

  /** The buyer's bank takes a payment back; only simulated events begin this. */
  dispute(id: string, reason: string): void {
    const { order } = this.get(id)
    const { minor: amount, currency } = order.amount
    const dispute = { id: newId('dp'), payment: id, amount, currency, reason, at: this.#clock.now() }
    this.#records.disputes.put(dispute.id, dispute)
    this.onDispute?.(dispute.id)
  }

  /** Told of each new dispute. */
  onDispute: ((id: string) => void) | undefined

  #accepted(record: PaymentRecord) {
    return record.captureMethod === 'manual'
      ? ({ state: 'authorized' } as const)
      : ({ state: 'paid', transactionId: newTransactionId(this.#clock.now()) } as const)
  }

  #change(id: string, members: Partial<PaymentRecord>): void {
    this.#records.payments.put(id, { ...this.#record(id), ...members })
  }

  #record(id: string): PaymentRecord {
    const record = this.#records.payments.get(id)
    if (!record) throw unknownId('payment', id)
    return record
  }
}
