import '../src/elements/define.ts'
import { forgetCart } from './cart-cookie.ts'
import { namePaymentHosts } from './payment-hosts.ts'

namePaymentHosts()

addEventListener('ipay-paid', forgetCart)
