import '../src/elements/define.ts'
import { namePaymentHosts } from './payment-hosts.ts'

namePaymentHosts()

// The way back led to the button that pays this cart, and the cart is over: the shop begins the next one at its top.
addEventListener('ipay-paid', ({ target }) => {
  if (!(target instanceof HTMLElement)) return
  target.setAttribute('home', (target.getAttribute('home') ?? '/').replace(/#.*$/, ''))
})
