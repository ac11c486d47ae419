import { randomUUID } from 'node:crypto'
import { IPAY_BASE_URLS } from '../../server/gateways/ipay/ipay-gateway.ts'
import { createAuthorizer } from '../../server/gateways/ipay-payments/authorizer.ts'
import { IPAY_PAYMENTS_BASE_URLS } from '../../server/gateways/ipay-payments/ipay-payments-gateway.ts'
import { IPAY_SESSIONS_BASE_URL } from '../../server/gateways/ipay-sessions/ipay-sessions-gateway.ts'
import { paymentsAuth } from '../../settings/payments-auth.ts'
import type { Settings } from '../../settings/settings.ts'
import { type Answer, ask } from '../verify/ask.ts'
import { about, type Finding, reasonOf } from './finding.ts'

/** A clock that is further off than this breaks signatures, tokens and what buyers read. */
const MAX_SKEW_MS = 30_000
const TOKEN_DEADLINE_MS = 10_000
/** Statuses of a gateway that knows the key and not the thing that was asked about. */
const KNOWN = [404, 200]

/** A question that creates nothing: the status of something that does not exist. */
function harmlessPath(gateway: Settings['gateway']): string {
  const id = `doctor-${randomUUID()}`
  switch (gateway) {
    case 'ipay':
      return `/order/referenceId/${id}/status`
    case 'ipay-payments':
      return `/payments/${id}`
    case 'ipay-sessions':
      return `/payment-sessions/${id}`
  }
}

function baseUrlOf({ gateway, environment, baseUrl }: Settings): string {
  const named = environment === 'production' ? 'production' : 'sandbox'
  const own = { ipay: IPAY_BASE_URLS[named], 'ipay-payments': IPAY_PAYMENTS_BASE_URLS[named] }
  return baseUrl ?? (gateway === 'ipay-sessions' ? IPAY_SESSIONS_BASE_URL : own[gateway])
}

/** The `Authorization` header, made as the shop makes it; a finding when there is none to be had. */
async function authorizationOf(settings: Settings, base: string, now: () => number): Promise<string | Finding> {
  if (settings.gateway !== 'ipay-payments') return `Bearer ${settings.apiKey()}`
  const authorizer = createAuthorizer(paymentsAuth(settings), base, now)
  const header = await authorizer.header(AbortSignal.timeout(TOKEN_DEADLINE_MS))
  if ('value' in header) return header.value
  const { wrong } = about('gateway answers')
  const from = settings.tokenUrl ?? `${base}/oauth/token`
  return 'status' in header.reply
    ? wrong(`${from} does not know the client. Look at IPAY_API_KEY and IPAY_API_SECRET.`)
    : wrong(`${from}: ${header.reply.detail}. Look at IPAY_TOKEN_URL and the network.`)
}

/**
 * Does the gateway answer, does it know the key, and does it agree about the hour? Asks one harmless question, and nothing as
 * long as the settings are wrong: a key must not travel to an address that was not meant.
 */
export async function lookAtGateway(settings: Settings | undefined, now: () => number): Promise<Finding[]> {
  const { wrong, skipped } = about('gateway answers')
  if (!settings) return [skipped('Not asked before the settings are right.')]
  if (settings.environment === 'simulator') return [skipped('The simulator is started with the shop.')]
  const base = baseUrlOf(settings)
  try {
    const authorization = await authorizationOf(settings, base, now)
    if (typeof authorization !== 'string') return [authorization]
    const url = new URL(base + harmlessPath(settings.gateway))
    const answer = await ask({ method: 'GET', url, headers: { Authorization: authorization } })
    return [verdict(answer, base), clock(answer, now)]
  } catch (error) {
    return [wrong(`No answer from ${base}: ${reasonOf(error)}. Look at IPAY_BASE_URL and the network.`)]
  }
}

function verdict({ status, json }: Answer, base: string): Finding {
  const { ok, wrong } = about('gateway answers')
  if (status === 401 || status === 403)
    return wrong(`${base} answers ${status}: it does not know the key. Look at IPAY_API_KEY.`)
  if (!KNOWN.includes(status)) return wrong(`${base} answers ${status}, where 404 was due. Look at IPAY_BASE_URL.`)
  if (json === undefined) return wrong(`${base} answers something that is not JSON. Look at IPAY_BASE_URL.`)
  return ok(`${base} knows the key`)
}

function clock(answer: Answer, now: () => number): Finding {
  const { ok, wrong, skipped } = about('clock')
  const theirs = Date.parse(answer.header('date'))
  if (Number.isNaN(theirs)) return skipped('The gateway did not say what time it is.')
  const skewMs = Math.abs(now() - theirs)
  const words = `${Math.round(skewMs / 1000)} s from the gateway's`
  return skewMs > MAX_SKEW_MS ? wrong(`This machine's clock is ${words}. Switch time synchronisation on.`) : ok(words)
}
