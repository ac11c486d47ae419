/**
 * What tests and curious people use to drive the simulator; no part of any gateway's protocol:
 *
 * - `GET /_sandbox/orders` → the ledger, oldest first; `GET /_sandbox/orders/{id}` → one order of it
 * - `GET /_sandbox/calls` → every call that a gateway received, those that name no order too
 * - `POST /_sandbox/orders/{id}/{pay|cancel|fail|expire|error|process|authorize}` → the order afterwards; any step from
 *   any state (`process` and `authorize` mean something to the gateways that have such states)
 * - `GET /_sandbox/faults`, `PUT /_sandbox/faults` with a list (see {@link Fault}) → the list
 * - `DELETE /_sandbox` → 204; forgets orders, calls, faults, events and everything else; targets of webhooks are
 *   again those that it was started with
 * - events of the gateways that send webhooks: see `notification-routes.ts`
 *
 * `{id}` is an order id or a merchant's reference. Errors are `{ "message" }`: 400, 403 (a page of another site asks), 404.
 */
import { Hono } from 'hono'
import { parseFaults } from '../faults/fault.ts'
import type { FaultPlan } from '../faults/fault-plan.ts'
import type { Ledger } from '../ledger/ledger.ts'
import { callView, orderView } from '../ledger/ledger-view.ts'
import type { GatewayName, Order } from '../ledger/order.ts'
import type { Webhooks } from '../notifications/webhooks.ts'
import { newTransactionId } from '../order-gateway/ids.ts'
import type { SandboxEnv } from '../sandbox-env.ts'
import { isMove, parseMove } from './move-request.ts'
import { notificationControl } from './notification-routes.ts'
import { badRequest, refusal } from './replies.ts'

export interface ControlParts {
  readonly ledger: Ledger
  readonly faults: FaultPlan
  readonly publicUrl: (request: Request) => string
  readonly webhooks: Webhooks
  /** Forgets what is not in ledger and faults. */
  readonly forget: () => void
}

const GATEWAYS: readonly GatewayName[] = ['ipay', 'ipay-payments', 'ipay-sessions']

export function controlRoutes({ ledger, faults, publicUrl, webhooks, forget }: ControlParts): Hono<SandboxEnv> {
  const app = new Hono<SandboxEnv>()
  const view = (order: Order, request: Request) => orderView(order, publicUrl(request))
  const find = (id: string): Order | undefined =>
    ledger.byId(id) ?? GATEWAYS.map((gateway) => ledger.byReference(gateway, id)).find((order) => order !== undefined)

  app.use(async (c, next) => (isFromAnotherSite(c.req.raw) ? refusal(403, 'Not for pages of other sites') : next()))

  app.get('/orders', (c) => c.json(ledger.orders().map((order) => view(order, c.req.raw))))
  app.get('/orders/:id', (c) => {
    const order = find(c.req.param('id'))
    return order ? c.json(view(order, c.req.raw)) : refusal(404, 'No such order')
  })
  app.get('/calls', (c) => c.json(ledger.calls().map(callView)))

  app.post('/orders/:id/:move', async (c) => {
    const order = find(c.req.param('id'))
    const move = c.req.param('move')
    if (!order) return refusal(404, 'No such order')
    if (!isMove(move)) return refusal(404, `No such step: ${move}`)
    try {
      const text = await c.req.text()
      const change = parseMove(move, text.trim() === '' ? {} : JSON.parse(text))
      ledger.move(order, move === 'pay' ? { ...change, transactionId: newTransactionId(ledger.now()) } : change)
    } catch (error) {
      return badRequest(error)
    }
    return c.json(view(order, c.req.raw))
  })

  app.route('/', notificationControl(webhooks))

  app.get('/faults', (c) => c.json(faults.current()))
  app.put('/faults', async (c) => {
    try {
      faults.replace(parseFaults(await c.req.json()))
    } catch (error) {
      return badRequest(error)
    }
    return c.json(faults.current())
  })

  app.delete('/', (c) => {
    ledger.forget()
    faults.replace([])
    forget()
    return c.body(null, 204)
  })
  return app
}

/** Browsers say where a request comes from; other clients say nothing and are let in. */
function isFromAnotherSite(request: Request): boolean {
  const site = request.headers.get('sec-fetch-site')
  if (site !== null) return site !== 'same-origin' && site !== 'none'
  const origin = request.headers.get('origin')
  return origin !== null && origin !== new URL(request.url).origin
}
