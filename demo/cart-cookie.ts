import { CART_COOKIE, type Cart, cartInCookie, cookieOfCart } from '../server-example/cart.ts'

/** The cart's cookie, as the server reads and writes it too. */

const WEEK_SECONDS = 604_800

/** The cart in the cookie; undefined when there is none, or no cookies at all. */
export function keptCart(skus: readonly string[]): Cart | undefined {
  const text = new RegExp(`(?:^|; )${CART_COOKIE}=([^;]*)`).exec(document.cookie)?.[1]
  return text === undefined ? undefined : cartInCookie(text, skus)
}

/** Keeps the cart for a week. The server knows when it is paid, and begins a new one then. */
export function keepCart(cart: Cart): void {
  const secure = location.protocol === 'https:' ? '; Secure' : ''
  // biome-ignore lint/suspicious/noDocumentCookie: cookieStore is missing in browsers that this page serves
  document.cookie = `${CART_COOKIE}=${cookieOfCart(cart)}; Path=/; Max-Age=${WEEK_SECONDS}; SameSite=Lax${secure}`
}
