import '../src/elements/define.ts'
import { CART_COOKIE } from '../server-example/cart.ts'

// A paid cart is over: without its cookie, the shop begins a new one.
addEventListener('ipay-paid', () => {
  // biome-ignore lint/suspicious/noDocumentCookie: cookieStore is missing in browsers that this page serves
  document.cookie = `${CART_COOKIE}=; Path=/; Max-Age=0; SameSite=Lax`
})
