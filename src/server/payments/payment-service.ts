import type { AttemptRow, PaymentRow } from '../store/port.ts'
import { within } from './deadline.ts'
import type { Deps } from './deps.ts'
import { openPayment } from './open-payment.ts'
import { paymentStatus } from './payment-status.ts'
import type { AttemptReader } from './read-attempt.ts'
import type { PaymentsService } from './service.ts'
import type { Cause } from './settle-attempt.ts'

/** A buyer's visit waits this long for the gateway; the answer is settled all the same when it comes later. */
const VISIT_PATIENCE_MS = 3_000
/** Who asks for the status while the gateway is being asked for somebody else gets what is known after this. */
const CROWD_PATIENCE_MS = 30
/** Status questions of a crowd lead to one question to the gateway in this time. */
const STATUS_MAX_AGE_MS = 1_500
/** Attempts of which nobody knows what they are: asked less often. */
const UNRESOLVED_MAX_AGE_MS = 5_000

/** The use cases behind the endpoint, over the rules of the money. */
export function createPaymentsService(deps: Deps, reader: AttemptReader): PaymentsService {
  /**
   * Asks about the attempts that a buyer may just have paid: the payable ones whose address is out, newest first. Resolves
   * to the attempts as they were before, or to undefined when there may be news of them since.
   */
  async function refresh(paymentId: string, cause: Cause, maxAgeMs: number): Promise<AttemptRow[] | undefined> {
    const attempts = await deps.store.rows.attempts(paymentId)
    const worthAsking = attempts.filter((a) => a.payment_url !== null && (WAITING.has(a.state) || cause === 'return'))
    const isCrowd = cause === 'status' && worthAsking.some((attempt) => reader.isAsking(attempt))
    const questions = worthAsking.slice(-3).map((attempt) => {
      const age =
        attempt.state === 'unresolved' ? Math.max(maxAgeMs, cause === 'return' ? 0 : UNRESOLVED_MAX_AGE_MS) : maxAgeMs
      return reader.read(attempt, cause, age)
    })
    // An answer that cannot be written down now is asked for again; the visitor gets what was known before.
    const all = Promise.all(questions).catch((error: unknown) =>
      deps.telemetry.log('warn', 'settle-failed', { cause, error: String(error) }),
    )
    const readings = await within(deps.clock, isCrowd ? CROWD_PATIENCE_MS : VISIT_PATIENCE_MS, all, undefined)
    return readings?.every((reading) => reading === undefined) ? attempts : undefined
  }

  const told = (payment: PaymentRow, attempt: AttemptRow | undefined) =>
    paymentStatus(payment, attempt, deps.gateway.environment, deps.clock.now())

  return {
    open: (input) => openPayment(deps, reader, input),

    async status(token) {
      const found = await deps.store.rows.paymentByToken(token)
      if (!found) return undefined
      const known = WAITING.has(found.state) ? await refresh(found.id, 'status', STATUS_MAX_AGE_MS) : undefined
      if (known)
        return told(
          found,
          known.find(({ id }) => id === found.attempt_id),
        )
      const payment = (WAITING.has(found.state) && (await deps.store.rows.payment(found.id))) || found
      return told(payment, payment.attempt_id ? await deps.store.rows.attempt(payment.attempt_id) : undefined)
    },

    async returned(token, { ask }) {
      const payment = await deps.store.rows.paymentByToken(token)
      if (!payment) return undefined
      if (ask && payment.state !== 'paid') await refresh(payment.id, 'return', 0)
      return { returnTo: payment.return_to }
    },

    async returnTo(token) {
      return (await deps.store.rows.paymentByToken(token))?.return_to
    },
  }
}

/** States in which the next answer of the gateway may be news. */
const WAITING: ReadonlySet<string> = new Set(['opening', 'created', 'processing', 'unresolved'])
