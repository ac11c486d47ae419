import { ownMembers } from '../../../contract/own-members.ts'
import type { Environment } from '../../../contract/states.ts'
import { createApiClient } from '../api-client.ts'
import { checkedUrl } from '../checked-url.ts'
import type { Gateway, WithCancel, WithCapture, WithCustomers, WithNotifications, WithRefunds } from '../port.ts'
import { hasSecrets, type Secrets, secretList } from '../secret.ts'
import { createAuthorizer, type PaymentsAuth } from './authorizer.ts'
import { createCustomers } from './customers.ts'
import { readEvent } from './events.ts'
import { openBody, openOutcome } from './open-payment.ts'
import { readByOrder } from './read-payment.ts'
import { createWrites } from './writes.ts'

/** Base addresses of the Payments API as the public guides name them. */
export const IPAY_PAYMENTS_BASE_URLS: Readonly<Record<Environment, string>> = {
  production: 'https://api.ipay.com/api',
  sandbox: 'https://sandbox.ipay.com/api',
}

export interface IpayPaymentsOptions {
  readonly environment: Environment
  readonly auth: PaymentsAuth
  /** Default: the environment's. A trailing slash is accepted. */
  readonly baseUrl?: string
  /**
   * A comma list, several, or a function that gives them, asked at each notification; while it gives none they are answered
   * with 503. Left out or empty: notifications are not taken.
   */
  readonly webhookSecret?: Secrets
  /** `manual`: payments are authorised, and taken by `payments.capture`. Default `automatic`. */
  readonly captureMethod?: 'automatic' | 'manual'
  /** What buyers read on their bank's statement: 1 to 22 printable ASCII characters. Left out: the gateway's own. */
  readonly statementDescriptor?: string
  /** Milliseconds since 1970; default `Date.now`. Decides when an access token is renewed. */
  readonly now?: () => number
}

/** What the Payments API can do beside opening and reading. */
export type IpayPaymentsGateway = Gateway & WithNotifications & WithRefunds & WithCapture & WithCancel & WithCustomers

/**
 * The Payments API: cards with 3-D Secure, wallets, bank transfer and pay-later on the gateway's own pages, in any
 * currency. An open request carries the attempt's reference as its `Idempotency-Key`, so that one whose answer was lost is
 * sent again and finds the same payment. Its payment pages are on hosts that `paymentHosts` has to name.
 * @throws TypeError for a statement descriptor that no bank prints, a secret that is not there, or an address that no
 * secret must travel to
 */
export function ipayPaymentsGateway(given: IpayPaymentsOptions): IpayPaymentsGateway {
  const options = ownMembers(given)
  if (options.statementDescriptor !== undefined && !/^[ -~]{1,22}$/.test(options.statementDescriptor)) {
    throw new TypeError('statementDescriptor: 1 to 22 printable ASCII characters, as they stand on bank statements')
  }
  const baseUrl = checkedUrl('baseUrl', options.baseUrl ?? IPAY_PAYMENTS_BASE_URLS[options.environment])
  const api = createApiClient(baseUrl, createAuthorizer(options.auth, baseUrl, options.now ?? Date.now))
  const settings = {
    captureMethod: options.captureMethod ?? 'automatic',
    statementDescriptor: options.statementDescriptor,
  }
  return ownMembers({
    name: 'ipay-payments',
    environment: options.environment,
    repeatsOpen: true,
    async open(attempt, { signal, accepted }) {
      const body = openBody(attempt, settings)
      const reply = await api({ method: 'POST', path: '/payments', body, key: attempt.reference, signal, accepted })
      return openOutcome(reply, attempt)
    },
    read: (attempt, { signal }) => readByOrder(api, attempt, signal),
    notifications: {
      signatureHeader: 'ipay-signature',
      isTaken: hasSecrets(options.webhookSecret),
      secrets: () => secretList(options.webhookSecret ?? []),
      read: readEvent,
    },
    ...createWrites(api),
    customers: createCustomers(api),
  })
}
