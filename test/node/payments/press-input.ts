import { bdt } from '../../../src/contract/money.ts'
import type { Quote } from '../../../src/server/payments/deps.ts'
import type { OpenInput } from '../../../src/server/payments/service.ts'

/** What the shop says of the purchase that is pressed at a desk. */
export const QUOTE: Quote = { purchaseId: 'c1', amount: bdt('1250.00'), description: 'Two mugs' }

/** A press as the page makes it: without a price that was shown, and without a key. */
export const INPUT: OpenInput = {
  order: { cart: 'c1' },
  shown: null,
  returnTo: null,
  home: '/',
  lang: null,
  key: null,
  request: new Request('https://shop.example/ipay/orders', { method: 'POST' }),
}
