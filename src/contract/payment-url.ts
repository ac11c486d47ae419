import { MAX_PAYMENT_URL_LENGTH } from './limits.ts'
import type { Environment } from './states.ts'

/** What decides which payment addresses are followed. */
export interface PaymentUrlRules {
  readonly environment: Environment
  /** Extra exact hosts (`host` or `host:port`), given by code only. */
  readonly paymentHosts: readonly string[]
  /** The page (or the shop's public address) is itself on loopback. */
  readonly onLoopback: boolean
}

/** `localhost`, `*.localhost`, `127.0.0.0/8` and `[::1]`, as a parsed URL spells them. */
export const isLoopback = (hostname: string): boolean =>
  /^(?:(?:[^.]+\.)*localhost|127(?:\.\d{1,3}){3}|\[::1\])$/.test(hostname)

/**
 * The one rule for where a buyer may be sent, used by the page before it leaves and by the server before it stores.
 * Returns the address to follow, or undefined. Only https on the default port without user info, on `ipay.com.bd`, a
 * host below it, or a listed host; `demo.ipay.com.bd` belongs to the sandbox alone. A sandbox page on loopback may go to
 * loopback, over http and any port. The gateway may leave the scheme out (`app.ipay.com.bd/pay/1`): read as https.
 * The verdict is taken on the parsed URL, which is also what is returned, so checker and navigator cannot disagree.
 */
export function paymentUrl(value: unknown, rules: PaymentUrlRules): string | undefined {
  if (typeof value !== 'string' || value.length > MAX_PAYMENT_URL_LENGTH) return undefined
  // Printable ASCII only: no spaces, controls, look-alike letters or dots; no slash that browsers bend; no user info.
  if (!/^[!-~]+$/.test(value) || /^[^?#]*\\|^[^/]*\/\/[^/?#]*@/.test(value)) return undefined
  const url = /^https?:\/\/[^/]/i.test(value) ? parse(value) : withoutScheme(value)
  if (!url || url.username || url.password || !isAllowedHost(url, rules)) return undefined
  return url.href
}

/** `host[:port]/path` or `host`, read as https; null when it is neither that nor a host with a dot. */
function withoutScheme(value: string): URL | null {
  return /^[a-z0-9-]+(?:\.[a-z0-9-]+)+(?::\d+)?(?:[/?#]|$)/i.test(value) ? parse(`https://${value}`) : null
}

function parse(text: string): URL | null {
  try {
    return new URL(text)
  } catch {
    return null
  }
}

function isAllowedHost(url: URL, { environment, paymentHosts, onLoopback }: PaymentUrlRules): boolean {
  const sandbox = environment === 'sandbox'
  if (sandbox && onLoopback && isLoopback(url.hostname)) return true
  const demo = url.hostname === 'demo.ipay.com.bd'
  if (url.protocol !== 'https:' || (demo && !sandbox)) return false
  if (paymentHosts.includes(url.host)) return true
  if (url.port) return false
  return sandbox ? demo : /^(?:[^.]+\.)*ipay\.com\.bd$/.test(url.hostname)
}
