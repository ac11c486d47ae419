import * as z from 'zod'
import { type ApiClient, segment } from '../api-client.ts'
import type { GatewayReply } from '../http-client.ts'
import type { AttemptWrite, WithCancel, WithCapture, WithRefunds, WriteOutcome } from '../port.ts'
import { detailOf, kindOf, unknownBecause } from '../reply-kind.ts'
import { stateOf } from './payment-reply.ts'

const RefundReply = z.object({
  id: z.string().min(1).max(64),
  amount: z.int().min(0),
  currency: z.string(),
  payment: z.string(),
  status: z.enum(['succeeded', 'pending', 'failed', 'canceled']),
})
const StatusReply = z.object({ id: z.string(), status: z.string(), cancellation_reason: z.unknown().optional() })
const Refusal = z.object({ error: z.object({ code: z.string() }) })

/** Refund, capture and void. The key is the caller's: a repeat is answered with what the first one did. */
export function createWrites(api: ApiClient): WithRefunds & WithCapture & WithCancel {
  /** Asks for a step of a payment; done when the payment is then in one of `states`. */
  async function step(write: AttemptWrite, name: 'capture' | 'cancel', signal: AbortSignal): Promise<WriteOutcome> {
    const reply = await api({
      method: 'POST',
      path: `/payments/${segment(write.orderId)}/${name}`,
      body: {},
      key: write.idempotencyKey,
      signal,
    })
    const parsed = kindOf(reply) === 'ok' && reply.kind === 'json' ? StatusReply.safeParse(reply.body) : undefined
    if (!parsed) return notDone(reply)
    const wanted = name === 'capture' ? 'paid' : 'cancelled'
    const isDone = parsed.success && parsed.data.id === write.orderId && stateOf(parsed.data) === wanted
    return isDone ? { kind: 'done', id: parsed.data.id, amount: write.amount } : unexpected(reply)
  }

  return {
    refunds: {
      async refund({ orderId, amount, reason, idempotencyKey }, { signal }) {
        const body = { payment: orderId, amount: amount.minor, reason }
        const reply = await api({ method: 'POST', path: '/refunds', body, key: idempotencyKey, signal })
        const parsed = kindOf(reply) === 'ok' && reply.kind === 'json' ? RefundReply.safeParse(reply.body) : undefined
        if (!parsed) return notDone(reply)
        if (!parsed.success) return unexpected(reply)
        const { id, status, payment, ...refund } = parsed.data
        if (status === 'failed' || status === 'canceled') return { kind: 'refused', detail: `the refund ${status}` }
        const isOurs = payment === orderId && refund.amount === amount.minor && refund.currency === amount.currency
        return isOurs ? { kind: 'done', id, amount } : unexpected(reply)
      },
    },
    capture: { capture: (write, { signal }) => step(write, 'capture', signal) },
    cancel: { cancel: (write, { signal }) => step(write, 'cancel', signal) },
  }
}

const unexpected = (reply: GatewayReply): WriteOutcome => ({
  kind: 'unknown',
  ...unknownBecause(reply, `${detailOf(reply)}: an unexpected answer`),
})

/**
 * A request that is wrong, declined, or about nothing is refused for good, and so is a step that the payment's status does
 * not allow. A key that is not accepted is ours to put right: the write was not done, and is asked for again.
 */
function notDone(reply: GatewayReply): WriteOutcome {
  const kind = kindOf(reply)
  const refusal = reply.kind === 'json' ? Refusal.safeParse(reply.body) : undefined
  const isWrongState = kind === 'conflict' && refusal?.success && refusal.data.error.code === 'payment_unexpected_state'
  if (kind === 'invalid' || kind === 'declined' || kind === 'missing' || isWrongState) {
    return { kind: 'refused', detail: detailOf(reply) }
  }
  return { kind: 'unknown', ...unknownBecause(reply) }
}
