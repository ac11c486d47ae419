import { moneyText } from '../../contract/money.ts'
import type { OpenReply, PaymentStatus } from '../../contract/schemas.ts'
import type { Environment, PaymentState, Reason } from '../../contract/states.ts'
import { retryOf } from '../../contract/states.ts'
import type { AttemptRow, PaymentRow } from '../store/port.ts'
import { isUnheardPastEnd, pollAfterSeconds } from './schedule.ts'
import { releaseOf } from './side-news.ts'

const instant = (ms: number) => new Date(ms).toISOString()

/** An end that lies behind us is not named: the gateway still takes the order, whatever our clock says. */
const endOf = (attempt: AttemptRow, now: number) =>
  attempt.expires_at !== null && attempt.expires_at > now ? instant(attempt.expires_at) : null

/** The answer to an open request for a payable attempt. */
export function openReply(payment: PaymentRow, attempt: AttemptRow, environment: Environment, now: number): OpenReply {
  if (attempt.payment_url === null) throw new Error('An attempt without an address cannot be handed out')
  return {
    version: 1,
    token: payment.token,
    state: 'created',
    amount: moneyText({ minor: attempt.amount, currency: attempt.currency }),
    currency: attempt.currency,
    reference: attempt.reference,
    paymentUrl: attempt.payment_url,
    expiresAt: endOf(attempt, now),
    serverTime: instant(now),
    environment,
  }
}

/** The answer to a status question. `attempt` is the one that speaks for the payment, if there is one yet. */
export function paymentStatus(
  payment: PaymentRow,
  attempt: AttemptRow | undefined,
  environment: Environment,
  now: number,
): PaymentStatus {
  const known = payment.state as PaymentState
  // The reconciler writes the same as soon as its question got no answer; nobody is sent to a dead end meanwhile.
  const state = known === 'created' && attempt && isUnheardPastEnd(attempt, now) ? 'processing' : known
  const reason = state === 'failed' ? ((payment.reason ?? 'unknown') as Reason) : null
  const payable = state === 'created' && attempt?.state === 'created' && attempt.payment_url !== null
  const priced = attempt ?? payment
  const release = attempt && releaseOf(attempt)
  return {
    version: 1,
    token: payment.token,
    state,
    amount: moneyText({ minor: priced.amount, currency: priced.currency }),
    currency: priced.currency,
    reference: attempt?.reference ?? payment.id,
    transactionId: payment.transaction_id,
    paidAt: payment.paid_at === null ? null : instant(payment.paid_at),
    reason,
    retry: retryOf(state, reason),
    paymentUrl: payable ? attempt.payment_url : null,
    expiresAt: payable ? endOf(attempt, now) : null,
    serverTime: instant(now),
    pollAfter: pollAfterSeconds(state, now - (attempt ?? payment).created_at),
    environment,
    ...(payment.refunded > 0 && {
      refunded: moneyText({ minor: payment.refunded, currency: priced.currency }),
    }),
    ...(release && { release }),
  }
}
