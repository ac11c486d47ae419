import { Hono } from 'hono'
import type { Clock } from '../clock.ts'
import { badRequest, refusal } from '../control/replies.ts'
import { createExchange } from '../exchange.ts'
import type { FaultPlan } from '../faults/fault-plan.ts'
import type { Journal } from '../journal.ts'
import type { Ledger } from '../ledger/ledger.ts'
import type { Webhooks } from '../notifications/webhooks.ts'
import { ApiError } from '../rest/api-error.ts'
import { Idempotency } from '../rest/idempotency.ts'
import type { SandboxEnv } from '../sandbox-env.ts'
import { emitSessionEvent, sendSessionEvents } from './events.ts'
import { openSessionsRecords, SCANS } from './records.ts'
import { Returns } from './returns.ts'
import { sessionsApiRoutes } from './routes.ts'
import { ShopOrders } from './shop-orders.ts'

export interface SessionsGatewayParts {
  readonly clock: Clock
  readonly journal: Journal
  readonly ledger: Ledger
  readonly faults: FaultPlan
  readonly webhooks: Webhooks
  readonly publicUrl: (request: Request) => string
}

/** The simulated sessions API, in the pieces that are mounted at different addresses. Its buyers pay in the wallet. */
export interface SessionsGateway {
  readonly api: Hono<SandboxEnv>
  /**
   * What happens outside the API; `{id}` is an order (`ord_…`) or one of its payment sessions:
   * `POST /{id}/scan` `{ scan }`: a carrier's scan (`picked_up`, `out_for_delivery`, `arrived`, `released`, `returning`,
   * `returned`, which also receives an open return) · `POST /{id}/settle`: the money reaches the merchant.
   */
  readonly control: Hono<SandboxEnv>
  forget(): void
}

export function createSessionsGateway(parts: SessionsGatewayParts): SessionsGateway {
  const { clock, journal, ledger, faults, webhooks, publicUrl } = parts
  const records = openSessionsRecords(journal)
  const news = (event: string, orderId: string) => emitSessionEvent(event, orderId, orders, webhooks)
  const orders = new ShopOrders(ledger, clock, records, news)
  const returns = new Returns(orders, clock, records, news)
  const idempotency = new Idempotency('sessions', journal)
  sendSessionEvents(ledger, records, orders, webhooks)

  const control = new Hono<SandboxEnv>()
  const orderIdOf = (id: string) => records.sessions.get(id)?.orderId ?? records.orders.get(id)?.id

  control.post('/:id/scan', async (c) => {
    const id = orderIdOf(c.req.param('id'))
    if (id === undefined) return refusal(404, 'No such order')
    try {
      const { scan: wanted } = await c.req.json()
      const scan = SCANS.find((known) => known === wanted)
      if (!scan) throw new TypeError(`"scan" has to be one of ${SCANS.join(', ')}`)
      orders.scan(id, scan)
      const open = returns.of(id).find(({ state }) => state === 'initiated')
      if (scan === 'returned' && open) returns.receive(open.id)
      return c.body(null, 204)
    } catch (error) {
      return error instanceof ApiError ? refusal(error.status, error.message) : badRequest(error)
    }
  })
  control.post('/:id/settle', (c) => {
    const id = orderIdOf(c.req.param('id'))
    if (id === undefined) return refusal(404, 'No such order')
    news('settlement.created', id)
    return c.body(null, 204)
  })

  const exchange = createExchange(ledger, faults)
  return {
    api: sessionsApiRoutes({ clock, exchange, records, orders, returns, idempotency, webhooks, publicUrl }),
    control,
    forget() {
      for (const collection of Object.values(records)) collection.forget()
      idempotency.forget()
    },
  }
}
