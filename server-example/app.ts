import { serveStatic } from '@hono/node-server/serve-static'
import { Hono, type MiddlewareHandler } from 'hono'
import type { CallerInfo, Payments, Telemetry } from '../src/server/index.ts'
import { type HeaderRules, pageHeaders } from './page-headers.ts'
import { lost, type PagesDeps, pagesRoutes } from './pages.ts'

/** What the shop's web side is put together from. */
export interface AppDeps extends HeaderRules {
  readonly payments: Pick<Payments, 'fetch' | 'ready'>
  readonly pages: PagesDeps
  /** Where `npm run build` put the pages' files. */
  readonly filesFolder: string
  /** Prometheus text. */
  metrics(): Promise<string>
  readonly telemetry: Telemetry
  /** The merchant's desk, beside a simulator only. */
  readonly desk?: Hono<{ Bindings: CallerInfo }> | undefined
}

/** What the Node server says about a connection. */
export type Bindings = Required<Pick<CallerInfo, 'incoming'>>

const TEXT = { 'Content-Type': 'text/plain; charset=utf-8' }

/** All addresses of the shop: the payments' endpoint, the pages with their files, and what a supervisor asks. */
export function createApp(deps: AppDeps): Hono<{ Bindings: Bindings }> {
  const { payments, telemetry } = deps
  const app = new Hono<{ Bindings: Bindings }>()
  // Who calls is read from the connection: a header could be written by anybody.
  for (const path of ['/ipay/orders', '/ipay/orders/*'])
    app.all(path, (context) => payments.fetch(context.req.raw, context.env))

  app.use(pageHeaders(deps), askedAnew)
  app.get('/healthz', (context) => context.text('ok'))
  app.get('/readyz', async (context) =>
    (await payments.ready()) ? context.text('ready') : context.text('database unreachable', 503),
  )
  app.get('/metrics', async (context) =>
    context.body(await deps.metrics(), 200, { 'Content-Type': 'text/plain; version=0.0.4; charset=utf-8' }),
  )
  app.route('/', pagesRoutes(deps.pages))
  if (deps.desk) app.route('/desk', deps.desk)
  // The names of these files change with what is in them.
  app.get('/assets/*', keptFor('31536000, immutable'), serveStatic({ root: deps.filesFolder }))
  app.get('/art/*', keptFor('3600'), serveStatic({ root: deps.filesFolder }))
  app.get('/favicon.svg', keptFor('3600'), serveStatic({ root: deps.filesFolder }))
  app.notFound((context) => lost(context, deps.pages))
  app.onError((error, context) => {
    const incident = crypto.randomUUID()
    telemetry.log('error', 'page-failed', { incident, path: context.req.path, error: String(error) })
    return context.text(`Something went wrong on our side. Incident ${incident}.`, 500, TEXT)
  })
  return app
}

/**
 * Pages belong to one visitor and are asked for anew at each visit. Not `no-store`: Chromium would keep them out of its
 * page cache, and Back from the payment page would load the shop again instead of showing it as it was left.
 */
const askedAnew: MiddlewareHandler = async (context, next) => {
  await next()
  if (!context.res.headers.has('Cache-Control')) context.res.headers.set('Cache-Control', 'private, no-cache')
}

/** Only what was found is worth keeping. */
const keptFor =
  (howLong: string): MiddlewareHandler =>
  async (context, next) => {
    await next()
    if (context.res.status === 200) context.res.headers.set('Cache-Control', `public, max-age=${howLong}`)
  }
