import { isLoopback } from '../../contract/payment-url.ts'

/**
 * A gateway's base address without its trailing slashes.
 * @throws TypeError when it is no address, or one that the key must not travel to: http is for this machine alone
 */
export function checkedBaseUrl(text: string): string {
  const url = URL.parse(text)
  if (!url || !/^https?:$/.test(url.protocol) || url.username || url.password || url.search || url.hash) {
    throw new TypeError('baseUrl must be an https address without user info, query or fragment')
  }
  if (url.protocol === 'http:' && !isLoopback(url.hostname)) {
    throw new TypeError('baseUrl must be an https address: the key travels to it')
  }
  return text.replace(/\/+$/, '')
}
