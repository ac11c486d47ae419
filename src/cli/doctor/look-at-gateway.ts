import { randomUUID } from 'node:crypto'
import { IPAY_BASE_URLS } from '../../server/gateways/ipay/ipay-gateway.ts'
import { IPAY_PAYMENTS_BASE_URLS } from '../../server/gateways/ipay-payments/ipay-payments-gateway.ts'
import { IPAY_SESSIONS_BASE_URL } from '../../server/gateways/ipay-sessions/ipay-sessions-gateway.ts'
import { type Answer, ask } from '../verify/ask.ts'
import { about, type Finding, reasonOf, type Variables } from './finding.ts'
import { environmentOf, type GatewayName, gatewayOf, secretOf } from './look-at-settings.ts'

/** A clock that is further off than this breaks signatures, tokens and what buyers read. */
const MAX_SKEW_MS = 30_000

interface Asking {
  readonly path: string
  readonly authorization: string
  /** Statuses of a gateway that knows the key. */
  readonly known: readonly number[]
}

/** A question that creates nothing: the status of something that does not exist. */
function harmless(gateway: GatewayName, variables: Variables): Asking {
  const [key, secret] = [secretOf(variables, 'IPAY_API_KEY') ?? '', secretOf(variables, 'IPAY_API_SECRET') ?? '']
  const id = `doctor-${randomUUID()}`
  switch (gateway) {
    case 'ipay':
      return { path: `/order/referenceId/${id}/status`, authorization: `Bearer ${key}`, known: [404, 200] }
    case 'ipay-payments': {
      const authorization = `Basic ${Buffer.from(`${key}:${secret}`).toString('base64')}`
      return { path: `/payments/${id}`, authorization, known: [404, 200] }
    }
    case 'ipay-sessions':
      return { path: `/payment-sessions/${id}`, authorization: `Bearer ${key}`, known: [404, 200] }
  }
}

function baseUrlOf(gateway: GatewayName, variables: Variables): string | undefined {
  const given = variables['IPAY_BASE_URL']
  if (given) return given.replace(/\/+$/, '')
  const environment = environmentOf(variables) === 'production' ? 'production' : 'sandbox'
  if (gateway === 'ipay') return IPAY_BASE_URLS[environment]
  if (gateway === 'ipay-payments') return IPAY_PAYMENTS_BASE_URLS[environment]
  return environment === 'production' ? IPAY_SESSIONS_BASE_URL : undefined
}

/** Does the gateway answer, does it know the key, and does it agree about the hour? Asks one harmless question. */
export async function lookAtGateway(variables: Variables, now: () => number): Promise<Finding[]> {
  const { wrong, skipped } = about('gateway answers')
  const gateway = gatewayOf(variables)
  if (environmentOf(variables) === 'simulator') return [skipped('The simulator is started with the shop.')]
  if (!gateway) return [skipped('IPAY_GATEWAY names none.')]
  const base = baseUrlOf(gateway, variables)
  if (base === undefined) return [wrong('Set IPAY_BASE_URL: this gateway publishes no address for its sandbox.')]
  if (!URL.canParse(base)) return [wrong(`IPAY_BASE_URL is not a web address: ${base}`)]
  try {
    const { path, authorization, known } = harmless(gateway, variables)
    const answer = await ask({ method: 'GET', url: new URL(base + path), headers: { Authorization: authorization } })
    return [verdict(answer, known, base), clock(answer, now)]
  } catch (error) {
    return [wrong(`No answer from ${base}: ${reasonOf(error)}. Look at IPAY_BASE_URL and the network.`)]
  }
}

function verdict({ status, json }: Answer, known: readonly number[], base: string): Finding {
  const { ok, wrong } = about('gateway answers')
  if (status === 401 || status === 403)
    return wrong(`${base} answers ${status}: it does not know the key. Look at IPAY_API_KEY.`)
  if (!known.includes(status)) return wrong(`${base} answers ${status}, where 404 was due. Look at IPAY_BASE_URL.`)
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
