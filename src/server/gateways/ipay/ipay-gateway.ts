import { moneyText } from '../../../contract/money.ts'
import { ownMembers } from '../../../contract/own-members.ts'
import type { Environment } from '../../../contract/states.ts'
import { segment } from '../api-client.ts'
import { checkedUrl } from '../checked-url.ts'
import { createCircuit } from '../circuit.ts'
import { fitText } from '../fit-text.ts'
import { callGateway, type GatewayReply, type GatewayRequest } from '../http-client.ts'
import type { AttemptToOpen, Gateway, GatewayReading, OpenOutcome } from '../port.ts'
import { checkSecret, type Secret, secretText, unasked } from '../secret.ts'
import { CURRENCY, OrderReply, readStatusReply } from './read-reply.ts'
import { ASSUMED_STATUS_CODES, type StatusCodes } from './status-codes.ts'

/** Base addresses of the gateway's two environments. */
export const IPAY_BASE_URLS: Readonly<Record<Environment, string>> = {
  production: 'https://app.ipay.com.bd/api/pg',
  sandbox: 'https://demo.ipay.com.bd/api/pg',
}

/** An order lives this long at the gateway, counted from its creation. */
const ORDER_LIFE_MS = 15 * 60_000
const MAX_DESCRIPTION = 255
const MAX_CALLBACK = 512
const MAX_REFERENCE = 50

export interface IpayGatewayOptions {
  readonly environment: Environment
  /** The key, or a function that gives the present one, so that it can be rotated without a restart. */
  readonly apiKey: Secret
  /** Default: the environment's. A trailing slash is accepted. */
  readonly baseUrl?: string
  /** The gateway's number → state, all of them: it replaces our assumptions, of which only 200 is known. */
  readonly statusCodes?: StatusCodes
  /** Milliseconds since 1970; default `Date.now`. */
  readonly now?: () => number
}

/**
 * The order gateway of ipay.com.bd: open an order, read its status. It has no webhook, cancel, capture or refund.
 * @throws TypeError for options that cannot work: no key, another environment, an address that is not https
 */
export function ipayGateway(given: IpayGatewayOptions): Gateway {
  const options = ownMembers(given)
  if (!Object.hasOwn(IPAY_BASE_URLS, options.environment)) {
    throw new TypeError('environment must be sandbox or production')
  }
  const base = checkedUrl('baseUrl', options.baseUrl ?? IPAY_BASE_URLS[options.environment])
  checkSecret('apiKey', options.apiKey)
  const codes = options.statusCodes ?? ASSUMED_STATUS_CODES
  const now = options.now ?? Date.now
  const circuit = createCircuit(
    (reply) =>
      reply.kind === 'unreachable' ||
      ('status' in reply && typeof reply.status === 'number' && (reply.status >= 500 || reply.status === 429)),
  )
  const down: GatewayReply = { kind: 'unreachable', detail: 'the gateway is down; waiting before the next call' }
  /** A key that cannot be read at the moment (its file is being replaced) is a fault like one of the network. */
  async function ask(request: Omit<GatewayRequest, 'headers'>): Promise<GatewayReply> {
    let key: string
    try {
      key = secretText('apiKey', options.apiKey)
    } catch (error) {
      return unasked(error)
    }
    return circuit(() => callGateway({ ...request, headers: { authorization: `Bearer ${key}` } }), down)
  }

  return ownMembers({
    name: 'ipay',
    environment: options.environment,
    currency: CURRENCY,
    async open(attempt, { signal, accepted }) {
      const createdAt = now()
      const body = orderOf(attempt)
      const reply = await ask({ method: 'POST', url: `${base}/order`, body, signal, accepted })
      return openOutcome(reply, attempt, createdAt)
    },
    async read(attempt, { signal }) {
      // Dots alone would climb in the address, encoded or not.
      if (/^\.*$/.test(attempt.reference)) return { kind: 'unreachable', detail: 'no order has such a reference' }
      const url = `${base}/order/referenceId/${segment(attempt.reference)}/status`
      return reading(await ask({ method: 'GET', url, signal }), codes)
    },
  })
}

/** @throws RangeError for an address, a reference or a currency that the gateway does not take: a mistake of the program */
function orderOf({ amount, reference, description, returnUrls }: AttemptToOpen) {
  if (amount.currency !== CURRENCY) throw new RangeError(`The gateway takes ${CURRENCY} alone`)
  if (reference.length > MAX_REFERENCE) throw new RangeError(`A reference has at most ${MAX_REFERENCE} characters`)
  if (Object.values(returnUrls).some((url) => url.length > MAX_CALLBACK)) {
    throw new RangeError(`The gateway takes return addresses of at most ${MAX_CALLBACK} characters`)
  }
  return {
    amount: Number(moneyText(amount)),
    referenceId: reference,
    description: fitText(description, MAX_DESCRIPTION) || 'Order',
    successCallbackUrl: returnUrls.success,
    failureCallbackUrl: returnUrls.failure,
    cancelCallbackUrl: returnUrls.cancel,
  }
}

const REFUSALS: readonly number[] = [400, 401, 403, 404]

function openOutcome(reply: GatewayReply, attempt: AttemptToOpen, createdAt: number): OpenOutcome {
  if (reply.kind === 'unreachable') return { kind: 'unknown', detail: reply.detail }
  if (REFUSALS.includes(reply.status)) return { kind: 'refused', detail: `HTTP ${reply.status}` }
  const order = reply.kind === 'json' && reply.status === 200 ? OrderReply.safeParse(reply.body) : undefined
  if (!order?.success || order.data.referenceId !== attempt.reference) {
    const detail = reply.kind === 'unreadable' ? reply.detail : 'an unexpected answer'
    const { retryAfter } = reply
    return {
      kind: 'unknown',
      detail: `HTTP ${reply.status}: ${detail}`,
      ...(retryAfter !== undefined && { retryAfterSeconds: retryAfter }),
      ...(reply.status === 409 && { exists: true as const }),
    }
  }
  const { orderId, paymentUrl } = order.data
  return { kind: 'opened', orderId, paymentUrl, expiresAt: createdAt + ORDER_LIFE_MS }
}

function reading(reply: GatewayReply, codes: StatusCodes): GatewayReading {
  if (reply.kind === 'unreachable') return reply
  if (reply.kind === 'json' && reply.status === 200) return readStatusReply(reply.body, codes)
  if (reply.kind === 'json' && reply.status === 404) return { kind: 'absent', raw: 'HTTP 404' }
  const { retryAfter } = reply
  return {
    kind: 'unreachable',
    detail: `HTTP ${reply.status}`,
    ...(retryAfter !== undefined && { retryAfterSeconds: retryAfter }),
  }
}
