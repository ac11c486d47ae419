import { type ApiClient, segment } from '../api-client.ts'
import type { AttemptToRead, GatewayReading } from '../port.ts'
import { kindOf, mayTellLater, unknownBecause } from '../reply-kind.ts'
import { OrderReply, readSession, SessionReply } from './replies.ts'

/** News of the parcel must not hold up the news that a session was paid. */
const PARCEL_DEADLINE_MS = 1_500

/** Reads an attempt's payment session, and the parcel of its order. */
export async function readBySession(
  api: ApiClient,
  attempt: AttemptToRead,
  signal: AbortSignal,
): Promise<GatewayReading> {
  if (attempt.orderId === null) return { kind: 'unreachable', detail: 'the payment session has no id yet' }
  const reply = await api({ method: 'GET', path: `/payment-sessions/${segment(attempt.orderId)}`, signal })
  const kind = kindOf(reply)
  if (kind === 'missing' && reply.kind === 'json') return { kind: 'absent', raw: 'HTTP 404' }
  if (kind !== 'ok' || reply.kind !== 'json') return { kind: 'unreachable', ...unknownBecause(reply) }
  const session = SessionReply.safeParse(reply.body)
  if (!session.success) return { kind: 'unreachable', detail: 'the payment session has an unexpected shape' }
  const order = await readOrder(api, session.data, signal)
  const reading = readSession(session.data, typeof order === 'object' ? order : undefined)
  return order === 'not known' && reading.kind === 'payment' ? { ...reading, incomplete: true } : reading
}

/** The session's order; `not known` when it could not be read now, or is another one. */
async function readOrder(
  api: ApiClient,
  session: SessionReply,
  signal: AbortSignal,
): Promise<OrderReply | 'none' | 'not known'> {
  const soon = AbortSignal.any([signal, AbortSignal.timeout(PARCEL_DEADLINE_MS)])
  const reply = await api({ method: 'GET', path: `/orders/${segment(session.order_id)}`, signal: soon })
  const order = kindOf(reply) === 'ok' && reply.kind === 'json' ? OrderReply.safeParse(reply.body) : undefined
  if (order?.success && order.data.id === session.order_id) return order.data
  return mayTellLater(reply) ? 'not known' : 'none'
}
