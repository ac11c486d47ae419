import type { Hono } from 'hono'
import { unknownId } from '../rest/api-error.ts'
import type { Fields } from '../rest/fields.ts'
import type { SandboxEnv } from '../sandbox-env.ts'
import type { ApiCalls, PaymentsApiParts } from './api-calls.ts'
import { createRefund } from './refunds.ts'
import { disputeView, refundView } from './views.ts'

/** Money that goes back: refunds, and disputes. */
export function refundRoutes(
  app: Hono<SandboxEnv>,
  { write, read }: ApiCalls,
  { clock, payments, records, happened }: PaymentsApiParts,
): void {
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
}
