/**
 * The wallet's pages, which work without JavaScript: plain forms, each answered by a redirect to the next page.
 *
 * | address | what it is | form → its fields and button |
 * |---|---|---|
 * | `GET /pay/{orderId}` | log in, with the list of test members (`li[data-member]`) | `login`: `member`, `pin`, `[data-action=login]` |
 * | `GET /pay/{orderId}/code?visit=` | one-time code (`[data-code]` holds it) | `verify`: `code`, `[data-action=verify]` |
 * | `GET /pay/{orderId}/confirm?visit=` | what is paid and by whom | `pay`: `[data-action=pay]` |
 * | on every one of these | | `cancel`: `[data-action=cancel]` |
 * | a finished order, at any of them | says so in `h1[data-state]` | link `[data-action=back]` to the shop |
 *
 * `[data-action=language]` is the same page in the other language; `?lang=en|bn` decides, then `Accept-Language`.
 * `pay` and `cancel` answer 303 to the callback address of the outcome; three wrong PINs or codes fail the order.
 */
import { type Context, Hono } from 'hono'
import type { FaultPlan } from '../faults/fault-plan.ts'
import { strike } from '../faults/strike.ts'
import type { Ledger } from '../ledger/ledger.ts'
import { latest, type Order, type OrderState } from '../ledger/order.ts'
import { newTransactionId } from '../order-gateway/ids.ts'
import type { SandboxEnv } from '../sandbox-env.ts'
import { memberOf, outcomeOf, PIN, plainDigits, SLOW_MS } from './members.ts'
import { type PageContext, pageContext } from './page-context.ts'
import { pageHeaders } from './page-headers.ts'
import { STYLE } from './style.ts'
import { chooseLanguage, type Language, MISTAKES, type Mistake } from './texts.ts'
import { codePage, confirmPage, finishedPage, loginPage, MEMBER_LENGTH, unknownPage } from './views.ts'
import type { Visits } from './visits.ts'

export interface PaymentPageParts {
  readonly ledger: Ledger
  readonly faults: FaultPlan
  readonly visits: Visits
}

type Page = Context<SandboxEnv>

const callbackOf = (order: Order, state: OrderState): string =>
  state === 'cancelled'
    ? order.cancelUrl
    : state === 'paid' || state === 'created'
      ? order.successUrl
      : order.failureUrl

export function paymentPageRoutes({ ledger, faults, visits }: PaymentPageParts): Hono<SandboxEnv> {
  const app = new Hono<SandboxEnv>()
  app.use(pageHeaders)

  app.get('/style.css', (c) =>
    c.body(STYLE, 200, { 'Content-Type': 'text/css; charset=utf-8', 'Cache-Control': 'max-age=300' }),
  )

  /** An order that is paid on these pages; the Payments API has its own. */
  const find = (c: Page): Order | undefined => {
    const order = ledger.byId(c.req.param('orderId') ?? '')
    return order?.gateway === 'ipay-payments' ? undefined : order
  }
  const mistakeOf = (c: Page): Mistake | undefined => MISTAKES.find((mistake) => mistake === c.req.query('mistake'))
  /** Still to be paid: neither finished, nor on its way with the slow member. */
  const isPayable = (order: Order) => latest(order).state === 'created' && order.due === null

  const contextOf = (c: Page) => pageContext(c.req.raw, ledger.now(), find(c)?.lang)

  /** Shows `page` for a payable order, and the right other page for any other. */
  function show(c: Page, page: (order: Order, context: PageContext) => Response | Promise<Response>) {
    const order = find(c)
    const context = contextOf(c)
    if (!order) return c.html(unknownPage(context), 404)
    if (isPayable(order)) return page(order, context)
    const { state } = latest(order)
    return c.html(finishedPage(order, context, state, callbackOf(order, state)))
  }

  const to = (c: Page, order: Order, path: string, query: Readonly<Record<string, string>>) =>
    c.redirect(`/pay/${order.orderId}${path}?${new URLSearchParams(query)}`, 303)

  app.get('/:orderId', (c) =>
    show(c, (order, context) => {
      const triesLeft = visits.triesLeft(order.orderId)
      return c.html(loginPage(order, context, mistakeOf(c), triesLeft, c.req.query('member')))
    }),
  )

  app.get('/:orderId/code', (c) =>
    show(c, (order, context) => {
      const visit = visits.find(order.orderId, c.req.query('visit'))
      if (!visit) return to(c, order, '', { mistake: 'session-lost', lang: context.language })
      return c.html(codePage(order, context, visit, mistakeOf(c), visits.triesLeft(order.orderId)))
    }),
  )

  app.get('/:orderId/confirm', (c) =>
    show(c, (order, context) => {
      const visit = visits.find(order.orderId, c.req.query('visit'))
      if (!visit?.verified) return to(c, order, '', { mistake: 'session-lost', lang: context.language })
      return c.html(confirmPage(order, context, visit))
    }),
  )

  /** Reads a form that was sent for a payable order; any other order is answered by its own page. */
  function submit(c: Page, act: (order: Order, field: (name: string) => string, lang: Language) => Promise<Response>) {
    return c.req.parseBody().then((form) => {
      const field = (name: string): string => {
        const value = form[name]
        return typeof value === 'string' ? value : ''
      }
      const lang = chooseLanguage(field('lang'), c.req.header('accept-language'))
      const order = find(c)
      if (!order) return c.html(unknownPage(contextOf(c)), 404)
      return isPayable(order) ? act(order, field, lang) : to(c, order, '', { lang })
    })
  }

  /** Counts a wrong PIN or code; the third ends the order. */
  function wrong(c: Page, order: Order, path: string, query: Readonly<Record<string, string>>) {
    if (visits.wrongTry(order.orderId) > 0) return to(c, order, path, query)
    ledger.move(order, { state: 'failed', reason: 'declined' })
    return to(c, order, '', { lang: query['lang'] ?? 'en' })
  }

  app.post('/:orderId/login', (c) =>
    submit(c, async (order, field, lang) => {
      const typed = field('member')
      const member = memberOf(typed)
      if (!member || plainDigits(field('pin')) !== PIN)
        return wrong(c, order, '', { mistake: 'wrong-pin', lang, member: typed.slice(0, MEMBER_LENGTH) })
      visits.rightTry(order.orderId)
      return to(c, order, '/code', { visit: visits.begin(order.orderId, member).id, lang })
    }),
  )

  app.post('/:orderId/verify', (c) =>
    submit(c, async (order, field, lang) => {
      const visit = visits.find(order.orderId, field('visit'))
      if (!visit) return to(c, order, '', { mistake: 'session-lost', lang })
      if (plainDigits(field('code')) !== visit.code) {
        return wrong(c, order, '/code', { visit: visit.id, mistake: 'wrong-code', lang })
      }
      visits.rightTry(order.orderId)
      visit.verified = true
      return to(c, order, '/confirm', { visit: visit.id, lang })
    }),
  )

  app.post('/:orderId/pay', (c) =>
    submit(c, async (order, field, lang) => {
      const visit = visits.find(order.orderId, field('visit'))
      if (!visit?.verified) return to(c, order, '', { mistake: 'session-lost', lang })
      const change = outcomeOf(visit.member, newTransactionId(ledger.now()))
      if (visit.member.outcome === 'pays-late') ledger.moveLater(order, SLOW_MS, change)
      else ledger.move(order, change)
      return leave(c, callbackOf(order, change.state))
    }),
  )

  app.post('/:orderId/cancel', (c) =>
    submit(c, async (order) => {
      ledger.move(order, { state: 'cancelled' })
      return leave(c, order.cancelUrl)
    }),
  )

  /** The browser goes back to the shop, unless a fault of `return` strikes. */
  async function leave(c: Page, callback: string): Promise<Response> {
    const outcome = await strike(faults.take('return'), async () => c.redirect(callback, 303))
    c.env.end(outcome)
    return outcome.response
  }
  return app
}
