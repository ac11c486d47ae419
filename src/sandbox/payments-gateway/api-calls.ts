import type { Context } from 'hono'
import type { Clock } from '../clock.ts'
import type { Exchange } from '../exchange.ts'
import type { Change } from '../ledger/order.ts'
import { ApiError, guarded } from '../rest/api-error.ts'
import { bodyOf, type Fields } from '../rest/fields.ts'
import type { Idempotency } from '../rest/idempotency.ts'
import type { SandboxEnv } from '../sandbox-env.ts'
import type { Credentials } from './credentials.ts'
import type { Payment, Payments } from './payments.ts'
import type { Records } from './records.ts'
import { paymentView } from './views.ts'

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

/** How every request of the Payments API is answered: who asks, what is repeated, and which order a fault may strike. */
export type ApiCalls = ReturnType<typeof apiCalls>

export function apiCalls({ exchange, payments, credentials, idempotency, publicUrl }: PaymentsApiParts) {
  /** A payment as the API shows it. */
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

  return { view, write, read, charged }
}
