/**
 * The Payments API, mounted below `/payments/api`. The public guides describe it as a pattern; every address and shape
 * that they leave open is chosen here, and this comment is the place where it is written down.
 *
 * **Who asks.** Servers: `Authorization: Basic base64(apiKey:apiSecret)`, or `Bearer` with an access token or a JWT (any
 * signature, `iss` is the key, `exp` ahead). Pages: `Bearer pk_…`, for tokens only. Every key but `invalid` is accepted.
 * `POST /oauth/token` (form: `grant_type=client_credentials`, id and secret as Basic or as `client_id` and
 * `client_secret`) → `{ access_token, token_type: "Bearer", expires_in: 3600 }`, 401 `{ error: "invalid_client" }`.
 *
 * **Writes** carry `Idempotency-Key` (400 without; the first answer again for the same request, with the header
 * `Idempotent-Replayed`; 409 `idempotency_key_reused` for another one). Only `POST /tokens` and `/oauth/token` need none.
 *
 * | request | answer |
 * |---|---|
 * | `POST /payments` `{ amount, currency, customer?, payment_method?, confirm?, confirmation_token?, description?, metadata?, capture_method?, statement_descriptor?, return_url?, failure_url?, cancel_url? }` | 200 payment; 402 when declined |
 * | `GET /payments/{id}` · `GET /payments?order_id=` | 200 payment · `{ data: [payment] }` whose `metadata.orderId` that is |
 * | `POST /payments/{id}/confirm` `{ payment_method? }` | 200 payment; 402 when declined |
 * | `POST /payments/{id}/capture` `{ amount? }` · `POST /payments/{id}/cancel` (also `/void`) | 200 payment; 409 in another status |
 * | `POST /refunds` `{ payment, amount?, reason?, metadata? }` · `GET /refunds/{id}` · `GET /refunds?payment=` | 200 refund · `{ data }` |
 * | `POST /customers` `{ email?, name?, phone?, metadata? }` · `GET /customers/{id}` · `GET /customers/{id}/payment_methods` | 200 customer · `{ data: [payment method] }` |
 * | `POST /payment_methods` `{ type, token, customer? }` · `GET /payment_methods/{id}` · `POST /payment_methods/{id}/attach` `{ customer }` | 200 payment method |
 * | `POST /tokens` `{ card: { number, exp_month, exp_year, cvc } }`, from any origin | 200 `{ id, object: "token", type: "card", card }` |
 * | `GET /disputes/{id}` · `GET /disputes?payment=` | 200 dispute · `{ data }` |
 *
 * **A payment**: see `paymentView`; amounts are integers of the smallest unit, times are Unix seconds. With
 * `confirmation_token: true` and no method, it is `requires_action` at once and `next_action` is
 * `{ type: "redirect", redirect: { url } }`: a page where the buyer chooses how to pay. It sends the browser back to
 * `return_url`, `failure_url` or `cancel_url` with `?payment={id}` added. A card with 3-D Secure is `requires_action` with
 * the challenge's page. Open payments are `canceled` after 15 minutes (`cancellation_reason: "expired"`).
 *
 * **Errors**: `{ error: { type, code, message, param?, payment? } }`; 400, 401, 402 (declined, has the payment), 403,
 * 404, 409. **Faults**: `create` strikes every write, `status` every read. **Webhooks**: see `events.ts`.
 */
import { Hono } from 'hono'
import type { SandboxEnv } from '../sandbox-env.ts'
import { apiCalls, type PaymentsApiParts } from './api-calls.ts'
import { customerRoutes } from './customer-routes.ts'
import { paymentRoutes } from './payment-routes.ts'
import { refundRoutes } from './refund-routes.ts'

export function paymentsApiRoutes(parts: PaymentsApiParts): Hono<SandboxEnv> {
  const { credentials } = parts
  const app = new Hono<SandboxEnv>()

  app.post('/oauth/token', async (c) => {
    const form = new URLSearchParams(await c.req.text())
    if (form.get('grant_type') !== 'client_credentials') return c.json({ error: 'unsupported_grant_type' }, 400)
    const basic = Buffer.from(/^Basic (\S+)$/.exec(c.req.header('authorization') ?? '')?.[1] ?? '', 'base64').toString()
    const [, id, secret] = /^([^:]+):(.+)$/.exec(basic) ?? []
    try {
      const token = credentials.issue(id ?? form.get('client_id') ?? '', secret ?? form.get('client_secret') ?? '')
      return c.json(token, 200, { 'Cache-Control': 'no-store' })
    } catch {
      return c.json({ error: 'invalid_client' }, 401)
    }
  })

  const calls = apiCalls(parts)
  paymentRoutes(app, calls, parts)
  refundRoutes(app, calls, parts)
  customerRoutes(app, calls, parts)
  return app
}
