import { ownMembers } from '../../contract/own-members.ts'

/**
 * Calls to a gateway: a deadline from outside, no redirects (the key would follow them), a size cap, JSON only. Nothing
 * here throws: what went wrong is a value, and holds neither keys nor bodies.
 */

/** Answers beyond this size are not read to the end. */
const MAX_REPLY_BYTES = 65_536

export interface GatewayRequest {
  readonly method: 'GET' | 'POST'
  readonly url: string
  readonly headers: Readonly<Record<string, string>>
  /** Sent as JSON when there is one. */
  readonly body?: unknown
  /** Sent as a form in place of JSON. */
  readonly form?: URLSearchParams
  readonly signal: AbortSignal
  /** Called when a success status arrives, before the body is read. */
  readonly accepted?: (() => void) | undefined
}

/** `json`: an answer that could be read, whatever its status. `unreadable`: an answer, but none to build on. */
export type GatewayReply =
  | { readonly kind: 'json'; readonly status: number; readonly body: unknown; readonly retryAfter?: number }
  | { readonly kind: 'unreadable'; readonly status: number; readonly detail: string; readonly retryAfter?: number }
  | { readonly kind: 'unreachable'; readonly detail: string }

export async function callGateway(asked: GatewayRequest): Promise<GatewayReply> {
  const request = ownMembers(asked)
  let response: Response
  try {
    response = await fetch(request.url, {
      method: request.method,
      redirect: 'manual',
      signal: request.signal,
      headers: {
        accept: 'application/json',
        ...(request.body !== undefined && { 'content-type': 'application/json' }),
        ...request.headers,
      },
      ...(request.body !== undefined && { body: JSON.stringify(request.body) }),
      ...(request.form && { body: request.form }),
    })
  } catch (error) {
    return { kind: 'unreachable', detail: causeOf(error, request.signal) }
  }
  if (response.ok) request.accepted?.()
  const { status } = response
  const retryAfter = retryAfterSeconds(response.headers.get('retry-after'))
  const answered = { status, ...(retryAfter !== undefined && { retryAfter }) }
  try {
    const text = await cappedText(response)
    if (text === undefined) return { kind: 'unreadable', ...answered, detail: 'the answer is too large' }
    return { kind: 'json', ...answered, body: JSON.parse(text) }
  } catch (error) {
    const detail = error instanceof SyntaxError ? 'the answer is not JSON' : causeOf(error, request.signal)
    return { kind: 'unreadable', ...answered, detail }
  }
}

/** The body as text, or undefined when it is larger than the cap. */
async function cappedText(response: Response): Promise<string | undefined> {
  if (!response.body) return ''
  const chunks: Uint8Array[] = []
  let size = 0
  for await (const chunk of response.body) {
    size += chunk.byteLength
    if (size > MAX_REPLY_BYTES) return undefined
    chunks.push(chunk)
  }
  return new TextDecoder('utf-8', { fatal: true }).decode(Buffer.concat(chunks))
}

/** A short cause without addresses or headers: `timeout`, `ECONNREFUSED`, `network error`. */
function causeOf(error: unknown, signal: AbortSignal): string {
  if (signal.aborted) return 'timeout'
  const cause = error instanceof Error ? error.cause : undefined
  const code = cause instanceof Error && 'code' in cause ? cause.code : undefined
  return typeof code === 'string' && /^[A-Z_]{3,40}$/.test(code) ? code : 'network error'
}

/** Seconds of a `Retry-After` header; dates and nonsense count as absent. */
const retryAfterSeconds = (header: string | null): number | undefined =>
  header !== null && /^\d{1,6}$/.test(header) ? Number(header) : undefined
