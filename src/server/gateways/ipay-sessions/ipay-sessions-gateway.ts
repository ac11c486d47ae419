import { ownMembers } from '../../../contract/own-members.ts'
import type { Environment } from '../../../contract/states.ts'
import { createApiClient } from '../api-client.ts'
import { checkedUrl } from '../checked-url.ts'
import type { Gateway, WithHints, WithHistory, WithNotifications } from '../port.ts'
import { checkSecret, hasSecrets, type Secret, type Secrets, secretList, secretText } from '../secret.ts'
import { readEvent } from './events.ts'
import { createHistory } from './history.ts'
import { createLiveEvents } from './live-events.ts'
import { openSession } from './open-session.ts'
import { createOrders, type Handover, type Orders } from './orders.ts'
import { readBySession } from './read-session.ts'
import { createReturns, type Returns } from './returns.ts'
import { createShopCalls } from './shop-calls.ts'

/** The one address that is public; the sandbox's has to be given. */
export const IPAY_SESSIONS_BASE_URL = 'https://portal.ipay.global/api'

export interface IpaySessionsOptions {
  readonly environment: Environment
  /** The key, or a function that gives the present one. */
  readonly apiKey: Secret
  /** Required for the sandbox. A trailing slash is accepted. */
  readonly baseUrl?: string
  /**
   * A comma list, several, or a function that gives them, asked at each notification; while it gives none they are answered
   * with 503. Left out or empty: notifications are not taken.
   */
  readonly webhookSecret?: Secrets
  /** Where parcels are handed over unless an order says otherwise. Default `door`. */
  readonly handover?: Handover
  /** Listen to the gateway's live events beside asking. Default true. */
  readonly live?: boolean
}

/** What payment sessions can do beside opening and reading. Money goes back by returns only. */
export type IpaySessionsGateway = Gateway &
  WithNotifications &
  WithHistory &
  Partial<WithHints> & { readonly orders: Orders; readonly returns: Returns } & Pick<Orders, 'isReleaseAuthorized'>

/**
 * Payment sessions (pay on arrival): the buyer orders now and pays when the parcel comes; the carrier hands it over once
 * the payment is confirmed. An attempt is an order and its payment session; its id here is the session's. Both writes may
 * be repeated under their keys. Its payment pages are on hosts that `paymentHosts` has to name.
 * @throws TypeError for options that cannot work, and for the sandbox without a base address: the only public one belongs
 * to production
 */
export function ipaySessionsGateway(given: IpaySessionsOptions): IpaySessionsGateway {
  const options = ownMembers(given)
  if (options.baseUrl === undefined && options.environment === 'sandbox') {
    throw new TypeError(
      "baseUrl: the sandbox of payment sessions has no public address; give the one from iPay's portal",
    )
  }
  const baseUrl = checkedUrl('baseUrl', options.baseUrl ?? IPAY_SESSIONS_BASE_URL)
  checkSecret('apiKey', options.apiKey)
  const authorization = () => `Bearer ${secretText('apiKey', options.apiKey)}`
  const api = createApiClient(baseUrl, {
    header: async () => ({ value: authorization() }),
    refused: (value) => authorization() !== value,
  })
  const calls = createShopCalls(api)
  const orders = createOrders(calls)
  return ownMembers({
    name: 'ipay-sessions',
    environment: options.environment,
    repeatsOpen: true,
    open: (attempt, call) => openSession(api, attempt, options.handover ?? 'door', call),
    read: (attempt, { signal }) => readBySession(api, attempt, signal),
    notifications: {
      signatureHeader: 'ipay-signature',
      isTaken: hasSecrets(options.webhookSecret),
      secrets: () => secretList(options.webhookSecret ?? []),
      read: readEvent,
    },
    history: createHistory(api),
    ...((options.live ?? true) && { hints: createLiveEvents(`${baseUrl}/events`, authorization) }),
    orders,
    isReleaseAuthorized: orders.isReleaseAuthorized,
    returns: createReturns(calls),
  })
}
