/**
 * The payment sessions API (pay on arrival), mounted below `/sessions/api`. Only its outline is public; every address and
 * shape below is chosen here, and this comment is the place where it is written down.
 *
 * **Who asks**: `Authorization: Bearer <key>`; every key but `invalid`. **Writes** carry `Idempotency-Key` (400 without,
 * the first answer again with `Idempotent-Replayed`, 409 for another request). **Amounts** are decimal text, times RFC 3339.
 *
 * | request | answer |
 * |---|---|
 * | `POST /orders` `{ external_id, amount, currency, description?, carrier?, handover?, metadata? }` | 200 order; 409 for a used `external_id` |
 * | `POST /orders/import` `{ orders: [ … ] }` (at most 1000) | 200 `{ imported, failed, results: [{ external_id, id?, error? }] }` |
 * | `GET /orders/{id}` · `GET /orders?external_id=` | 200 order · `{ data: [order] }` |
 * | `POST /orders/{id}/payment-sessions` `{ success_url, failure_url?, cancel_url? }` | 200 payment session; 409 while one is open, or when paid |
 * | `GET /payment-sessions/{id}` · `GET /payment-sessions?merchant_reference=` | 200 payment session · `{ data }` |
 * | `GET /payment-sessions/{id}/events` | 200 `{ data: [{ id, status, provider_status, reason, at }] }` |
 * | `GET /orders/{id}/release?handover=` | 200 `{ order_id, authorized, authorized_at, method, released_at }` |
 * | `POST /returns` `{ order_id, reason? }` · `GET /returns/{id}` | 200 return |
 * | `POST /returns/{id}/reason` `{ reason }` · `/label` `{ format: label\|qr }` · `/offer` `{ amount }` · `/offer/accept` | 200 return |
 * | `GET /events?order_id=` with `Last-Event-ID` | `text/event-stream` |
 *
 * `handover` is `door`, `pickup_point` or `locker`. A **payment session** (`ps_…`, see `sessionView`) is what the buyer
 * pays: `status` is `requested`, `processing`, `confirmed`, `failed`, `cancelled` or `expired` (after 7 days); `url` is the
 * wallet's page while it is payable; `merchant_reference` is the order's `external_id`, with `#2`, `#3` … from the second
 * session on. In the simulator's ledger the session is the order. An **order** (`ord_…`, see `shopOrderView`) has `parcel`
 * and `release` besides: release is authorized once a session is confirmed.
 *
 * **Errors**: `{ error: { type, code, message, param? } }`. **Faults**: `create` strikes every write, `status` every read
 * but the stream. **Webhooks**: see `events.ts`.
 */
import { type Context, Hono } from 'hono'
import type { Clock } from '../clock.ts'
import type { Exchange } from '../exchange.ts'
import { latest, seenWithLag } from '../ledger/order.ts'
import type { Webhooks } from '../notifications/webhooks.ts'
import { ApiError, badField, guarded } from '../rest/api-error.ts'
import { bodyOf, type Fields, objectOf, oneOf } from '../rest/fields.ts'
import type { Idempotency } from '../rest/idempotency.ts'
import type { SandboxEnv } from '../sandbox-env.ts'
import { sessionEventStream } from './events.ts'
import { HANDOVERS, type SessionsRecords } from './records.ts'
import type { Returns } from './returns.ts'
import type { ShopOrders } from './shop-orders.ts'
import { releaseView, returnView, sessionEvents, sessionView, shopOrderView } from './views.ts'

export interface SessionsApiParts {
  readonly clock: Clock
  readonly exchange: Exchange
  readonly records: SessionsRecords
  readonly orders: ShopOrders
  readonly returns: Returns
  readonly idempotency: Idempotency
  readonly webhooks: Webhooks
  readonly publicUrl: (request: Request) => string
}

type Call = Context<SandboxEnv>
const MOST_IMPORTED = 1000

function requireKey(request: Request): void {
  const key = /^Bearer ([!-~]+)$/.exec(request.headers.get('authorization') ?? '')?.[1]
  if (key === undefined || key === 'invalid') throw new ApiError(401, 'invalid_api_key', 'Invalid API key')
}

export function sessionsApiRoutes(parts: SessionsApiParts): Hono<SandboxEnv> {
  const { clock, exchange, records, orders, returns, idempotency, webhooks, publicUrl } = parts
  const app = new Hono<SandboxEnv>()

  /** `id` names the payment session that the call is about. */
  function write(c: Call, work: (fields: Fields) => object, id: () => string | undefined = () => undefined) {
    const answer = guarded(async () => {
      requireKey(c.req.raw)
      const body = await c.req.text()
      return idempotency.once(
        c.req.raw,
        body,
        guarded(async () => Response.json(work(bodyOf(body)))),
      )
    })
    return exchange(c, 'create', answer, () => orders.findSession(id() ?? '')?.order)
  }

  function read(c: Call, work: (lagMs: number) => object, id?: string) {
    const answer = (lagMs: number) =>
      guarded(async () => {
        requireKey(c.req.raw)
        return Response.json(work(lagMs))
      })()
    return exchange(c, 'status', answer, () => orders.findSession(id ?? '')?.order)
  }

  app.post('/orders', (c) => write(c, (fields) => shopOrderView(orders.create(fields), orders, returns)))
  app.post('/orders/import', (c) =>
    write(c, ({ orders: list }) => {
      if (!Array.isArray(list) || list.length > MOST_IMPORTED)
        throw badField('orders', `must be a list of at most ${MOST_IMPORTED}`)
      const results = list.map(importOne)
      const imported = results.filter((result) => 'id' in result).length
      return { imported, failed: results.length - imported, results }
    }),
  )

  /** One order of an import; what is wrong with it does not keep the others out. */
  function importOne(value: unknown) {
    const external = typeof value === 'object' && value !== null && 'external_id' in value ? value.external_id : null
    try {
      return { external_id: external, id: orders.create(objectOf(value, 'orders')).id }
    } catch (error) {
      if (!(error instanceof ApiError)) throw error
      return { external_id: external, error: { code: error.code, message: error.message } }
    }
  }

  app.get('/orders', (c) =>
    read(c, () => {
      const wanted = c.req.query('external_id')
      if (wanted === undefined) throw badField('external_id', 'is required')
      const order = orders.byExternalId(wanted)
      return { data: order ? [shopOrderView(order, orders, returns)] : [] }
    }),
  )
  app.get('/orders/:id', (c) => read(c, () => shopOrderView(orders.get(c.req.param('id')), orders, returns)))
  app.get('/orders/:id/release', (c) =>
    read(c, () => {
      const order = orders.get(c.req.param('id'))
      const handover = oneOf({ handover: c.req.query('handover') }, 'handover', HANDOVERS, order.handover)
      return { ...releaseView(order, orders.paid(order.id)), method: handover }
    }),
  )
  app.post('/orders/:id/payment-sessions', (c) => {
    let id: string | undefined
    const work = (fields: Fields) => {
      const session = orders.startSession(c.req.param('id'), fields)
      id = session.record.id
      return sessionView(session, publicUrl(c.req.raw))
    }
    return write(c, work, () => id)
  })

  app.get('/payment-sessions', (c) =>
    read(c, () => {
      const wanted = c.req.query('merchant_reference')
      if (wanted === undefined) throw badField('merchant_reference', 'is required')
      const all = records.sessions.all().map(({ id }) => orders.getSession(id))
      const same = all.filter(({ order }) => order.referenceId === wanted)
      return { data: same.map((session) => sessionView(session, publicUrl(c.req.raw))) }
    }),
  )
  app.get('/payment-sessions/:id', (c) => {
    const id = c.req.param('id')
    const work = (lagMs: number) => {
      const session = orders.getSession(id)
      const change = lagMs ? seenWithLag(session.order, clock.now(), lagMs) : latest(session.order)
      return sessionView(session, publicUrl(c.req.raw), change)
    }
    return read(c, work, id)
  })
  app.get('/payment-sessions/:id/events', (c) => {
    const id = c.req.param('id')
    return read(c, () => ({ data: sessionEvents(orders.getSession(id)) }), id)
  })

  app.post('/returns', (c) => write(c, (fields) => returnView(returns.create(fields))))
  app.get('/returns/:id', (c) => read(c, () => returnView(returns.get(c.req.param('id')))))
  app.post('/returns/:id/reason', (c) => write(c, (fields) => returnView(returns.setReason(c.req.param('id'), fields))))
  app.post('/returns/:id/label', (c) => write(c, (fields) => returnView(returns.issueLabel(c.req.param('id'), fields))))
  app.post('/returns/:id/offer', (c) => write(c, (fields) => returnView(returns.offer(c.req.param('id'), fields))))
  app.post('/returns/:id/offer/accept', (c) => write(c, () => returnView(returns.acceptOffer(c.req.param('id')))))

  app.get('/events', (c) =>
    guarded(async () => {
      requireKey(c.req.raw)
      return sessionEventStream(webhooks, c.req.header('last-event-id'), c.req.query('order_id'))
    })(),
  )
  return app
}
