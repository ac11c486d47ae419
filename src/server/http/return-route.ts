import { ProblemError } from '../problem-error.ts'
import { clientKey } from './client-address.ts'
import { RETURN_FALLBACK_MS, RETURN_MS, withDeadline } from './deadline.ts'
import { seeOther } from './open-route.ts'
import { placeToReturn } from './return-to.ts'
import type { Kit, Route, Visit } from './route.ts'
import { tokenOf } from './status-route.ts'

const HINTS = ['success', 'failure', 'cancel']

/**
 * `GET {order-endpoint}/{token}/return/{hint}`: where the gateway sends the buyer. The hint proves nothing and is not
 * used; the shop's page asks for the status. A buyer is sent on whatever happens here, as long as the store answers.
 */
export function returnRoute(kit: Kit): Route {
  const { payments, clock, limits, telemetry } = kit

  async function answer({ request, info, param }: Visit): Promise<Response> {
    const token = tokenOf(param('token'))
    if (!HINTS.includes(param('hint'))) throw new ProblemError('not-found')
    const mayAsk = isVisit(request) && (await isWithinLimit(clientKey(info)))
    const returnTo = (mayAsk && (await askedReturnTo(token))) || (await quietReturnTo(token))
    if (returnTo === undefined) throw new ProblemError('not-found')
    return seeOther(placeToReturn(returnTo, token, kit))
  }

  /** Undefined for an unknown token, and when asking failed or took too long: then the address alone has to do. */
  async function askedReturnTo(token: string): Promise<string | undefined> {
    try {
      return (await withDeadline(clock, RETURN_MS, payments.returned(token, { ask: true })))?.returnTo
    } catch (error) {
      telemetry.log('warn', 'return-not-asked', { cause: error })
      return undefined
    }
  }

  const quietReturnTo = (token: string) => withDeadline(clock, RETURN_FALLBACK_MS, payments.returnTo(token))

  /** Too many visits from one address are still sent on; only the question to the gateway is left out. */
  async function isWithinLimit(client: string | null): Promise<boolean> {
    try {
      await limits.read(client)
      return true
    } catch {
      return false
    }
  }

  return {
    name: 'return',
    path: '/:token/return/:hint',
    methods: ['GET', 'HEAD', 'OPTIONS'],
    callers: 'anybody',
    answer,
  }
}

/** A person's browser arriving, not a link checker's HEAD nor a prefetch or prerender that nobody may ever look at. */
function isVisit({ method, headers }: Request): boolean {
  const purposes = ['sec-purpose', 'purpose', 'x-purpose', 'x-moz'].map((name) => headers.get(name) ?? '')
  return method === 'GET' && !purposes.some((purpose) => /prefetch|prerender|preview/i.test(purpose))
}
