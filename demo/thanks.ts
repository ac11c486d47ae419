import './payment-hosts.ts'
import '../src/elements/define.ts'
import { forgetCart } from './cart-cookie.ts'

addEventListener('ipay-paid', forgetCart)
