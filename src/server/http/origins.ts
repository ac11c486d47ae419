/** The origins that count as the shop's own, worked out once from the settings. */
export interface Origins {
  /** The endpoint's own origin. */
  readonly own: string
  readonly allowed: ReadonlySet<string>
}

/**
 * @throws TypeError when an allowed origin is not the address of an http(s) origin: `*` and `null` are refused here, so
 * that they can never be echoed.
 */
export function readOrigins(endpoint: URL, allowedOrigins: readonly string[]): Origins {
  return { own: endpoint.origin, allowed: new Set(allowedOrigins.map(originOf)) }
}

function originOf(text: string): string {
  const url = URL.parse(text)
  const plain =
    url && /^https?:$/.test(url.protocol) && url.pathname === '/' && !url.search && !url.hash && !url.username
  if (!plain) throw new TypeError(`allowedOrigins: "${text}" is not an origin such as https://shop.example`)
  return url.origin
}

/** Ours, or one of the allowed ones. */
export const isKnownOrigin = (origins: Origins, origin: string): boolean =>
  origin === origins.own || origins.allowed.has(origin)
