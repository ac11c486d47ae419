import { isLoopback } from './payment-url.ts'

/** An http(s) address that more can be put behind: without user info, query or fragment. */
export const isPlainAddress = (url: URL): boolean =>
  /^https?:$/.test(url.protocol) && !url.username && !url.password && !url.search && !url.hash

/** Nobody on the way can read what is sent there: https, or this machine itself. */
export const isPrivateWay = (url: URL): boolean => url.protocol === 'https:' || isLoopback(url.hostname)
