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
import { Credentials } from './credentials.ts'
import { sendPaymentEvents } from './events.ts'
import { paymentPagesRoutes } from './page-routes.ts'
import { Payments } from './payments.ts'
import { openRecords } from './records.ts'
import { createRefund } from './refunds.ts'
import { paymentsApiRoutes } from './routes.ts'

export interface PaymentsGatewayParts {
  readonly clock: Clock
  readonly journal: Journal
  readonly ledger: Ledger
  readonly faults: FaultPlan
  readonly webhooks: Webhooks
  readonly publicUrl: (request: Request) => string
}

/** The simulated Payments API, in the pieces that are mounted at different addresses. */
export interface PaymentsGateway {
  readonly api: Hono<SandboxEnv>
  readonly pages: Hono<SandboxEnv>
  /** `POST /{id}/dispute` `{ reason? }` and `POST /{id}/refund` `{ amount?, reason? }`: what happens outside the API. */
  readonly control: Hono<SandboxEnv>
  forget(): void
}

export function createPaymentsGateway(parts: PaymentsGatewayParts): PaymentsGateway {
  const { clock, journal, ledger, faults, webhooks, publicUrl } = parts
  const records = openRecords(journal)
  const payments = new Payments(ledger, clock, records)
  const credentials = new Credentials(clock)
  const idempotency = new Idempotency('payments', journal)
  const happened = sendPaymentEvents({ ledger, payments, records, webhooks })
  const exchange = createExchange(ledger, faults)

  const control = new Hono<SandboxEnv>()
  control.post('/:id/:what{dispute|refund}', async (c) => {
    const { id, what } = c.req.param()
    if (!payments.find(id)) return refusal(404, 'No such payment')
    try {
      const text = await c.req.text()
      const fields = text === '' ? {} : JSON.parse(text)
      if (what === 'dispute') payments.dispute(id, String(fields.reason ?? 'fraudulent'))
      else {
        createRefund({ ...fields, payment: id }, payments, records, clock)
        happened('payment.refunded', id)
      }
      return c.body(null, 204)
    } catch (error) {
      return error instanceof ApiError ? refusal(400, error.message) : badRequest(error)
    }
  })

  return {
    api: paymentsApiRoutes({ clock, exchange, payments, records, credentials, idempotency, publicUrl, happened }),
    pages: paymentPagesRoutes({ ledger, faults, payments, records }),
    control,
    forget() {
      for (const collection of Object.values(records)) collection.forget()
      credentials.forget()
      idempotency.forget()
    },
  }
}
