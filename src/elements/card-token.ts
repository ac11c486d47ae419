/**
 * Card tokens for shops that have a card form of their own.
 *
 * **What this means for PCI DSS.** The buttons of this package send buyers to the gateway's own page: no card data comes
 * near the shop, and the shop assesses itself with SAQ A. With this function card data is typed into the shop's page and
 * goes from there straight to the gateway. It never reaches the shop's server, but every script on that page could read
 * it: the shop is then in the scope of SAQ A-EP, with its rules for the page's scripts (6.4.3, 11.6.1). Use it only for
 * a reason that is worth that.
 */
import { REQUEST_DEADLINE_MS } from '../contract/limits.ts'
import { isLoopback } from '../contract/payment-url.ts'

/** A card as it was typed in. Spaces and dashes in the number do not count. */
export interface Card {
  readonly number: string
  /** 1 to 12. */
  readonly expMonth: number
  /** Four digits. */
  readonly expYear: number
  readonly cvc: string
}

export interface CardTokenOptions {
  /** The publishable key (`pk_…`). Any other key is refused before anything is sent: secret keys have no place in a page. */
  readonly publishableKey: string
  /** The gateway's base address, such as `https://api.ipay.com/api`; https, or http on loopback. */
  readonly baseUrl: string
  /** Ends the request. Left out: it ends after 20 s. */
  readonly signal?: AbortSignal
}

/** What stands for a card from now on. `id` is the only thing that the shop's server needs. */
export interface CardToken {
  readonly id: string
  /** What may be shown to the buyer; null when the gateway did not say. */
  readonly card: { readonly brand: string; readonly last4: string } | null
}

/**
 * Why there is no token. `misconfigured`: the key or the address cannot be used in a page. `invalid-card`: the gateway does
 * not take this number, date or code. `declined`: the card cannot be used, it has expired for example. `refused`: the
 * gateway does not accept the key. `busy`: too many tries. `unreachable`: no answer; trying again is harmless.
 * `bad-answer`: one that cannot be understood. Neither message nor `cause` holds card data or the key.
 */
export class CardTokenError extends Error {
  readonly code: 'misconfigured' | 'invalid-card' | 'declined' | 'refused' | 'busy' | 'unreachable' | 'bad-answer'

  constructor(code: CardTokenError['code'], message: string) {
    super(message)
    this.name = 'CardTokenError'
    this.code = code
  }
}

const CODES: Readonly<Record<number, CardTokenError['code']>> = {
  400: 'invalid-card',
  401: 'refused',
  402: 'declined',
  403: 'refused',
  422: 'invalid-card',
  429: 'busy',
}

/**
 * Exchanges a card for a token, straight from the page to the gateway. Nothing is kept, logged or sent to anybody else.
 * @throws CardTokenError
 */
export async function createCardToken(card: Card, options: CardTokenOptions): Promise<CardToken> {
  const { publishableKey, baseUrl, signal = AbortSignal.timeout(REQUEST_DEADLINE_MS) } = options
  if (!/^pk_[!-~]{1,200}$/.test(publishableKey)) {
    throw new CardTokenError(
      'misconfigured',
      'Card tokens are made with a publishable key (pk_…), never with a secret one',
    )
  }
  const answer = await send(tokensAddress(baseUrl), publishableKey, card, signal)
  if (!answer.ok) {
    const code = CODES[answer.status] ?? (answer.status >= 500 ? 'unreachable' : 'bad-answer')
    throw new CardTokenError(code, `The gateway answered ${answer.status}`)
  }
  return readToken(await answer.json().catch(() => undefined))
}

function tokensAddress(baseUrl: string): string {
  const url = URL.parse(baseUrl)
  const isSafe = url?.protocol === 'https:' || (url?.protocol === 'http:' && isLoopback(url.hostname))
  if (!url || !isSafe || url.username || url.password || url.search || url.hash) {
    throw new CardTokenError('misconfigured', 'baseUrl must be an https address without user info, query or fragment')
  }
  return `${url.href.replace(/\/+$/, '')}/tokens`
}

async function send(url: string, key: string, { number, expMonth, expYear, cvc }: Card, signal: AbortSignal) {
  try {
    return await fetch(url, {
      method: 'POST',
      headers: { 'content-type': 'application/json', accept: 'application/json', authorization: `Bearer ${key}` },
      body: JSON.stringify({
        card: { number: number.replace(/[\s-]/g, ''), exp_month: expMonth, exp_year: expYear, cvc },
      }),
      signal,
      // No cookies, no address of the shop, no copy on disk, and never on to another address.
      credentials: 'omit',
      referrerPolicy: 'no-referrer',
      cache: 'no-store',
      redirect: 'error',
    })
  } catch {
    // The browser's own error is not passed on: what it says is not ours to vouch for.
    throw new CardTokenError('unreachable', 'The gateway did not answer')
  }
}

function readToken(body: unknown): CardToken {
  const { id, card } = fieldsOf(body)
  if (typeof id !== 'string' || !/^[!-~]{1,128}$/.test(id)) {
    throw new CardTokenError('bad-answer', 'The answer holds no token')
  }
  const { brand, last4 } = fieldsOf(card)
  const isFace = typeof brand === 'string' && typeof last4 === 'string' && /^\d{4}$/.test(last4)
  return { id, card: isFace ? { brand: brand.slice(0, 32), last4 } : null }
}

const fieldsOf = (value: unknown): Readonly<Record<string, unknown>> =>
  typeof value === 'object' && value !== null ? { ...value } : {}
