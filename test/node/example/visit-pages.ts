import assert from 'node:assert/strict'
import { readFileSync } from 'node:fs'
import { type PagesDeps, pagesRoutes } from '../../../server-example/pages.ts'
import type { PaymentStatus } from '../../../src/contract/schemas.ts'

const source = (name: string) => readFileSync(new URL(`../../../${name}`, import.meta.url), 'utf8')
const built = { shop: source('index.html'), thanks: source('demo/thanks.html') }
export const TOKEN = 'tok_0123456789abcdef'
export const CART = 'c_0123456789abcdefghijklmn'

const CREATED: PaymentStatus = {
  version: 1,
  token: TOKEN,
  state: 'created',
  amount: '125000.00',
  currency: 'BDT',
  reference: 'REF-1',
  transactionId: null,
  paidAt: null,
  reason: null,
  retry: 'wait',
  paymentUrl: 'https://demo.ipay.com.bd/pay/1',
  expiresAt: null,
  serverTime: '2026-11-21T10:00:00Z',
  pollAfter: 5,
  environment: 'sandbox',
}
/** What a payment that is over has no more. */
export const ended = { paymentUrl: null, pollAfter: null } as const

/** Visits the pages as they were built, of a shop without payments unless told otherwise. */
export function pages(deps: Partial<PagesDeps> = {}) {
  const routes = pagesRoutes({
    built,
    environment: 'sandbox',
    isHttps: false,
    isPaid: async () => false,
    payment: async () => undefined,
    ...deps,
  })
  return async (path: string, headers: Record<string, string> = {}) => {
    const response = await routes.request(path, { headers })
    return { response, cookies: response.headers.getSetCookie(), text: await response.text() }
  }
}

/** The pages of a shop that has one payment. */
export const withStatus = (changes: Partial<PaymentStatus>, order: unknown = null) =>
  pages({ payment: async (token) => (token === TOKEN ? { status: { ...CREATED, ...changes }, order } : undefined) })

/** The text of an attribute, unescaped. */
export function attribute(page: string, pattern: RegExp): string {
  const found = pattern.exec(page)?.[1] ?? assert.fail(`the page lacks ${pattern}`)
  return found.replaceAll('&quot;', '"').replaceAll('&#39;', "'").replaceAll('&lt;', '<').replaceAll('&amp;', '&')
}
