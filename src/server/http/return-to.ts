import { TOKEN_PARAMETER } from '../../contract/limits.ts'
import { isKnownOrigin, type Origins } from './origins.ts'
import type { Kit } from './route.ts'

/**
 * The place a buyer may be sent back to, or undefined when it is not one: a path beginning with exactly one `/`, or an
 * address on our own or an allowed origin. Returned as it is stored: paths as written, addresses as parsed.
 */
export function checkReturnTo(text: string, origins: Origins): string | undefined {
  // A backslash is a slash to browsers; control characters vanish while an address is parsed.
  if (/[\u0000-\u001f\u007f]/.test(text)) return undefined
  const isPath = /^\/(?![/\\])/.test(text)
  if (!isPath && !/^https?:\/\/[^/\\]/i.test(text)) return undefined
  const url = URL.parse(text, origins.own)
  if (!url || url.username || url.password) return undefined
  if (isPath) return url.origin === origins.own ? text : undefined
  return isKnownOrigin(origins, url.origin) ? url.href : undefined
}

/**
 * The full address for the `Location` header: `returnTo` with `ipay={token}` put in place of any that was there. The rest of
 * the query stays byte for byte, and so does the hash. Always absolute: a path such as `/.//host` would turn into an
 * address of another host when written as a path again.
 * @throws RangeError when `returnTo` is not a place that `checkReturnTo` accepts
 */
export function withToken(returnTo: string, token: string, origins: Origins): string {
  const checked = checkReturnTo(returnTo, origins)
  if (checked === undefined) throw new RangeError('returnTo is not an allowed address')
  const url = new URL(checked, origins.own)
  const others = url.search
    .slice(1)
    .split('&')
    .filter((pair) => pair !== '' && !new URLSearchParams(pair).has(TOKEN_PARAMETER))
  url.search = [...others, `${TOKEN_PARAMETER}=${token}`].join('&')
  return url.href
}

/**
 * The full address of a place that was stored with a payment. The settings may have changed since: a place that is not
 * ours any more is never followed, and its buyer is sent home.
 */
export function placeToReturn(
  returnTo: string,
  token: string,
  { origins, telemetry, returnTo: home }: Pick<Kit, 'origins' | 'telemetry' | 'returnTo'>,
): string {
  const isOurs = checkReturnTo(returnTo, origins) !== undefined
  if (!isOurs) telemetry.log('warn', 'return-place-not-allowed', {})
  return withToken(isOurs ? returnTo : home, token, origins)
}
