import { moneyText } from '../../../contract/money.ts'
import { type ApiClient, segment } from '../api-client.ts'
import { fitText } from '../fit-text.ts'
import type { GatewayReply } from '../http-client.ts'
import type { AttemptToOpen, GatewayCall, OpenOutcome } from '../port.ts'
import { detailOf, kindOf, unknownBecause } from '../reply-kind.ts'
import type { Handover } from './orders.ts'
import { instantOf, OrderReply, SessionReply } from './replies.ts'

const MAX_DESCRIPTION = 500

/**
 * Opens an order and its payment session, two writes with a key each, both made of the attempt's reference: a repeat finds
 * what the first one made, however far it came.
 */
export async function openSession(
  api: ApiClient,
  attempt: AttemptToOpen,
  handover: Handover,
  { signal, accepted }: GatewayCall,
): Promise<OpenOutcome> {
  const { reference, amount, description, returnUrls, lang } = attempt
  const order = await api({
    method: 'POST',
    path: '/orders',
    body: {
      external_id: reference,
      amount: moneyText(amount),
      currency: amount.currency,
      description: fitText(description, MAX_DESCRIPTION) || 'Order',
      handover,
      ...(lang !== null && { metadata: { lang } }),
    },
    key: `${reference}-order`,
    signal,
  })
  const made = kindOf(order) === 'ok' && order.kind === 'json' ? OrderReply.safeParse(order.body) : undefined
  if (!made) return failed(order)
  if (!made.success || made.data.external_id !== reference) return strange(order)

  const session = await api({
    method: 'POST',
    path: `/orders/${segment(made.data.id)}/payment-sessions`,
    body: { success_url: returnUrls.success, failure_url: returnUrls.failure, cancel_url: returnUrls.cancel },
    key: `${reference}-session`,
    signal,
    accepted,
  })
  const opened = kindOf(session) === 'ok' && session.kind === 'json' ? SessionReply.safeParse(session.body) : undefined
  if (!opened) return failed(session)
  if (!opened.success || opened.data.merchant_reference !== reference) return strange(session)
  const { id, url, expires_at } = opened.data
  if (typeof url !== 'string' || url === '') return strange(session)
  return { kind: 'opened', orderId: id, notifiedAs: made.data.id, paymentUrl: url, expiresAt: instantOf(expires_at) }
}

function failed(reply: GatewayReply): OpenOutcome {
  switch (kindOf(reply)) {
    case 'invalid':
    case 'unauthorized':
    case 'missing':
      return { kind: 'refused', detail: detailOf(reply) }
    case 'declined':
      return { kind: 'declined', orderId: null, reason: 'declined', detail: detailOf(reply) }
    default:
      return { kind: 'unknown', ...unknownBecause(reply) }
  }
}

const strange = (reply: GatewayReply): OpenOutcome => ({
  kind: 'unknown',
  detail: `${detailOf(reply)}: an unexpected answer`,
})
