import { moneyText } from '../../contract/money.ts'
import type { Ledger } from '../ledger/ledger.ts'
import type { WebhookEvent, Webhooks } from '../notifications/webhooks.ts'
import type { SessionsRecords } from './records.ts'
import type { ShopOrders } from './shop-orders.ts'
import { instant, releaseView } from './views.ts'

/** The events of the sessions API. */
export const SESSION_EVENTS = [
  'order.created',
  'payment.requested',
  'payment.confirmed',
  'carrier.out_for_delivery',
  'release.authorized',
  'parcel.released',
  'return.initiated',
  'return.received',
  'refund.created',
  'retention.offer.accepted',
  'settlement.created',
] as const

/**
 * Makes an event about an order. A body is `{ id, event, order_id, external_id, session_id, merchant, carrier, payment:
 * { psp, status, amount, currency }, release: { authorized, authorized_at, method }, metadata, created_at }`, sent as a
 * webhook with `ipay-signature` (hex HMAC-SHA256 of the body) and as a server-sent event.
 */
export function emitSessionEvent(event: string, orderId: string, orders: ShopOrders, webhooks: Webhooks): void {
  const order = orders.get(orderId)
  const paid = orders.paid(orderId)
  const { authorized, authorized_at, method } = releaseView(order, paid)
  webhooks.emit('ipay-sessions', event, (id, at) => ({
    id,
    event,
    order_id: orderId,
    external_id: order.externalId,
    session_id: order.sessions.at(-1) ?? null,
    merchant: 'mer_test',
    carrier: order.carrier,
    payment: {
      psp: 'mock',
      status: paid ? 'confirmed' : 'requested',
      amount: moneyText(order.amount),
      currency: order.amount.currency,
    },
    release: { authorized, authorized_at, method },
    metadata: order.metadata,
    created_at: instant(at),
  }))
}

/** A paid session is confirmed, and its parcel may be handed over. */
export function sendSessionEvents(
  ledger: Ledger,
  records: SessionsRecords,
  orders: ShopOrders,
  webhooks: Webhooks,
): void {
  ledger.onMove((order, { state }) => {
    const session = records.sessions.get(order.orderId)
    if (!session || state !== 'paid') return
    emitSessionEvent('payment.confirmed', session.orderId, orders, webhooks)
    emitSessionEvent('release.authorized', session.orderId, orders, webhooks)
  })
}

const HEARTBEAT_MS = 15_000

/**
 * The events as a stream: `id` is the event's id, `event` its name, `data` its body; a comment every 15 s. Begins after
 * `lastEventId` where that is known, else with what happens from now on; `orderId` leaves out other orders' events.
 */
export function sessionEventStream(
  webhooks: Webhooks,
  lastEventId: string | undefined,
  orderId: string | undefined,
): Response {
  let end = () => {}
  const stream = new ReadableStream<string>({
    start(controller) {
      const send = (event: WebhookEvent) => {
        const isAsked = orderId === undefined || JSON.parse(event.body).order_id === orderId
        if (event.sender !== 'ipay-sessions' || !isAsked) return
        controller.enqueue(`id: ${event.id}\nevent: ${event.type}\ndata: ${event.body}\n\n`)
      }
      controller.enqueue('retry: 2000\n\n')
      const all = webhooks.all()
      const last = all.findIndex(({ id }) => id === lastEventId)
      if (last >= 0) for (const event of all.slice(last + 1)) send(event)
      const stopListening = webhooks.onEvent(send)
      const heartbeat = setInterval(() => controller.enqueue(': still here\n\n'), HEARTBEAT_MS)
      heartbeat.unref()
      end = () => {
        stopListening()
        clearInterval(heartbeat)
      }
    },
    cancel: () => end(),
  })
  const headers = { 'Content-Type': 'text/event-stream; charset=utf-8', 'Cache-Control': 'no-store' }
  return new Response(stream.pipeThrough(new TextEncoderStream()), { headers })
}
