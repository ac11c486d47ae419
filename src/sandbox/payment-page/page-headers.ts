import type { MiddlewareHandler } from 'hono'
import { every } from 'hono/combine'
import { secureHeaders } from 'hono/secure-headers'
import type { SandboxEnv } from '../sandbox-env.ts'

/** No script at all. Forms lead to the shop by redirects, whose origins (the shop's own redirects too) cannot be known. */
const secure = secureHeaders({
  contentSecurityPolicy: {
    defaultSrc: ["'none'"],
    styleSrc: ["'self'"],
    imgSrc: ['data:'],
    formAction: ["'self'", 'http:', 'https:'],
    frameAncestors: ["'none'"],
    baseUri: ["'none'"],
  },
  referrerPolicy: 'same-origin',
  xFrameOptions: 'DENY',
  strictTransportSecurity: false,
})

const noStore: MiddlewareHandler<SandboxEnv> = async (c, next) => {
  await next()
  if (!c.res.headers.has('Cache-Control')) c.header('Cache-Control', 'no-store')
}

/** The security headers of every page that a buyer sees, and `no-store` unless a page says otherwise. */
export const pageHeaders: MiddlewareHandler<SandboxEnv> = every(secure, noStore)
