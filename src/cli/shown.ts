/**
 * How an address that somebody typed may be printed: without user, password and query, which can hold secrets. Of a text that is
 * no web address nobody knows where its password begins, so everything before its last `@` is left out.
 */
export function shown(address: string): string {
  const url = URL.parse(address)
  if (url && /^https?:$/.test(url.protocol)) return (url.origin + url.pathname).replace(/\/+$/, '')
  return address.replace(/^.*@/s, '')
}
