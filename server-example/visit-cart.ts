import { randomBytes } from 'node:crypto'
import type { Context } from 'hono'
import { getCookie } from 'hono/cookie'
import { CART_COOKIE, type Cart, cartInCookie, isSame, quantitiesInAddress, STARTER_CART } from './cart.ts'
import { GOODS } from './goods.ts'

/** The shop's skus, as addresses and cookies may name them. */
export const SKUS = GOODS.map(({ sku }) => sku)

/**
 * What is in the cart says the address, else the cookie, else there is something to begin with. Whose cart it is says the
 * cookie; without one, the address does, but only when our own page led here: a link that somebody shared must not make
 * two people pay for one cart. A paid cart is over, and the next one begins empty, whatever addresses of the paid one are
 * still in the browser's history: who finds the same goods again with a button to pay thinks that it did not work.
 */
export async function currentCart(
  context: Context,
  query: URLSearchParams,
  isPaid: (cartId: string) => Promise<boolean>,
): Promise<{ cart: Cart; paidBefore: boolean }> {
  const kept = cartInCookie(getCookie(context, CART_COOKIE) ?? '', SKUS)
  const isOurs = context.req.header('sec-fetch-site') === 'same-origin'
  const sent = isOurs ? cartInCookie(query.get('cart') ?? '', SKUS) : undefined
  const id = kept?.id ?? sent?.id
  const paidBefore = id !== undefined && (await isPaid(id))
  const named = quantitiesInAddress(query, SKUS)
  const before = (kept ?? sent)?.quantities
  const isPaidOne = paidBefore && (!named || (before !== undefined && isSame(named, before)))
  const quantities = isPaidOne ? new Map<string, number>() : (named ?? kept?.quantities ?? STARTER_CART)
  return { cart: { id: id === undefined || paidBefore ? newCartId() : id, quantities }, paidBefore }
}

/** 144 bits: nobody can guess another buyer's cart, which is what makes it safe as the purchase's name. */
const newCartId = (): string => `c_${randomBytes(18).toString('base64url')}`
