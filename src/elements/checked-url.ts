import { isLoopback, paymentUrl } from '../contract/payment-url.ts'
import type { OpenReply, PaymentStatus } from '../contract/schemas.ts'
import type { Environment } from '../contract/states.ts'
import { IpayError } from './errors.ts'
import { settings } from './settings.ts'
import { urlOf } from './url-of.ts'

/** An address of the shop: on the page's own origin, or on one that is listed by code; undefined for any other. */
export function shopUrl(text: string | undefined | null): URL | undefined {
  const url = text ? urlOf(text) : undefined
  return url &&
    /^https?:$/.test(url.protocol) &&
    // `fetch` takes no address with a user in it.
    !url.username &&
    (url.origin === location.origin || settings.endpointOrigins.includes(url.origin))
    ? url
    : undefined
}

/** A word from the sandbox is nothing on a page for real money, nor the other way round. @throws IpayError */
export function checkEnvironment(answer: OpenReply | PaymentStatus, environment: Environment): void {
  // A framework that clears the property means the default.
  if (answer.environment !== (environment || 'production'))
    throw new IpayError('unsafe-payment-url', {
      hint: `the shop says "${answer.environment}", the tag environment="${environment}"`,
    })
}

/**
 * The address that an attempt leads to, checked by the one rule of page and server.
 * @throws IpayError `bad-answer` for an attempt that was over when it was sent, `unsafe-payment-url` for one of another
 * environment or with an address that is not allowed.
 */
export function checkedUrl(attempt: OpenReply | PaymentStatus, environment: Environment): string {
  const { expiresAt, serverTime } = attempt
  if (expiresAt && Date.parse(expiresAt) <= Date.parse(serverTime))
    throw new IpayError('bad-answer', { hint: 'already expired when it was sent' })
  checkEnvironment(attempt, environment)
  const { paymentHosts } = settings
  const url = paymentUrl(attempt.paymentUrl, { environment, paymentHosts, onLoopback: isLoopback(location.hostname) })
  if (url) return url
  throw new IpayError('unsafe-payment-url', { hint: 'not on an allowed host' })
}
