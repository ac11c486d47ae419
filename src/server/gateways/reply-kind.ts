import type { GatewayReply } from './http-client.ts'

/**
 * What an answer means, row by row as good integrations handle them:
 *
 * | HTTP | kind | what is done |
 * |---|---|---|
 * | 2xx with readable JSON | `ok` | it is read |
 * | 400, 422 | `invalid` | our request is wrong: refused, alarm, never retried |
 * | 401, 403 | `unauthorized` | our key is wrong: refused, alarm |
 * | 402 | `declined` | told to the buyer |
 * | 404 | `missing` | an unknown id |
 * | 409 | `conflict` | used already, or in another state: the status decides |
 * | 429 | `busy` | wait as told |
 * | 5xx, redirects, unreadable, no answer, too late | `unavailable` | nobody knows what happened: repeated where that is safe |
 */
export type ReplyKind = 'ok' | 'invalid' | 'unauthorized' | 'declined' | 'missing' | 'conflict' | 'busy' | 'unavailable'

const KINDS: Readonly<Record<number, ReplyKind>> = {
  400: 'invalid',
  401: 'unauthorized',
  402: 'declined',
  403: 'unauthorized',
  404: 'missing',
  409: 'conflict',
  422: 'invalid',
  429: 'busy',
}

export function kindOf(reply: GatewayReply): ReplyKind {
  if (reply.kind === 'unreachable') return 'unavailable'
  // The status alone refuses: what stands in the body of a refusal does not matter.
  const kind = KINDS[reply.status]
  if (kind) return kind
  return reply.kind === 'json' && reply.status >= 200 && reply.status <= 299 ? 'ok' : 'unavailable'
}

/** Whether the same question may be answered better later: a refusal stays one. */
export function mayTellLater(reply: GatewayReply): boolean {
  const kind = kindOf(reply)
  return kind === 'ok' || kind === 'busy' || kind === 'unavailable'
}

/** A few words for audit rows and logs: no body, no address, no key. */
export function detailOf(reply: GatewayReply): string {
  if (reply.kind === 'unreachable') return reply.detail
  return reply.kind === 'unreadable' ? `HTTP ${reply.status}: ${reply.detail}` : `HTTP ${reply.status}`
}

/** As members of an outcome: why, and how long the gateway asked us to wait. */
export function unknownBecause(reply: GatewayReply, detail = detailOf(reply)) {
  const seconds = reply.kind === 'unreachable' ? undefined : reply.retryAfter
  return { detail, ...(seconds !== undefined && { retryAfterSeconds: seconds }) }
}
