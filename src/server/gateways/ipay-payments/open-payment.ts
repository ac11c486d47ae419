import * as z from 'zod'
import { ownMembers } from '../../../contract/own-members.ts'
import { fitText } from '../fit-text.ts'
import type { GatewayReply } from '../http-client.ts'
import type { AttemptToOpen, OpenOutcome } from '../port.ts'
import { detailOf, kindOf, unknownBecause } from '../reply-kind.ts'
import { reasonOf } from './failure-codes.ts'
import { instantOf, nextActionUrl, PaymentReply, stateOf } from './payment-reply.ts'

const MAX_DESCRIPTION = 1_000

/** What every payment of this shop is opened with. */
export interface OpenSettings {
  readonly captureMethod: 'automatic' | 'manual'
  readonly statementDescriptor: string | undefined
}

/**
 * The body of `POST /payments`. Our order id travels in `metadata`. `confirmation_token` asks for the gateway's own pages
 * (method, wallet, bank, 3-D Secure); a saved method is charged at once and goes there only for a challenge.
 */
export function openBody(attempt: AttemptToOpen, { captureMethod, statementDescriptor }: OpenSettings) {
  const { reference, amount, description, returnUrls, lang, payer } = ownMembers(attempt)
  const { customer, paymentMethod } = ownMembers(payer ?? {})
  return {
    amount: amount.minor,
    currency: amount.currency,
    description: fitText(description, MAX_DESCRIPTION) || 'Order',
    confirm: true,
    confirmation_token: true,
    capture_method: captureMethod,
    ...(statementDescriptor !== undefined && { statement_descriptor: statementDescriptor }),
    ...(customer !== undefined && { customer }),
    ...(paymentMethod !== undefined && { payment_method: paymentMethod }),
    metadata: { orderId: reference, ...(lang !== null && { lang }) },
    return_url: returnUrls.success,
    failure_url: returnUrls.failure,
    cancel_url: returnUrls.cancel,
  }
}

const Id = z.string().min(1).max(64)

const Declined = z.object({
  error: z.object({
    code: z.unknown().optional(),
    payment: z
      .union([Id, z.object({ id: Id }).transform(({ id }) => id)])
      .optional()
      .catch(undefined),
  }),
})

/** What an answer to `POST /payments` means for the attempt. */
export function openOutcome(reply: GatewayReply, attempt: AttemptToOpen): OpenOutcome {
  switch (kindOf(reply)) {
    case 'ok':
      return opened(reply, attempt)
    case 'declined':
      return declined(reply)
    case 'invalid':
    case 'unauthorized':
    case 'missing':
      return { kind: 'refused', detail: detailOf(reply) }
    default:
      return { kind: 'unknown', ...unknownBecause(reply) }
  }
}

function opened(reply: GatewayReply, attempt: AttemptToOpen): OpenOutcome {
  const payment = PaymentReply.safeParse(reply.kind === 'json' ? reply.body : undefined)
  if (!payment.success || payment.data.metadata.orderId !== attempt.reference) {
    return { kind: 'unknown', detail: `${detailOf(reply)}: an unexpected answer` }
  }
  const { id, next_action, expires_at } = payment.data
  const state = stateOf(payment.data)
  const paymentUrl = nextActionUrl(next_action)
  if (state !== 'created') return { kind: 'charged', orderId: id, notifiedAs: id }
  // Nowhere to go and not charged either: nobody could ever complete this.
  if (paymentUrl === undefined) return { kind: 'unknown', detail: 'the payment has no page for the buyer' }
  return { kind: 'opened', orderId: id, notifiedAs: id, paymentUrl, expiresAt: instantOf(expires_at) }
}

function declined(reply: GatewayReply): OpenOutcome {
  const body = Declined.safeParse(reply.kind === 'json' ? reply.body : undefined)
  const payment = body.success ? body.data.error.payment : undefined
  return {
    kind: 'declined',
    orderId: payment ?? null,
    ...(payment !== undefined && { notifiedAs: payment }),
    reason: reasonOf(body.success ? body.data.error.code : undefined),
    detail: detailOf(reply),
  }
}
