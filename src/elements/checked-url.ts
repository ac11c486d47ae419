import { isLoopback, paymentUrl } from '../contract/payment-url.ts'
import type { OpenReply, PaymentStatus } from '../contract/schemas.ts'
import type { Environment } from '../contract/states.ts'
import { IpayError } from './errors.ts'
import { settings } from './settings.ts'

/**
 * The address that an attempt leads to, checked by the one rule of page and server.
 * @throws IpayError `bad-answer` for an attempt that was over when it was sent, `unsafe-payment-url` for one of another
 * environment or with an address that is not allowed.
 */
export function checkedUrl(attempt: OpenReply | PaymentStatus, environment: Environment): string {
  const { expiresAt, serverTime } = attempt
  if (expiresAt && Date.parse(expiresAt) <= Date.parse(serverTime))
    throw new IpayError('bad-answer', { hint: 'the payment link was already expired when it was sent' })
  if (attempt.environment !== environment)
    throw new IpayError('unsafe-payment-url', {
      hint: `the shop answers for "${attempt.environment}", the tag says environment="${environment}": make them agree`,
    })
  const { paymentHosts } = settings
  const url = paymentUrl(attempt.paymentUrl, { environment, paymentHosts, onLoopback: isLoopback(location.hostname) })
  if (!url) throw new IpayError('unsafe-payment-url', { hint: 'the payment address is not on an allowed host' })
  return url
}
