import { isIPv4, isIPv6 } from 'node:net'
import { ownMembers } from '../../contract/own-members.ts'
import type { CallerInfo } from './deps.ts'

/**
 * Under which name a caller's requests are counted: the IPv4 address, or the first 64 bits of an IPv6 address, since one
 * household gets that many. Null when nobody said where the request came from; no header is ever asked.
 */
export function clientKey(info: CallerInfo | undefined): string | null {
  const { clientAddress, incoming } = ownMembers(info ?? {})
  const address = (clientAddress ?? incoming?.socket?.remoteAddress)?.replace(/%.*$/, '')
  if (!address) return null
  if (isIPv4(address)) return address
  if (!isIPv6(address)) return address.slice(0, 64)
  const mapped = /^::ffff:(\d+(?:\.\d+){3})$/i.exec(address)
  return mapped?.[1] ?? `${firstHextets(address)}::/64`
}

/** The first four groups of an IPv6 address, without leading zeros. */
function firstHextets(address: string): string {
  const [head = '', tail] = address.split('::')
  const before = head === '' ? [] : head.split(':')
  const after = tail === undefined || tail === '' ? [] : tail.split(':')
  // An embedded IPv4 address at the end stands for two groups.
  const behind = after.length + (after.at(-1)?.includes('.') ? 1 : 0)
  const zeros = tail === undefined ? [] : Array<string>(Math.max(0, 8 - before.length - behind)).fill('0')
  return [...before, ...zeros, ...after]
    .slice(0, 4)
    .map((group) => group.toLowerCase().replace(/^0+(?=.)/, ''))
    .join(':')
}
