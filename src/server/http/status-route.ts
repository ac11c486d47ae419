import { TOKEN } from '../../contract/limits.ts'
import { ProblemError } from '../problem-error.ts'
import { clientKey } from './client-address.ts'
import { STATUS_MS, withDeadline } from './deadline.ts'
import type { Kit, Route, Visit } from './route.ts'

/** `GET {order-endpoint}/{token}`: what the shop knows. */
export function statusRoute({ payments, clock, limits }: Kit): Route {
  async function answer({ info, param }: Visit): Promise<Response> {
    await limits.read(clientKey(info))
    const status = await withDeadline(clock, STATUS_MS, payments.status(tokenOf(param('token'))))
    if (!status) throw new ProblemError('not-found')
    return Response.json(status)
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
