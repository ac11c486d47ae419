import type { GatewayReply } from './http-client.ts'
import { detailOf, kindOf, type ReplyKind } from './reply-kind.ts'

/**
 * Thrown by calls that a shop makes itself (customers, returns, release), never by opening or reading payments. `code` is
 * what the answer means; `retryable` that the same call with the same key may be made again.
 */
export class GatewayError extends Error {
  readonly code: Exclude<ReplyKind, 'ok'>
  readonly retryable: boolean
  /** Seconds that the gateway asked us to wait, when it did. */
  readonly retryAfter: number | undefined

  constructor(code: GatewayError['code'], message: string, retryAfter?: number) {
    super(message)
    this.name = 'GatewayError'
    this.code = code
    this.retryable = code === 'busy' || code === 'unavailable'
    this.retryAfter = retryAfter
  }
}

/**
 * The body of a good answer.
 * @throws GatewayError for every other one
 */
export function bodyOf(reply: GatewayReply): unknown {
  const kind = kindOf(reply)
  if (kind === 'ok' && reply.kind === 'json') return reply.body
  const code = kind === 'ok' ? 'unavailable' : kind
  throw new GatewayError(
    code,
    `The gateway answered: ${detailOf(reply)}`,
    'retryAfter' in reply ? reply.retryAfter : undefined,
  )
}

/** @throws GatewayError `unavailable` for an answer that has not the shape that was expected */
export function shaped<T>(parsed: { success: true; data: T } | { success: false }): T {
  if (parsed.success) return parsed.data
  throw new GatewayError('unavailable', 'The gateway answered with an unexpected shape')
}
