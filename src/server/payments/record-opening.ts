import type { OpenOutcome } from '../gateways/port.ts'
import type { AttemptRow, PaymentRow, Rows } from '../store/port.ts'
import type { Deps } from './deps.ts'
import { derivePayment } from './derive-payment.ts'
import { raiseFlag } from './flags.ts'
import { nextCheckAt } from './schedule.ts'
import type { FlagKind } from './transition.ts'

/** When the reconciler first asks what became of an order whose answer was lost. */
const FIRST_QUESTION_MS = 2_000

/** `opened`: `attempt` has its address. The others as the gateway's outcomes; `unsafe`: its address breaks our rule. */
export type Opening =
  | { readonly kind: 'opened'; readonly payment: PaymentRow; readonly attempt: AttemptRow }
  /** The gateway acts without the buyer, or has declined already: the status says what came of it. */
  | { readonly kind: 'charged' | 'declined'; readonly payment: PaymentRow; readonly attempt: AttemptRow }
  /** The claim had run out and somebody else may have opened another attempt: this one's address is given to nobody. */
  | { readonly kind: 'superseded' }
  | { readonly kind: 'refused' | 'unsafe' }
  /** `exists`: there is an order whose address was lost on the way, before anybody had it. */
  | {
      readonly kind: 'unknown'
      readonly detail: string
      readonly retryAfter: number | undefined
      readonly exists: boolean
    }

/**
 * Writes what the gateway answered to an open request, and ends the claim.
 * @param url the checked payment address; undefined when there is none that may be followed
 * @param alarms collects the flags that were raised
 */
export async function recordOpening(
  deps: Deps,
  rows: Rows,
  asked: AttemptRow,
  outcome: OpenOutcome,
  url: string | undefined,
  alarms: FlagKind[],
): Promise<Opening> {
  const now = deps.clock.now()
  const payment = await rows.lockPayment(asked.payment_id)
  const attempt = payment && (await rows.attempt(asked.id))
  if (!attempt) throw new Error('The payment of this attempt is gone')
  const ours = payment.claim === attempt.id
  const audit = (event: string, detail: string | null) =>
    rows.audit({ payment_id: payment.id, attempt_id: attempt.id, at: now, cause: 'open', event, detail })
  const flag = async (kind: FlagKind, detail: string) => {
    if (await raiseFlag(rows, { payment, attempt, kind, now, detail })) alarms.push(kind)
  }
  if (ours) await rows.updatePayment(payment.id, { claim: null, claim_until: 0, updated_at: now })
  // Of two who asked the same question the first wrote the answer down, and it may have moved on since.
  if (attempt.state !== 'opening' || attempt.order_id !== null) {
    return attempt.payment_url === null ? { kind: 'superseded' } : { kind: 'opened', payment, attempt }
  }

  /** Carries the attempt's new columns over to its payment. */
  async function moved(changes: Partial<AttemptRow>, event: string, detail: string | null) {
    const after = { ...(attempt as AttemptRow), ...changes, updated_at: now }
    const { id, ...columns } = after
    await rows.updateAttempt(id, columns)
    await audit(event, detail)
    const derived = derivePayment(payment as PaymentRow, await rows.attempts(after.payment_id))
    await rows.updatePayment(after.payment_id, { ...derived, updated_at: now })
    return { payment: { ...(payment as PaymentRow), ...derived }, attempt: after }
  }
  const next = (state: AttemptRow['state'], expiresAt: number | null) =>
    nextCheckAt({ state, createdAt: attempt.created_at, expiresAt }, now)

  switch (outcome.kind) {
    case 'unknown': {
      await rows.updateAttempt(attempt.id, { next_check_at: now + FIRST_QUESTION_MS, updated_at: now })
      await audit('gateway-unknown', outcome.detail)
      const { detail, retryAfterSeconds: retryAfter, exists } = outcome
      return { kind: 'unknown', detail, retryAfter, exists: exists === true }
    }
    case 'refused':
      await rows.updateAttempt(attempt.id, { state: 'refused', next_check_at: null, updated_at: now })
      await audit('gateway-refused', outcome.detail)
      await flag('gateway-refused', outcome.detail)
      return { kind: 'refused' }
    case 'declined': {
      const { orderId, notifiedAs = null, reason, detail } = outcome
      const changes = {
        state: 'failed' as const,
        reason,
        order_id: orderId,
        notified_as: notifiedAs,
        next_check_at: next('failed', null),
      }
      return { kind: 'declined', ...(await moved(changes, 'opening -> failed', detail)) }
    }
    case 'charged': {
      // The money may be on its way without any address: our own stands in for one, so that nobody opens a second.
      const changes = {
        state: 'processing' as const,
        order_id: outcome.orderId,
        notified_as: outcome.notifiedAs ?? null,
        payment_url: `${deps.endpoint}/${payment.token}/return/success`,
        next_check_at: next('processing', null),
      }
      return { kind: 'charged', ...(await moved(changes, 'opening -> processing', outcome.orderId)) }
    }
    case 'opened': {
      const { orderId, notifiedAs = null, expiresAt } = outcome
      const changes = {
        state: 'created' as const,
        order_id: orderId,
        notified_as: notifiedAs,
        payment_url: ours && url !== undefined ? url : null,
        expires_at: expiresAt,
        next_check_at: next('created', expiresAt),
      }
      if (!ours || url === undefined) {
        await rows.updateAttempt(attempt.id, { ...changes, updated_at: now })
        await audit('opening -> created', orderId)
        if (url !== undefined) return { kind: 'superseded' }
        await flag('unsafe-payment-url', 'The gateway answered with an address that breaks the rule for addresses')
        return { kind: 'unsafe' }
      }
      return { kind: 'opened', ...(await moved(changes, 'opening -> created', orderId)) }
    }
  }
}
