import { isPlainAddress, isPrivateWay } from '../contract/plain-address.ts'
import type { Environment } from '../contract/states.ts'

/** Longest callback address that every gateway takes. */
const MAX_CALLBACK = 512
const LONGEST_CALLBACK_PATH = `/${'x'.repeat(32)}/return/success`

/**
 * The endpoint without its trailing slash, when callbacks can be built from it.
 * @throws TypeError that says what to change: for real money it is https, except on this machine
 */
export function checkedEndpoint(url: URL, environment: Environment): string {
  if (!isPlainAddress(url)) {
    throw new TypeError('endpoint must be an http(s) address without user info, query or fragment')
  }
  if (environment === 'production' && !isPrivateWay(url)) {
    throw new TypeError(`endpoint must be an https address in production, unlike ${url.origin}`)
  }
  const text = url.href.replace(/\/+$/, '')
  if (text.length + LONGEST_CALLBACK_PATH.length > MAX_CALLBACK) {
    throw new TypeError(`endpoint is too long: callbacks may have at most ${MAX_CALLBACK} characters`)
  }
  return text
}

/**
 * The payment hosts as they are compared.
 * @throws TypeError that names the first one that is no whole host: a pattern or an address would never equal one
 */
export function checkedHosts(hosts: readonly string[]): readonly string[] {
  return hosts.map((host) => {
    const address = `https://${host}`
    const url = URL.canParse(address) && !host.includes('*') ? new URL(address) : undefined
    if (url?.href === `https://${url?.host}/`) return url.host
    throw new TypeError(`paymentHosts must list whole hosts such as pay.example.com, unlike "${host}"`)
  })
}

/** @throws TypeError when it is no number of attempts; 0 is no limit */
export function checkedRate(perMinute: number): number {
  if (Number.isInteger(perMinute) && perMinute >= 0) return perMinute
  throw new TypeError(`opensPerMinute must be a whole number, 0 for no limit, unlike ${perMinute}`)
}
