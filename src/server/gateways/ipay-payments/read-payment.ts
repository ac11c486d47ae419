import * as z from 'zod'
import { type ApiClient, segment } from '../api-client.ts'
import type { AttemptToRead, GatewayReading } from '../port.ts'
import { kindOf, mayTellLater, unknownBecause } from '../reply-kind.ts'
import { readPayment } from './payment-reply.ts'

/** Whether there is a dispute must not hold up the news that a payment was paid. */
const DISPUTES_DEADLINE_MS = 1_500

const Disputes = z.object({ data: z.array(z.unknown()) })

/** Reads a payment by its id, and for a paid one whether it is disputed. There is no way to ask by our reference. */
export async function readByOrder(
  api: ApiClient,
  attempt: AttemptToRead,
  signal: AbortSignal,
): Promise<GatewayReading> {
  if (attempt.orderId === null) return { kind: 'unreachable', detail: 'the payment has no id yet' }
  const reply = await api({ method: 'GET', path: `/payments/${segment(attempt.orderId)}`, signal })
  const kind = kindOf(reply)
  if (kind === 'missing' && reply.kind === 'json') return { kind: 'absent', raw: 'HTTP 404' }
  if (kind !== 'ok' || reply.kind !== 'json') return { kind: 'unreachable', ...unknownBecause(reply) }
  const reading = readPayment(reply.body)
  if (reading.kind !== 'payment' || reading.state !== 'paid') return reading
  const disputed = await isDisputed(api, reading.orderId, signal)
  return disputed === undefined ? { ...reading, incomplete: true } : { ...reading, disputed }
}

/** Undefined when nobody can tell now. A gateway that refuses to say has no disputes for us. */
async function isDisputed(api: ApiClient, orderId: string, signal: AbortSignal): Promise<boolean | undefined> {
  const soon = AbortSignal.any([signal, AbortSignal.timeout(DISPUTES_DEADLINE_MS)])
  const reply = await api({ method: 'GET', path: `/disputes?payment=${segment(orderId)}`, signal: soon })
  const disputes = kindOf(reply) === 'ok' && reply.kind === 'json' ? Disputes.safeParse(reply.body) : undefined
  if (disputes?.success) return disputes.data.data.length > 0
  return mayTellLater(reply) ? undefined : false
}
