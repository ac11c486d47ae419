import { TOKEN } from '../../contract/limits.ts'
import { ProblemError } from '../problem-error.ts'
import { clientKey } from './client-address.ts'
import { STATUS_MS, withDeadline } from './deadline.ts'
import type { Kit, Route, Visit } from './route.ts'

/** `GET {order-endpoint}/{token}`: what the shop knows. */
export function statusRoute(kit: Kit): Route {
  const { payments, clock, limits, events } = kit

  async function answer({ info, param }: Visit): Promise<Response> {
    await limits.read(clientKey(info))
    const token = tokenOf(param('token'))
    const status = await withDeadline(clock, STATUS_MS, payments.status(token))
    if (!status) throw new ProblemError('not-found')
    return Response.json(events ? { ...status, events: eventsAddress(kit, token) } : status)
  }

  return { name: 'status', path: '/:token', methods: ['GET', 'HEAD', 'OPTIONS'], callers: 'own-pages', answer }
}

/**
 * The token in an address. One that cannot be a token gets the answer of an unknown one.
 * @throws ProblemError `not-found`
 */
export function tokenOf(text: string): string {
  if (!TOKEN.test(text)) throw new ProblemError('not-found')
  return text
}

/** Where the live status of this payment is. */
export const eventsAddress = ({ endpoint }: Kit, token: string): string =>
  `${endpoint.href.replace(/\/+$/, '')}/${token}/events`
