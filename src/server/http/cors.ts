import type { Origins } from './origins.ts'

/** The allowed origin that sent this request, or null: then no CORS header is written. */
const allowedOrigin = (request: Headers, origins: Origins): string | null => {
  const origin = request.get('origin')
  return origin !== null && origins.allowed.has(origin) ? origin : null
}

/**
 * Writes the CORS headers of an answer: one origin by name, never `*`, with credentials, because the shop's session
 * decides whose purchase it is. `Retry-After` is exposed, since pages wait by it.
 */
export function writeCors(request: Headers, answer: Headers, origins: Origins): void {
  answer.append('Vary', 'Origin')
  const origin = allowedOrigin(request, origins)
  answer.set('Cross-Origin-Resource-Policy', origin ? 'cross-origin' : 'same-origin')
  if (!origin) return
  answer.set('Access-Control-Allow-Origin', origin)
  answer.set('Access-Control-Allow-Credentials', 'true')
  answer.set('Access-Control-Expose-Headers', 'Retry-After')
}

/**
 * Answer to a preflight. The names of request headers are given back as asked (pages add their own CSRF header), the
 * origin having been checked before.
 */
export function preflight(request: Headers, methods: readonly string[], origins: Origins): Response {
  const answer = new Response(null, { status: 204, headers: { Allow: methods.join(', ') } })
  if (!allowedOrigin(request, origins)) return answer
  const asked = request.get('access-control-request-headers') ?? ''
  const names = asked
    .split(',')
    .map((name) => name.trim().toLowerCase())
    .filter((name) => /^[a-z0-9!#$%&'*+.^_`|~-]{1,64}$/.test(name) && name !== '*')
  const allowed = new Set(['content-type', 'idempotency-key', ...names.slice(0, 32)])
  answer.headers.set('Access-Control-Allow-Methods', methods.join(', '))
  answer.headers.set('Access-Control-Allow-Headers', [...allowed].join(', '))
  answer.headers.set('Access-Control-Max-Age', '600')
  answer.headers.append('Vary', 'Access-Control-Request-Headers')
  return answer
}
