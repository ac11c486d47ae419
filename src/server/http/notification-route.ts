import { ProblemError } from '../problem-error.ts'
import { readBytes } from './body.ts'
import { NOTIFICATION_MS, withDeadline } from './deadline.ts'
import type { Kit, Route, Visit } from './route.ts'

/**
 * `POST {order-endpoint}/notifications/{gateway}`: hands the bytes as they came to the gateway's handler. 200 once the
 * handler returned, that is once the event is stored.
 */
export function notificationRoute({ notifications = {}, clock }: Kit): Route {
  async function answer({ request, param }: Visit): Promise<Response> {
    const gateway = param('gateway')
    const handler = Object.hasOwn(notifications, gateway) ? notifications[gateway] : undefined
    if (!handler) throw new ProblemError('not-found')
    const body = await readBytes(request, clock)
    await withDeadline(clock, NOTIFICATION_MS, handler({ body, headers: request.headers }))
    return Response.json({ received: true })
  }

  return {
    name: 'notification',
    path: '/notifications/:gateway',
    methods: ['POST', 'OPTIONS'],
    callers: 'anybody',
    answer,
  }
}
