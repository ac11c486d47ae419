import { parseMoney } from '../../contract/money.ts'
import type { Clock } from '../clock.ts'
import { ApiError, badField, unknownId } from '../rest/api-error.ts'
import { type Fields, oneOf, requiredText } from '../rest/fields.ts'
import { newId } from '../rest/ids.ts'
import { RETURN_REASONS, type ReturnRecord, type SessionsRecords } from './records.ts'
import type { ShopOrderNews, ShopOrders } from './shop-orders.ts'

/** Parcels on their way back. Throws ApiError for what the API refuses. */
export class Returns {
  readonly #orders: ShopOrders
  readonly #clock: Clock
  readonly #records: SessionsRecords
  readonly #news: ShopOrderNews

  constructor(orders: ShopOrders, clock: Clock, records: SessionsRecords, news: ShopOrderNews) {
    this.#orders = orders
    this.#clock = clock
    this.#records = records
    this.#news = news
  }

  /** The return with this id. Throws ApiError 404. */
  get(id: string): ReturnRecord {
    const found = this.#records.returns.get(id)
    if (!found) throw unknownId('return', id)
    return found
  }

  of(orderId: string): ReturnRecord[] {
    return this.#records.returns.all().filter((one) => one.orderId === orderId)
  }

  /** `POST /returns`; one at a time for an order. */
  create(fields: Fields): ReturnRecord {
    const orderId = this.#orders.get(requiredText(fields, 'order_id')).id
    if (this.of(orderId).some(({ state }) => state === 'initiated')) {
      throw new ApiError(409, 'return_open', 'The order has an open return')
    }
    const reason = fields['reason'] === undefined ? null : oneOf(fields, 'reason', RETURN_REASONS, null)
    const id = newId('rtn')
    const made = { id, orderId, reason, state: 'initiated', label: null, offer: null, at: this.#clock.now() } as const
    this.#records.returns.put(id, made)
    this.#news('return.initiated', orderId)
    return made
  }

  /** `POST /returns/{id}/reason`. */
  setReason(id: string, fields: Fields): ReturnRecord {
    return this.#change(this.#open(id), { reason: oneOf(fields, 'reason', RETURN_REASONS, null) })
  }

  /** `POST /returns/{id}/label`: a shipping label, or a QR code for a locker. */
  issueLabel(id: string, fields: Fields): ReturnRecord {
    const format = oneOf(fields, 'format', ['label', 'qr'], 'label')
    return this.#change(this.#open(id), { label: { format, code: `RTN-${id.slice(4, 16).toUpperCase()}` } })
  }

  /** `POST /returns/{id}/offer`: money back for keeping the parcel. */
  offer(id: string, fields: Fields): ReturnRecord {
    const open = this.#open(id)
    const { amount: price } = this.#orders.get(open.orderId)
    const amount = parseMoney(fields['amount'], price.currency)
    if (!amount || amount.minor === 0 || amount.minor > price.minor) {
      throw badField('amount', "must be decimal text, at most the order's amount")
    }
    return this.#change(open, { offer: { amount, accepted: false } })
  }

  /** The buyer keeps the parcel and gets what was offered. */
  acceptOffer(id: string): ReturnRecord {
    const open = this.#open(id)
    if (!open.offer) throw new ApiError(409, 'no_offer', 'There is no offer to accept')
    const kept = this.#change(open, { state: 'kept', offer: { ...open.offer, accepted: true } })
    this.#news('retention.offer.accepted', open.orderId)
    if (this.#orders.paid(open.orderId)) this.#refund(open.orderId, open.offer.amount.minor)
    return kept
  }

  /** The parcel is back: what was paid for it is refunded. */
  receive(id: string): ReturnRecord {
    const received = this.#change(this.#open(id), { state: 'received' })
    this.#news('return.received', received.orderId)
    if (this.#orders.paid(received.orderId))
      this.#refund(received.orderId, this.#orders.get(received.orderId).amount.minor)
    return received
  }

  /** What was paid back for an order, in the smallest unit. */
  refunded(orderId: string): number {
    const own = this.#records.refunds.all().filter((refund) => refund.orderId === orderId)
    return own.reduce((sum, { amount }) => sum + amount.minor, 0)
  }

  /** Pays back, but never more than was paid in all. */
  #refund(orderId: string, wanted: number): void {
    const { amount: price } = this.#orders.get(orderId)
    const minor = Math.min(wanted, price.minor - this.refunded(orderId))
    if (minor <= 0) return
    const id = newId('rf')
    this.#records.refunds.put(id, { id, orderId, amount: { ...price, minor }, at: this.#clock.now() })
    this.#news('refund.created', orderId)
  }

  #open(id: string): ReturnRecord {
    const found = this.get(id)
    if (found.state !== 'initiated') throw new ApiError(409, 'return_closed', `The return is ${found.state}`)
    return found
  }

  #change(from: ReturnRecord, members: Partial<ReturnRecord>): ReturnRecord {
    return this.#records.returns.put(from.id, { ...from, ...members })
  }
}
