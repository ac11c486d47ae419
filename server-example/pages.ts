import { readFileSync } from 'node:fs'
import { type Context, Hono } from 'hono'
import { getCookie, setCookie } from 'hono/cookie'
import { TOKEN, TOKEN_PARAMETER } from '../src/contract/limits.ts'
import type { PaymentStatus } from '../src/contract/schemas.ts'
import type { Environment } from '../src/contract/states.ts'
import { CART_COOKIE, type Cart, changed, cookieOfCart } from './cart.ts'
import { LANGUAGE_COOKIE, type Language, languageOf } from './language.ts'
import { lostPage } from './lost-page.ts'
import { cartHref, fillPage } from './page-shell.ts'
import { shopPage } from './shop-page.ts'
import { thanksPage } from './thanks-page.ts'
import { currentCart, SKUS } from './visit-cart.ts'

/** What the pages stand on. */
export interface PagesDeps {
  /** The built pages, with their marks. */
  readonly built: { readonly shop: string; readonly thanks: string }
  readonly environment: Environment
  /** Hosts of payment pages beside iPay's own. */
  readonly paymentHosts?: readonly string[]
  /** There is a merchant's desk to try the shop's side. */
  readonly hasDesk?: boolean
  /** The shop is served over https, so its cookie may not travel without. */
  readonly isHttps: boolean
  /** The cart with this id was paid and is over. */
  isPaid(cartId: string): Promise<boolean>
  /** What is known about a payment, and the order that it is about; undefined for a token that nobody knows. */
  payment(token: string): Promise<{ readonly status: PaymentStatus; readonly order: unknown } | undefined>
}

/**
 * The pages as `npm run build` made them.
 * @throws Error with a sentence when they are not there.
 */
export function builtPages(folder: string): PagesDeps['built'] {
  try {
    return {
      shop: readFileSync(`${folder}/index.html`, 'utf8'),
      thanks: readFileSync(`${folder}/demo/thanks.html`, 'utf8'),
    }
  } catch (cause) {
    throw new Error('The pages are not built: run "npm run build", or start with "npm start".', { cause })
  }
}

const WEEK_SECONDS = 604_800

/** The storefront at `/` and the return page at `/thanks`. */
export function pagesRoutes(deps: PagesDeps): Hono {
  return new Hono().get('/', (context) => shop(context, deps)).get('/thanks', (context) => thanks(context, deps))
}

async function shop(context: Context, deps: PagesDeps): Promise<Response> {
  const query = new URL(context.req.url).searchParams
  const language = visitLanguage(context, query, deps)
  const { cart: found, paidBefore } = await currentCart(context, query, deps.isPaid)
  const change = ['more', 'less', 'drop'].find((name) => SKUS.includes(query.get(name) ?? ''))
  const cart = change ? { ...found, quantities: changed(found.quantities, change, query.get(change) ?? '') } : found
  rememberCart(context, cart, deps)
  // A press of a button changes the cart once: what stays in the address is its result, so a reload repeats nothing.
  if (change) return context.redirect(withId(cartHref(cart.quantities, language), query, cart), 303)
  const content = shopPage({ language, cart, environment: deps.environment, paidBefore, hasDesk: deps.hasDesk })
  return context.html(await fillPage(deps.built.shop, { ...content, ...hostsOf(deps) }))
}

/** Keeps the id in the address for visitors whose browser keeps no cookies: it came with the form. */
const withId = (href: string, query: URLSearchParams, { id }: Cart): string =>
  query.has('cart') ? `${href}&cart=${id}` : href

function visitLanguage(context: Context, query: URLSearchParams, { isHttps }: PagesDeps): Language {
  const language = languageOf(query, getCookie(context, LANGUAGE_COOKIE), context.req.header('accept-language'))
  if (query.get('lang') === language) setCookie(context, LANGUAGE_COOKIE, language, cookieOptions(isHttps))
  return language
}

const cookieOptions = (secure: boolean) => ({ path: '/', maxAge: WEEK_SECONDS, sameSite: 'Lax', secure }) as const

function rememberCart(context: Context, cart: Cart, { isHttps }: PagesDeps): void {
  setCookie(context, CART_COOKIE, cookieOfCart(cart), cookieOptions(isHttps))
}

async function thanks(context: Context, deps: PagesDeps): Promise<Response> {
  const query = new URL(context.req.url).searchParams
  const language = visitLanguage(context, query, deps)
  const text = query.get(TOKEN_PARAMETER)
  const token = text !== null && TOKEN.test(text) ? text : null
  const payment = token === null ? undefined : await deps.payment(token)
  const content = thanksPage({
    language,
    environment: deps.environment,
    hasDesk: deps.hasDesk,
    token,
    status: payment?.status,
    order: formOrder(payment?.order),
    asked: Math.min(Number(/^\d$/.exec(query.get('again') ?? '')?.[0] ?? 0), 9),
  })
  // The page itself is always there; what an address names in vain is not.
  return context.html(
    await fillPage(deps.built.thanks, { ...content, ...hostsOf(deps) }),
    payment || text === null ? 200 : 404,
  )
}

/** What people see at an address where nothing is; programs, which ask for no page, get a line of text. */
export async function lost(context: Context, deps: PagesDeps): Promise<Response> {
  const wantsPage = context.req.header('accept')?.includes('text/html')
  if (!wantsPage) return context.text('There is nothing at this address.', 404)
  const language = visitLanguage(context, new URL(context.req.url).searchParams, deps)
  return context.html(await fillPage(deps.built.thanks, lostPage(language, deps.hasDesk)), 404)
}

const hostsOf = ({ paymentHosts }: PagesDeps) => (paymentHosts ? { paymentHosts } : {})

/** An order in the shape that a form can send again, or null. */
function formOrder(order: unknown): { cart: string; items: unknown } | null {
  if (typeof order !== 'object' || order === null || !('cart' in order) || !('items' in order)) return null
  return typeof order.cart === 'string' ? { cart: order.cart, items: order.items } : null
}
