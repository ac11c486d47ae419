/** A year, without `includeSubDomains`: the kit knows one host of the shop, not its neighbours. */
const HSTS = 'max-age=31536000'

/**
 * Writes the headers that every answer carries, errors and redirects included. An answer that brought its own
 * Content-Security-Policy (the page for people) or Cache-Control (live status) keeps it.
 */
export function writeSecurityHeaders(answer: Headers, endpoint: URL): void {
  if (!answer.has('Cache-Control')) answer.set('Cache-Control', 'no-store')
  answer.set('X-Content-Type-Options', 'nosniff')
  answer.set('Referrer-Policy', 'no-referrer')
  if (!answer.has('Content-Security-Policy')) {
    answer.set('Content-Security-Policy', "default-src 'none'; frame-ancestors 'none'")
  }
  if (!answer.has('Cross-Origin-Resource-Policy')) answer.set('Cross-Origin-Resource-Policy', 'same-origin')
  if (endpoint.protocol === 'https:') answer.set('Strict-Transport-Security', HSTS)
}
