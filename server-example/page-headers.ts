import type { MiddlewareHandler } from 'hono'
import { secureHeaders } from 'hono/secure-headers'
import { isLoopback } from '../src/contract/payment-url.ts'

/** What decides the pages' policy. */
export interface HeaderRules {
  /** The shop is served over https. */
  readonly isHttps: boolean
  /** The gateway's base URL: its payment page is on the same site. */
  readonly gatewayUrl: URL
  /** Hosts of payment pages beside iPay's own. */
  readonly paymentHosts: readonly string[]
}

/**
 * The headers of the shop's own pages. The script policy is the strictest that the elements promise to work under: own
 * files only, no inline code or styles, Trusted Types with Lit's one policy.
 */
export function pageHeaders({ isHttps, gatewayUrl, paymentHosts }: HeaderRules): MiddlewareHandler {
  const headers = secureHeaders({
    contentSecurityPolicy: {
      defaultSrc: ["'none'"],
      scriptSrc: ["'self'"],
      styleSrc: ["'self'"],
      imgSrc: ["'self'"],
      connectSrc: ["'self'"],
      baseUri: ["'none'"],
      frameAncestors: ["'none'"],
      // Browsers hold a form's redirects against this list too, and the plain form is redirected to the payment page.
      formAction: ["'self'", ...paymentSources(gatewayUrl, paymentHosts)],
      requireTrustedTypesFor: ["'script'"],
      trustedTypes: ['lit-html'],
    },
    strictTransportSecurity: isHttps ? 'max-age=31536000' : false,
    // Not `no-referrer`: with that, a form's Origin is "null", and the endpoint could not tell our page from another.
    referrerPolicy: 'same-origin',
    xFrameOptions: 'DENY',
    crossOriginOpenerPolicy: 'same-origin',
    permissionsPolicy: { camera: [], microphone: [], geolocation: [] },
  })
  return headers
}

function paymentSources(gatewayUrl: URL, hosts: readonly string[]): string[] {
  if (isLoopback(gatewayUrl.hostname)) return ['http://localhost:*', 'http://127.0.0.1:*']
  return ['https://ipay.com.bd', 'https://*.ipay.com.bd', gatewayUrl.origin, ...hosts.map((host) => `https://${host}`)]
}
