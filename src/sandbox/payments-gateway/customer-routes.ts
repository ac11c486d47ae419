import type { Hono } from 'hono'
import { cors } from 'hono/cors'
import { guarded } from '../rest/api-error.ts'
import { bodyOf } from '../rest/fields.ts'
import type { SandboxEnv } from '../sandbox-env.ts'
import type { ApiCalls, PaymentsApiParts } from './api-calls.ts'
import { attachMethod, createCustomer, createMethod, createToken, getCustomer, getMethod } from './customers.ts'
import { customerView, methodView } from './views.ts'

/** Customers, what they pay with, and the tokens that pages make of cards. */
export function customerRoutes(
  app: Hono<SandboxEnv>,
  { write, read }: ApiCalls,
  { clock, exchange, records, credentials, happened }: PaymentsApiParts,
): void {
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

  app.post('/payment_methods', (c) => write(c, (fields) => methodView(createMethod(fields, records, clock))))
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
}
