import { type Context, Hono } from 'hono'
import { ProblemError } from '../problem-error.ts'
import { preflight, writeCors } from './cors.ts'
import { refuseCrossSite } from './cross-site.ts'
import type { CallerInfo, HttpDeps, HttpHandler } from './deps.ts'
import { eventsRoute } from './events-route.ts'
import { acceptedLanguage } from './form-input.ts'
import { isForm } from './media-type.ts'
import { notificationRoute } from './notification-route.ts'
import { openRoute } from './open-route.ts'
import { isKnownOrigin, readOrigins } from './origins.ts'
import { problemPage } from './problem-page.ts'
import { problemResponse, toIncident } from './problem-response.ts'
import { createRateLimits } from './rate-limits.ts'
import { returnRoute } from './return-route.ts'
import { checkReturnTo } from './return-to.ts'
import { type Kit, type Route, stopping } from './route.ts'
import { writeSecurityHeaders } from './security-headers.ts'
import { statusRoute } from './status-route.ts'

/** Travels with one request, so that the last step knows where it went. */
interface Trip {
  readonly info: CallerInfo | undefined
  route: Route['name'] | 'other'
}

type Env = { Bindings: Trip }

/**
 * The shop's endpoint as a function from Request to Response. It never rejects: whatever goes wrong is one of the
 * contract's problems. Of a request's address only the path below `endpoint` counts, never Host or a forwarded header.
 * @throws TypeError for settings that cannot be right: an allowed origin that is none, a `returnTo` outside of them
 */
export function createHttp(deps: HttpDeps): HttpHandler {
  const { endpoint, telemetry } = deps
  const origins = readOrigins(endpoint, deps.allowedOrigins)
  if (checkReturnTo(deps.returnTo, origins) === undefined)
    throw new TypeError(`returnTo: "${deps.returnTo}" is not a path`)
  const kit: Kit = { ...deps, origins, limits: createRateLimits(deps.opensPerMinute) }
  const events = eventsRoute(kit)
  let isOpen = true
  const routes: readonly Route[] = [openRoute(kit), notificationRoute(kit), statusRoute(kit), events, returnRoute(kit)]

  const app = new Hono<Env>({ getPath: (request) => pathBelow(endpoint, request) })
  for (const route of routes) app.all(route.path, (context) => visit(route, context))
  app.notFound(() => Promise.reject(new ProblemError('not-found')))
  app.onError((error, context) => explain(error, context.req.raw, context.env.route))

  async function visit(route: Route, context: Context<Env>): Promise<Response> {
    const request = context.req.raw
    context.env.route = route.name
    if (route.callers === 'own-pages') refuseCrossSite(request.headers, origins)
    if (!route.methods.includes(request.method)) throw new ProblemError('method-not-allowed')
    if (request.method === 'OPTIONS') return options(route, request)
    if (request.method === 'POST' && !isOpen) throw stopping()
    return route.answer({ request, info: context.env.info, param: (name) => context.req.param(name) ?? '' })
  }

  function options({ callers, methods }: Route, { headers }: Request): Response {
    if (callers === 'own-pages') return preflight(headers, methods, origins)
    return new Response(null, { status: 204, headers: { Allow: methods.join(', ') } })
  }

  /** A page where a person is looking, JSON for programs. */
  async function explain(thrown: unknown, request: Request, route: Trip['route']): Promise<Response> {
    const incident = toIncident(thrown, route, telemetry)
    if (!isPerson(request, route)) return problemResponse(incident)
    return problemPage(incident, { route, lang: acceptedLanguage(request.headers) ?? 'en', back: backTo(request) })
  }

  /** The page that the buyer came from when it is the shop's, or else the shop's front door. */
  function backTo(request: Request): string {
    const from = URL.parse(request.headers.get('referer') ?? '')
    return from && isKnownOrigin(origins, from.origin) ? from.href : `${origins.own}/`
  }

  async function handle(request: Request, info?: CallerInfo): Promise<Response> {
    const trip: Trip = { info, route: 'other' }
    const answer = await answerSafely(request, trip)
    const route = routes.find(({ name }) => name === trip.route)
    if (route?.callers === 'own-pages') writeCors(request.headers, answer.headers, origins)
    if (route && answer.status === 405) answer.headers.set('Allow', route.methods.join(', '))
    writeSecurityHeaders(answer.headers, endpoint)
    telemetry.count('ipay_http_requests_total', { route: trip.route, status: String(answer.status) })
    return answer
  }

  async function answerSafely(request: Request, trip: Trip): Promise<Response> {
    try {
      return await app.fetch(request, trip)
    } catch (error) {
      return problemResponse(toIncident(error, trip.route, telemetry))
    }
  }

  function close(): void {
    isOpen = false
    events.close()
  }

  function open(): void {
    isOpen = true
    events.open()
  }

  return Object.assign(handle, { close, open })
}

/** The path below the endpoint, beginning with `/`; what lies elsewhere becomes a path that no route has. */
function pathBelow(endpoint: URL, request: Request): string {
  const base = endpoint.pathname.replace(/\/+$/, '')
  const path = new URL(request.url).pathname
  if (path === base || path === `${base}/`) return '/'
  return path.startsWith(`${base}/`) ? path.slice(base.length) : '/-/-/-/-'
}

/** A browser that shows what it gets: after a plain form, a visit, or the way back. Programs that send a form get JSON. */
function isPerson({ headers }: Request, route: Trip['route']): boolean {
  if (!headers.get('accept')?.includes('text/html')) return false
  return route === 'return' || (route === 'open' && (isForm(headers) || headers.get('sec-fetch-mode') === 'navigate'))
}
