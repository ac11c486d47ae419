import { isIP } from 'node:net'
import { isLoopback } from '../contract/payment-url.ts'

/** The address without trailing slashes, or undefined when it is no http(s) address free of user info, query and fragment. */
export function plainAddress(text: string): URL | undefined {
  if (!URL.canParse(text) || /[?#\s\\]/.test(text)) return undefined
  const url = new URL(text)
  if (!/^https?:$/.test(url.protocol) || url.username || url.password) return undefined
  url.pathname = url.pathname.replace(/\/+$/, '')
  return url
}

/** As `plainAddress`, and without a path. */
export function originOnly(text: string): URL | undefined {
  const url = plainAddress(text)
  return url?.pathname === '/' ? url : undefined
}

/** `host` or `host:port` in the one spelling that hosts are compared in, or undefined when it is anything else. */
export function exactHost(text: string): string | undefined {
  if (!/^[a-z\d-]+(?:\.[a-z\d-]+)+(?::\d{1,5})?$/i.test(text)) return undefined
  return URL.parse(`https://${text}`)?.host
}

/** The host can only be reached from the machine itself or its own network, so no gateway and no buyer gets there. */
export function isPrivateHost(hostname: string): boolean {
  const bare = hostname.replace(/^\[|\]$/g, '')
  if (isLoopback(hostname)) return true
  if (isIP(bare) === 4) {
    return /^(?:0|10|127|169\.254|192\.168|172\.(?:1[6-9]|2\d|3[01])|100\.(?:6[4-9]|[7-9]\d|1[01]\d|12[0-7]))\./.test(
      bare,
    )
  }
  if (isIP(bare) === 6) return /^(?:::|f[cd]|fe[89ab])/.test(bare)
  return !hostname.includes('.') || /\.(?:local|internal|lan|test|invalid|home\.arpa)$/.test(hostname)
}

/** The host is this domain or lies below it. */
export const isWithin = (hostname: string, domain: string): boolean =>
  hostname === domain || hostname.endsWith(`.${domain}`)
