import { type Context, Hono } from 'hono'
import { isLoopback } from '../../src/contract/payment-url.ts'
import type {
  AnyGateway,
  CallerInfo,
  Capturing,
  Gateway,
  IpaySessionsGateway,
  KyselyStore,
  Payments,
  Recounting,
  Refunding,
  Voiding,
} from '../../src/server/index.ts'
import { askDeed, type Deed } from './deed.ts'
import { type Listed, listPage, paymentPage } from './desk-page.ts'
import { paymentsDeeds } from './payments-deeds.ts'
import { sessionsDeeds } from './sessions-deeds.ts'
import { outsideOf } from './simulator-side.ts'
import { STYLE } from './style.ts'

/** What the Node server says about a connection. */
type Bindings = CallerInfo

/** What the desk stands on. It cannot be made without a simulator. */
export interface DeskDeps {
  readonly payments: Payments
  readonly gateway: Gateway
  readonly store: Pick<KyselyStore, 'db'>
  /** The simulator's own origin. */
  readonly simulator: URL
}

const MOST_LISTED = 30

const canOperate = (payments: object): payments is Refunding & Capturing & Voiding =>
  ['refund', 'capture', 'void'].every((name) => name in payments)
const canRecount = (payments: object): payments is Recounting => 'events' in payments
const hasParcels = (gateway: AnyGateway): gateway is IpaySessionsGateway => 'returns' in gateway

/**
 * What the shop's own people do, as a page to try it out: refund, capture, void, release, returns. A shop has its own
 * screens for that, with its own log-in; this one has none, and is therefore only there beside the simulator, where no
 * money is, and only for requests that come from this machine, name it, and were not sent by another site.
 */
export function deskRoutes(deps: DeskDeps): Hono<{ Bindings: Bindings }> {
  const { payments, gateway, store } = deps
  const outside = outsideOf(deps.simulator)
  const deeds: readonly Deed[] = [
    askDeed(payments),
    ...(canOperate(payments) ? paymentsDeeds(payments, outside) : []),
    ...(hasParcels(gateway) ? sessionsDeeds(gateway, outside) : []),
  ]
  /** What came of the last deed, shown once. */
  const said = new Map<string, string>()
  const app = new Hono<{ Bindings: Bindings }>()

  app.use(async (context, next) => {
    const { hostname } = new URL(context.req.url)
    if (!isLoopback(hostname) || !isThisMachine(context.env?.incoming?.socket?.remoteAddress)) return context.notFound()
    if (context.req.method !== 'GET' && isFromElsewhere(context.req.raw)) return context.text('Not from here.', 403)
    return next()
  })

  app.get('/', async (context) => context.html(await listPage(gateway.name, await newest())))
  app.get('/style.css', (context) => context.body(STYLE, 200, { 'Content-Type': 'text/css; charset=utf-8' }))
  app.get('/:token', async (context) => {
    const payment = await payments.find({ token: context.req.param('token') })
    if (!payment) return context.notFound()
    const { token } = payment.status
    const history = canRecount(payments) ? await payments.events({ token }).catch(() => undefined) : undefined
    const last = said.get(token)
    said.delete(token)
    const possible = deeds.filter(({ isPossible }) => isPossible?.(payment.status) ?? true)
    return context.html(await paymentPage(payment, possible, history, last))
  })
  app.post('/:token', act)

  async function act(context: Context): Promise<Response> {
    const payment = await payments.find({ token: context.req.param('token') ?? '' })
    const form = await context.req.parseBody()
    const fields = Object.fromEntries(
      Object.entries(form).map(([name, value]) => [name, typeof value === 'string' ? value.trim() : '']),
    )
    const deed = deeds.find(({ name }) => name === fields['do'])
    if (!payment || !deed) return context.text('There is nothing at this address.', 404)
    const { token } = payment.status
    const outcome = await deed.act(payment, fields).catch((error: unknown) => String(error))
    // What was done is in the answer at once, whether or not a notification comes.
    await payments.check(token)
    said.set(token, `${deed.label} – ${outcome}`)
    return context.redirect(`/desk/${token}`, 303)
  }

  async function newest(): Promise<Listed[]> {
    const rows = await store.db
      .selectFrom('payments')
      .select(['token', 'purchase_id', 'state', 'created_at'])
      .orderBy('created_at', 'desc')
      .limit(MOST_LISTED)
      .execute()
    return rows.map(({ token, purchase_id: purchaseId, state, created_at }) => ({
      token,
      purchaseId,
      state,
      openedAt: new Date(created_at),
    }))
  }
  return app
}

const isThisMachine = (address = ''): boolean => /^(?:::1|(?:::ffff:)?127(?:\.\d{1,3}){3})$/.test(address)

/** Browsers say where a form comes from; programs on this machine say nothing. */
function isFromElsewhere(request: Request): boolean {
  const site = request.headers.get('sec-fetch-site')
  if (site !== null) return site !== 'same-origin'
  const origin = request.headers.get('origin')
  return origin !== null && origin !== new URL(request.url).origin
}
