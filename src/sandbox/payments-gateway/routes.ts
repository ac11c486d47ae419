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
import { type Context, Hono } from 'hono'
import { cors } from 'hono/cors'
import type { Clock } from '../clock.ts'
import type { Exchange } from '../exchange.ts'
import { type Change, latest, seenWithLag } from '../ledger/order.ts'
import { ApiError, badField, guarded, unknownId } from '../rest/api-error.ts'
import { bodyOf, type Fields } from '../rest/fields.ts'
import type { Idempotency } from '../rest/idempotency.ts'
import type { SandboxEnv } from '../sandbox-env.ts'
import type { Credentials } from './credentials.ts'
import { attachMethod, createCustomer, createMethod, createToken, getCustomer, getMethod } from './customers.ts'
import type { Payment, Payments } from './payments.ts'
import type { Records } from './records.ts'
import { createRefund } from './refunds.ts'
import { customerView, disputeView, methodView, paymentView, refundView } from './views.ts'

export interface PaymentsApiParts {
  readonly clock: Clock
  readonly exchange: Exchange
  readonly payments: Payments
  readonly records: Records
  readonly credentials: Credentials
  readonly idempotency: Idempotency
  readonly publicUrl: (request: Request) => string
  /** Told of refunds and customers, for webhooks. */
  readonly happened: (type: 'payment.refunded' | 'customer.created', id: string) => void
}

type Call = Context<SandboxEnv>

export function paymentsApiRoutes(parts: PaymentsApiParts): Hono<SandboxEnv> {
  const { clock, exchange, payments, records, credentials, idempotency, publicUrl, happened } = parts
  const app = new Hono<SandboxEnv>()

  const view = (c: Call, { order, record }: Payment, change?: Change) =>
    paymentView(order, record, publicUrl(c.req.raw), change)

  /** Answers a write: key, idempotency, then `work` on the parsed body. `id` names the payment that it is about. */
  function write(c: Call, work: (fields: Fields) => object, id: () => string | undefined = () => undefined) {
    const answer = guarded(async () => {
      credentials.requireServer(c.req.raw)
      const body = await c.req.text()
      return idempotency.once(
        c.req.raw,
        body,
        guarded(async () => Response.json(work(bodyOf(body)))),
      )
    })
    return exchange(c, 'create', answer, () => payments.find(id() ?? '')?.order)
  }

  /** Answers a read. */
  function read(c: Call, work: (lagMs: number) => object, id?: string) {
    const answer = (lagMs: number) =>
      guarded(async () => {
        credentials.requireServer(c.req.raw)
        return Response.json(work(lagMs))
      })()
    return exchange(c, 'status', answer, () => payments.find(id ?? '')?.order)
  }

  /** A payment as the answer of a charge: 402 with it when the charge was declined. */
  function charged(c: Call, payment: Payment): object {
    const shown = view(c, payment)
    if (shown['status'] !== 'failed') return shown
    throw new ApiError(402, String(shown['failure_code']), String(shown['failure_message']), { payment: shown })
  }

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

  app.post('/payments', (c) => {
    let id: string | undefined
    const work = (fields: Fields) => {
      const payment = payments.create(fields)
      id = payment.record.id
      return charged(c, payment)
    }
    return write(c, work, () => id)
  })
  app.get('/payments', (c) =>
    read(c, () => {
      const reference = c.req.query('order_id')
      if (reference === undefined) throw badField('order_id', 'is required')
      const same = records.payments.all().filter(({ metadata }) => metadata['orderId'] === reference)
      return { data: same.map(({ id }) => view(c, payments.get(id))) }
    }),
  )
  app.get('/payments/:id', (c) => {
    const id = c.req.param('id')
    const work = (lagMs: number) => {
      const payment = payments.get(id)
      return view(c, payment, lagMs ? seenWithLag(payment.order, clock.now(), lagMs) : latest(payment.order))
    }
    return read(c, work, id)
  })
  app.post('/payments/:id/:step{confirm|capture|cancel|void}', (c) => {
    const { id, step } = c.req.param()
    const work = (fields: Fields) => {
      if (step === 'confirm') return charged(c, payments.confirm(id, fields))
      return view(c, step === 'capture' ? payments.capture(id, fields) : payments.cancel(id))
    }
    return write(c, work, () => id)
  })

  app.post('/refunds', (c) => {
    let id: string | undefined
    const work = (fields: Fields) => {
      const refund = createRefund(fields, payments, records, clock)
      id = refund.payment
      happened('payment.refunded', refund.payment)
      return refundView(refund)
    }
    return write(c, work, () => id)
  })
  app.get('/refunds', (c) => {
    const id = c.req.query('payment') ?? ''
    const own = () => records.refunds.all().filter(({ payment }) => payment === payments.get(id).record.id)
    return read(c, () => ({ data: own().map(refundView) }), id)
  })
  app.get('/refunds/:id', (c) => {
    const refund = records.refunds.get(c.req.param('id'))
    const work = () => {
      if (!refund) throw unknownId('refund', c.req.param('id'))
      return refundView(refund)
    }
    return read(c, work, refund?.payment)
  })

  app.post('/customers', (c) =>
    write(c, (fields) => {
      const customer = createCustomer(fields, records, clock)
      happened('customer.created', customer.id)
      return customerView(customer)
    }),
  )
  app.get('/customers/:id', (c) => read(c, () => customerView(getCustomer(c.req.param('id'), records))))
  app.get('/customers/:id/payment_methods', (c) =>
    read(c, () => {
      const { id } = getCustomer(c.req.param('id'), records)
      return { data: records.methods.all().flatMap((method) => (method.customer === id ? [methodView(method)] : [])) }
    }),
  )

  app.post('/payment_methods', (c) => write(c, (fields) => methodView(createMethod(fields, payments, records, clock))))
  app.get('/payment_methods/:id', (c) => read(c, () => methodView(getMethod(c.req.param('id'), records))))
  app.post('/payment_methods/:id/attach', (c) =>
    write(c, (fields) => methodView(attachMethod(c.req.param('id'), fields, records))),
  )

  app.use(
    '/tokens',
    cors({ origin: '*', allowMethods: ['POST'], allowHeaders: ['Authorization', 'Content-Type', 'Idempotency-Key'] }),
  )
  app.post('/tokens', (c) => {
    const answer = guarded(async () => {
      credentials.requirePublishable(c.req.raw)
      const { id, instrument } = createToken(bodyOf(await c.req.text()), records, clock)
      return Response.json({ id, object: 'token', type: instrument.type, card: instrument.card })
    })
    return exchange(c, 'create', answer, () => undefined)
  })

  app.get('/disputes', (c) => {
    const id = c.req.query('payment') ?? ''
    const own = () => records.disputes.all().filter(({ payment }) => payment === payments.get(id).record.id)
    return read(c, () => ({ data: own().map(disputeView) }), id)
  })
  app.get('/disputes/:id', (c) => {
    const dispute = records.disputes.get(c.req.param('id'))
    const work = () => {
      if (!dispute) throw unknownId('dispute', c.req.param('id'))
      return disputeView(dispute)
    }
    return read(c, work, dispute?.payment)
  })
  return app
}
