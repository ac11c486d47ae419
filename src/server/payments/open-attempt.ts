import { paymentUrl } from '../../contract/payment-url.ts'
import type { OpenOutcome } from '../gateways/port.ts'
import type { AttemptRow, PaymentRow } from '../store/port.ts'
import { askedOf } from './asked.ts'
import { withDeadline } from './deadline.ts'
import type { Deps } from './deps.ts'
import { type Opening, recordOpening } from './record-opening.ts'
import { storableOutcome } from './storable.ts'
import type { FlagKind } from './transition.ts'

/** The gateway's answer to an open request has to be there within this time. */
const OPEN_DEADLINE_MS = 8_000
/** A question that may be repeated is, at once, when its answer was lost within this time. */
const REPEAT_WITHIN_MS = 3_000
const REPEAT_DEADLINE_MS = 5_000

/**
 * Asks the gateway to open an attempt whose row is committed, and commits what came of it before anybody is told.
 * The claim on the purchase ends here, whatever the outcome.
 * @param again the gateway was asked before: that it refuses now proves nothing about the first question
 */
export async function openAttempt(
  deps: Deps,
  payment: PaymentRow,
  attempt: AttemptRow,
  again = false,
): Promise<Opening> {
  const outcome = storableOutcome(await askTwice(deps, payment, attempt, again))
  deps.reached('after-gateway-reply')
  const url = outcome.kind === 'opened' ? paymentUrl(outcome.paymentUrl, deps.urlRules) : undefined
  const alarms: FlagKind[] = []
  const opening = await deps.store.transaction((rows) => {
    alarms.length = 0
    return recordOpening(deps, rows, attempt, outcome, url, alarms)
  })
  deps.reached('after-attempt-committed')
  if (opening.kind === 'declined' && opening.attempt.reason !== null) {
    deps.telemetry.count('ipay_declines_total', { reason: opening.attempt.reason })
  }
  for (const kind of alarms) deps.telemetry.alarm(kind, { reference: attempt.reference, cause: 'open' })
  return opening
}

/** Where a gateway gives the same order for the same question, one lost answer costs a repeat and nothing else. */
async function askTwice(deps: Deps, payment: PaymentRow, attempt: AttemptRow, again: boolean): Promise<OpenOutcome> {
  const started = deps.clock.now()
  const first = await askGateway(deps, payment, attempt, OPEN_DEADLINE_MS)
  const isLost = first.kind === 'unknown' && first.retryAfterSeconds === undefined
  const isEarly = deps.clock.now() - started < REPEAT_WITHIN_MS
  if (!again && !(isLost && isEarly && deps.gateway.repeatsOpen)) return first
  const last = again ? first : await askGateway(deps, payment, attempt, REPEAT_DEADLINE_MS)
  return last.kind === 'refused' ? { kind: 'unknown', detail: `${last.detail}, after a lost answer` } : last
}

async function askGateway(
  deps: Deps,
  payment: PaymentRow,
  attempt: AttemptRow,
  deadlineMs: number,
): Promise<OpenOutcome> {
  const { description, lang, payer } = askedOf(attempt, payment)
  const returnUrl = (hint: string) => `${deps.endpoint}/${payment.token}/return/${hint}`
  const started = performance.now()
  const outcome = await withDeadline(deps.clock, deadlineMs, (signal) =>
    deps.gateway.open(
      {
        reference: attempt.reference,
        amount: { minor: attempt.amount, currency: attempt.currency },
        description,
        returnUrls: { success: returnUrl('success'), failure: returnUrl('failure'), cancel: returnUrl('cancel') },
        lang,
        ...(payer && { payer }),
      },
      { signal, accepted: () => deps.reached('after-gateway-accepted') },
    ),
  )
  const seconds = (performance.now() - started) / 1_000
  deps.telemetry.observe('ipay_gateway_seconds', seconds, { operation: 'open', outcome: outcome.kind })
  return outcome
}
