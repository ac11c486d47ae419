import { paymentUrl } from '../../contract/payment-url.ts'
import type { OpenOutcome } from '../gateways/port.ts'
import type { AttemptRow, PaymentRow, Rows } from '../store/port.ts'
import { withDeadline } from './deadline.ts'
import type { Deps } from './deps.ts'
import { derivePayment } from './derive-payment.ts'
import { raiseFlag } from './flags.ts'
import { nextCheckAt } from './schedule.ts'
import type { FlagKind } from './transition.ts'

/** The gateway's answer to an open request has to be there within this time. */
const OPEN_DEADLINE_MS = 8_000

/** When the reconciler first asks, by reference, what became of an order whose answer was lost. */
const FIRST_QUESTION_MS = 2_000

/** `opened`: `attempt` has its address. The others as the gateway's outcomes; `unsafe`: its address breaks our rule. */
export type Opening =
  | { readonly kind: 'opened'; readonly payment: PaymentRow; readonly attempt: AttemptRow }
  /** The claim had run out and somebody else may have opened another attempt: this one's address is given to nobody. */
  | { readonly kind: 'superseded' }
  | { readonly kind: 'refused' | 'unsafe' }
  | { readonly kind: 'unknown'; readonly retryAfter: number | undefined }

/**
 * Asks the gateway to open an attempt whose row is committed, and commits what came of it before anybody is told.
 * The claim on the purchase ends here, whatever the outcome.
 */
export async function openAttempt(deps: Deps, payment: PaymentRow, attempt: AttemptRow): Promise<Opening> {
  const outcome = await askGateway(deps, payment, attempt)
  deps.reached('after-gateway-reply')
  const url = outcome.kind === 'opened' ? paymentUrl(outcome.paymentUrl, deps.urlRules) : undefined
  const alarms: FlagKind[] = []
  const opening = await deps.store.transaction((rows) => record(deps, rows, attempt, outcome, url, alarms))
  deps.reached('after-attempt-committed')
  for (const kind of alarms) deps.telemetry.alarm(kind, { reference: attempt.reference, cause: 'open' })
  return opening
}

async function askGateway(deps: Deps, payment: PaymentRow, attempt: AttemptRow): Promise<OpenOutcome> {
  const returnUrl = (hint: string) => `${deps.endpoint}/${payment.token}/return/${hint}`
  const started = performance.now()
  const outcome = await withDeadline(deps.clock, OPEN_DEADLINE_MS, (signal) =>
    deps.gateway.open(
      {
        reference: attempt.reference,
        amount: { minor: attempt.amount, currency: attempt.currency },
        description: payment.description,
        returnUrls: { success: returnUrl('success'), failure: returnUrl('failure'), cancel: returnUrl('cancel') },
        lang: payment.lang,
      },
      { signal, accepted: () => deps.reached('after-gateway-accepted') },
    ),
  )
  const seconds = (performance.now() - started) / 1_000
  deps.telemetry.observe('ipay_gateway_seconds', seconds, { operation: 'open', outcome: outcome.kind })
  return outcome
}

async function record(
  deps: Deps,
  rows: Rows,
  attempt: AttemptRow,
  outcome: OpenOutcome,
  url: string | undefined,
  alarms: FlagKind[],
): Promise<Opening> {
  const now = deps.clock.now()
  const payment = await rows.lockPayment(attempt.payment_id)
  if (!payment) throw new Error('The payment of this attempt is gone')
  const ours = payment.claim === attempt.id
  const audit = (event: string, detail: string | null) =>
    rows.audit({ payment_id: payment.id, attempt_id: attempt.id, at: now, cause: 'open', event, detail })
  const flag = async (kind: FlagKind, detail: string) => {
    if (await raiseFlag(rows, { payment, attempt, kind, now, detail })) alarms.push(kind)
  }
  if (ours) await rows.updatePayment(payment.id, { claim: null, claim_until: 0, updated_at: now })

  if (outcome.kind === 'unknown') {
    await rows.updateAttempt(attempt.id, { next_check_at: now + FIRST_QUESTION_MS, updated_at: now })
    await audit('gateway-unknown', outcome.detail)
    return { kind: 'unknown', retryAfter: outcome.retryAfterSeconds }
  }
  if (outcome.kind === 'refused') {
    await rows.updateAttempt(attempt.id, { state: 'refused', next_check_at: null, updated_at: now })
    await audit('gateway-refused', outcome.detail)
    await flag('gateway-refused', outcome.detail)
    return { kind: 'refused' }
  }
  const expiresAt = outcome.expiresAt
  const opened = {
    state: 'created' as const,
    order_id: outcome.orderId,
    payment_url: ours && url !== undefined ? url : null,
    expires_at: expiresAt,
    next_check_at: nextCheckAt({ state: 'created', createdAt: attempt.created_at, expiresAt }, now),
    updated_at: now,
  }
  await rows.updateAttempt(attempt.id, opened)
  await audit('opening -> created', outcome.orderId)
  if (url === undefined) {
    await flag('unsafe-payment-url', 'The gateway answered with an address that breaks the rule for payment addresses')
    return { kind: 'unsafe' }
  }
  if (!ours) return { kind: 'superseded' }
  const derived = derivePayment(payment, await rows.attempts(payment.id))
  await rows.updatePayment(payment.id, { ...derived, updated_at: now })
  return { kind: 'opened', payment: { ...payment, ...derived }, attempt: { ...attempt, ...opened } }
}
