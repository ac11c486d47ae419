/**
 * The order gateway's protocol, mounted below `/api/pg`:
 *
 * - `POST /order` → 200 `{ message, orderId, paymentUrl, referenceId }`, 400 (a field), 401 (key), 409 (reference used)
 * - `GET /order/{orderId}/status`, `GET /order/referenceId/{referenceId}/status` → 200, 401, 404
 *
 * Errors are `{ "message" }`. Every key is accepted but `invalid`.
 */
import { type Context, Hono } from 'hono'
import type { Exchange } from '../exchange.ts'
import type { Ledger } from '../ledger/ledger.ts'
import { type Order, seenWithLag } from '../ledger/order.ts'
import type { SandboxEnv } from '../sandbox-env.ts'
import { newOrderId } from './ids.ts'
import { type OrderRequest, parseOrderRequest } from './order-request.ts'
import { statusReply } from './status-reply.ts'

/** An order that nobody touches expires after this time. */
export const ORDER_LIFE_MS = 15 * 60 * 1000

export interface OrderGatewayParts {
  readonly ledger: Ledger
  readonly exchange: Exchange
  /** Origin of the payment pages. */
  readonly publicUrl: (request: Request) => string
}

const refusal = (status: number, message: string) => Response.json({ message }, { status })

/** One space, one key; anything else is no key at all. */
function hasKey(request: Request): boolean {
  const key = /^Bearer ([!-~]+)$/.exec(request.headers.get('authorization') ?? '')?.[1]
  return key !== undefined && key !== 'invalid'
}

export function orderGatewayRoutes({
  ledger,
  exchange: plainExchange,
  publicUrl,
}: OrderGatewayParts): Hono<SandboxEnv> {
  const app = new Hono<SandboxEnv>()

  /** As {@link Exchange}, for those with a key. */
  const exchange: Exchange = (c, on, work, order) => {
    const refused = async () => refusal(401, 'Invalid API key')
    return plainExchange(c, on, hasKey(c.req.raw) ? work : refused, order)
  }

  app.post('/order', (c) => {
    let order: Order | undefined
    const work = async () => {
      let wanted: OrderRequest
      try {
        wanted = parseOrderRequest(await c.req.json().catch(() => null))
      } catch (error) {
        return refusal(400, error instanceof Error ? error.message : 'Bad request')
      }
      order = ledger.byReference('ipay', wanted.referenceId)
      if (order) return refusal(409, `Reference Id '${wanted.referenceId}' has already been used`)
      order = place(wanted)
      return Response.json({
        message: 'Order placed successfully',
        orderId: order.orderId,
        paymentUrl: `${publicUrl(c.req.raw)}/pay/${order.orderId}`,
        referenceId: order.referenceId,
      })
    }
    return exchange(c, 'create', work, () => order)
  })

  function place(wanted: OrderRequest): Order {
    const createdAt = ledger.now()
    return ledger.place({
      gateway: 'ipay',
      orderId: newOrderId((id) => ledger.byId(id) !== undefined),
      referenceId: wanted.referenceId,
      amount: wanted.amount,
      description: wanted.description,
      successUrl: wanted.successCallbackUrl,
      failureUrl: wanted.failureCallbackUrl,
      cancelUrl: wanted.cancelCallbackUrl,
      createdAt,
      expiresAt: createdAt + ORDER_LIFE_MS,
    })
  }

  const status = (c: Context<SandboxEnv>, find: () => Order | undefined) => {
    const work = async (lagMs: number) => {
      const order = find()
      if (!order) return refusal(404, 'Order not found')
      return Response.json(statusReply(order, seenWithLag(order, ledger.now(), lagMs)))
    }
    return exchange(c, 'status', work, find)
  }

  app.get('/order/referenceId/:referenceId/status', (c) =>
    status(c, () => ledger.byReference('ipay', c.req.param('referenceId'))),
  )
  app.get('/order/:orderId/status', (c) =>
    status(c, () => {
      const order = ledger.byId(c.req.param('orderId'))
      return order?.gateway === 'ipay' ? order : undefined
    }),
  )
  return app
}
