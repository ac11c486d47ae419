import { parseMoney } from '../../contract/money.ts'
import type { Clock } from '../clock.ts'
import type { Ledger } from '../ledger/ledger.ts'
import { type Change, latest, type Order } from '../ledger/order.ts'
import { ApiError, badField, unknownId } from '../rest/api-error.ts'
import { type Fields, metadataOf, oneOf, requiredText, textOf, urlOf } from '../rest/fields.ts'
import { newId } from '../rest/ids.ts'
import { HANDOVERS, type Scan, type SessionRecord, type SessionsRecords, type ShopOrderRecord } from './records.ts'

/** A session that nobody pays expires after this time: the parcel has to arrive first. */
export const SESSION_LIFE_MS = 7 * 24 * 60 * 60 * 1000

/** A payment session and its order in the ledger. */
export interface Session {
  readonly order: Order
  readonly record: SessionRecord
}

/** What happened to an order, for events. */
export type ShopOrderNews = (event: string, orderId: string) => void

/** Orders, their payment sessions and their parcels. Throws ApiError for what the API refuses. */
export class ShopOrders {
  readonly #ledger: Ledger
  readonly #clock: Clock
  readonly #records: SessionsRecords
  readonly #news: ShopOrderNews

  constructor(ledger: Ledger, clock: Clock, records: SessionsRecords, news: ShopOrderNews) {
    this.#ledger = ledger
    this.#clock = clock
    this.#records = records
    this.#news = news
  }

  /** The order with this id. Throws ApiError 404. */
  get(id: string): ShopOrderRecord {
    const order = this.#records.orders.get(id)
    if (!order) throw unknownId('order', id)
    return order
  }

  byExternalId(externalId: string): ShopOrderRecord | undefined {
    return this.#records.orders.all().find((order) => order.externalId === externalId)
  }

  findSession(id: string): Session | undefined {
    const order = this.#ledger.byId(id)
    const record = this.#records.sessions.get(id)
    return order && record ? { order, record } : undefined
  }

  /** The payment session with this id. Throws ApiError 404. */
  getSession(id: string): Session {
    const session = this.findSession(id)
    if (!session) throw unknownId('payment session', id)
    return session
  }

  /** `POST /orders`. */
  create(fields: Fields): ShopOrderRecord {
    const externalId = requiredText(fields, 'external_id', 64)
    const currency = requiredText(fields, 'currency', 3)
    const amount = parseMoney(fields['amount'], currency)
    if (!amount || amount.minor === 0) throw badField('amount', "must be decimal text with the currency's digits")
    const description = textOf(fields, 'description', 500) ?? ''
    const carrier = textOf(fields, 'carrier', 64) ?? 'Test Carrier'
    const handover = oneOf(fields, 'handover', HANDOVERS, 'door')
    const metadata = metadataOf(fields)
    if (this.byExternalId(externalId)) throw new ApiError(409, 'external_id_used', `Order ${externalId} exists already`)
    const id = newId('ord')
    const [at, none] = [this.#clock.now(), [] as const]
    const order = { id, externalId, amount, description, carrier, handover, metadata, sessions: none, scans: none, at }
    this.#records.orders.put(id, order)
    this.#news('order.created', id)
    return order
  }

  /** `POST /orders/{id}/payment-sessions`: one session at a time is payable, and none after one was paid. */
  startSession(id: string, fields: Fields): Session {
    const shopOrder = this.get(id)
    const successUrl = urlOf(fields, 'success_url')
    if (successUrl === null) throw badField('success_url', 'is required')
    const failureUrl = urlOf(fields, 'failure_url') ?? successUrl
    const cancelUrl = urlOf(fields, 'cancel_url') ?? failureUrl
    const states = shopOrder.sessions.map((session) => latest(this.getSession(session).order).state)
    if (states.includes('paid')) throw new ApiError(409, 'order_paid', 'The order is paid')
    if (states.includes('created')) throw new ApiError(409, 'session_open', 'The order has an open payment session')
    const sessionId = newId('ps')
    const createdAt = this.#clock.now()
    const tries = shopOrder.sessions.length
    this.#records.sessions.put(sessionId, {
      id: sessionId,
      orderId: id,
      reference: `IPAY-${sessionId.slice(3, 15).toUpperCase()}`,
    })
    this.#change(id, { sessions: [...shopOrder.sessions, sessionId] })
    this.#ledger.place({
      gateway: 'ipay-sessions',
      orderId: sessionId,
      referenceId: tries === 0 ? shopOrder.externalId : `${shopOrder.externalId}#${tries + 1}`,
      amount: shopOrder.amount,
      description: shopOrder.description,
      ...(shopOrder.metadata['lang'] !== undefined && { lang: shopOrder.metadata['lang'] }),
      successUrl,
      failureUrl,
      cancelUrl,
      createdAt,
      expiresAt: createdAt + SESSION_LIFE_MS,
    })
    this.#news('payment.requested', id)
    return this.getSession(sessionId)
  }

  /** The step by which an order was paid, or undefined. */
  paid(id: string): Change | undefined {
    const changes = this.get(id).sessions.map((session) => latest(this.getSession(session).order))
    return changes.find(({ state }) => state === 'paid')
  }

  /** A carrier's scan. Throws ApiError 409 for a release that is not authorized: carriers do not hand over unpaid parcels. */
  scan(id: string, scan: Scan): ShopOrderRecord {
    const order = this.get(id)
    if (scan === 'released' && !this.paid(id))
      throw new ApiError(409, 'release_not_authorized', 'The order is not paid')
    this.#change(id, { scans: [...order.scans, { scan, at: this.#clock.now() }] })
    if (scan === 'out_for_delivery') this.#news('carrier.out_for_delivery', id)
    if (scan === 'released') this.#news('parcel.released', id)
    return this.get(id)
  }

  #change(id: string, members: Partial<ShopOrderRecord>): void {
    this.#records.orders.put(id, { ...this.get(id), ...members })
  }
}
