import type { Hono } from 'hono'
import { latest, seenWithLag } from '../ledger/order.ts'
import { badField } from '../rest/api-error.ts'
import type { Fields } from '../rest/fields.ts'
import type { SandboxEnv } from '../sandbox-env.ts'
import type { ApiCalls, PaymentsApiParts } from './api-calls.ts'

/** Payments, and the steps of their life. */
export function paymentRoutes(
  app: Hono<SandboxEnv>,
  { view, write, read, charged }: ApiCalls,
  { clock, payments, records }: PaymentsApiParts,
): void {
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
}
