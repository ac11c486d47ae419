/**
 * The pages of the Payments API that a buyer sees, mounted below `/payments`; plain forms, no scripts:
 *
 * - `GET /payments/checkout/{id}`: radio buttons `method` (values are test tokens), `[data-action=pay]`, `[data-action=cancel]`
 * - `GET /payments/challenge/{id}`: 3-D Secure, `[data-action=pass]`, `[data-action=fail]`, `[data-action=abandon]`
 *
 * The button's name is `do`. Each ends with 303 to `return_url` (paid, processing, authorized, abandoned), `failure_url` or
 * `cancel_url`, with `?payment={id}` added. Finished payments say so in `h1[data-state]`, with `[data-action=back]`.
 */
import { type Context, Hono } from 'hono'
import type { FaultPlan } from '../faults/fault-plan.ts'
import { strike } from '../faults/strike.ts'
import type { Ledger } from '../ledger/ledger.ts'
import { latest } from '../ledger/order.ts'
import { pageContext } from '../payment-page/page-context.ts'
import { pageHeaders } from '../payment-page/page-headers.ts'
import { chooseLanguage } from '../payment-page/texts.ts'
import { finishedPage, unknownPage } from '../payment-page/views.ts'
import type { SandboxEnv } from '../sandbox-env.ts'
import { CHOICES, PAGE_TEXTS } from './page-texts.ts'
import { challengePage, checkoutPage } from './page-views.ts'
import type { Payment, Payments } from './payments.ts'
import type { Records } from './records.ts'
import { spendToken } from './tokens.ts'

type Page = Context<SandboxEnv>

export interface PaymentPagesParts {
  readonly ledger: Ledger
  readonly faults: FaultPlan
  readonly payments: Payments
  readonly records: Records
}

/** Where the browser goes now, or the empty text when the merchant named no address. */
function returnUrl({ order, record }: Payment): string {
  const { state } = latest(order)
  const url =
    state === 'cancelled'
      ? order.cancelUrl
      : ['failed', 'error', 'expired'].includes(state)
        ? order.failureUrl
        : order.successUrl
  if (url === '') return ''
  const there = new URL(url)
  there.searchParams.set('payment', record.id)
  return there.href
}

export function paymentPagesRoutes({ ledger, faults, payments, records }: PaymentPagesParts): Hono<SandboxEnv> {
  const app = new Hono<SandboxEnv>()
  app.use('/checkout/*', pageHeaders)
  app.use('/challenge/*', pageHeaders)

  const pageOf = (payment: Payment) =>
    payments.status(payment) === 'requires_action' && payment.record.page ? payment.record.page : null

  async function show(c: Page) {
    const payment = payments.find(c.req.param('id') ?? '')
    const plain = pageContext(c.req.raw, ledger.now(), payment?.order.lang)
    const context = { ...plain, brand: PAGE_TEXTS[plain.language].brand }
    if (!payment) return c.html(unknownPage(context), 404)
    const page = pageOf(payment)
    if (!page) return c.html(finishedPage(payment.order, context, latest(payment.order).state, returnUrl(payment)))
    // The address that the merchant keeps is the checkout's, also while the bank asks.
    if (!c.req.path.startsWith(`/payments/${page}/`)) return go(c, payment, plain.language)
    return c.html(page === 'checkout' ? checkoutPage(payment.order, context) : challengePage(payment.order, context))
  }

  /** To the page where the payment stands now. */
  const go = (c: Page, payment: Payment, lang: string) =>
    c.redirect(`/payments/${pageOf(payment) ?? 'checkout'}/${payment.record.id}?lang=${lang}`, 303)

  /** Back to the merchant, unless a fault of `return` strikes. */
  async function leave(c: Page, payment: Payment, lang: string): Promise<Response> {
    const url = returnUrl(payment)
    if (url === '') return go(c, payment, lang)
    const outcome = await strike(faults.take('return'), async () => c.redirect(url, 303))
    c.env.end(outcome)
    return outcome.response
  }

  async function submit(c: Page, page: 'checkout' | 'challenge') {
    const form = await c.req.parseBody()
    const field = (name: string) => (typeof form[name] === 'string' ? form[name] : '')
    const lang = chooseLanguage(field('lang'), c.req.header('accept-language'))
    const id = c.req.param('id') ?? ''
    const payment = payments.find(id)
    if (!payment) return c.html(unknownPage(pageContext(c.req.raw, ledger.now())), 404)
    const act = field('do')
    if (pageOf(payment) !== page) return go(c, payment, lang)
    if (page === 'checkout' && act === 'cancel') payments.cancel(id)
    else if (page === 'checkout') {
      const choice = CHOICES.find(({ token }) => token === field('method'))
      if (!choice) return go(c, payment, lang)
      payments.charge(id, spendToken(records, choice.token, 'method'))
      if (pageOf(payments.get(id))) return go(c, payments.get(id), lang)
    } else if (act === 'pass' && payment.record.instrument) payments.charge(id, payment.record.instrument, true)
    else if (act === 'fail') payments.fail(id, 'authentication_failed')
    else if (act !== 'abandon') return go(c, payment, lang)
    return leave(c, payments.get(id), lang)
  }

  app.get('/checkout/:id', show)
  app.get('/challenge/:id', show)
  app.post('/checkout/:id', (c) => submit(c, 'checkout'))
  app.post('/challenge/:id', (c) => submit(c, 'challenge'))
  return app
}
