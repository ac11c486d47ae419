import { expect } from '@open-wc/testing'
import '../../src/elements/define.ts'
import { cleanUpAfterEach } from './clean-up.ts'
import { framedButton, inSandbox } from './page-in-frame.ts'
import { button, part, press } from './parts.ts'
import { type Answer, asked, inState, openReply, problem, settle, statusReply, stay, TOKEN, testShop } from './shop.ts'

const unfinished: Answer = { on: 'get', body: statusReply({ pollAfter: 2 }) }
const paid: Answer = { on: 'get', body: statusReply({ state: 'paid', paymentUrl: null, retry: 'no' }) }

/** A payment page that opens elsewhere: as an app, or in the page's own way. */
describe('a page that is still here after the buyer left', () => {
  cleanUpAfterEach()

  it('E7: a return page that leads the buyer in its own way goes on asking', async () => {
    const shop = testShop()
    await shop.answers(unfinished)
    history.replaceState(null, '', `?ipay=${TOKEN}`)
    const element = await button({ endpoint: shop.endpoint })
    const urls = stay(element)
    await inState(element, 'unfinished')
    press(element)
    while (urls.length === 0) await element.updateComplete
    await shop.answers(paid)
    await inState(element, 'paid')
  })

  it('E7: whoever paid in an app that took the address over learns it when the page is seen again', async () => {
    const shop = testShop()
    await shop.answers(
      { on: 'post', status: 201, body: openReply({ ...inSandbox, amount: '2500.00' }) },
      { on: 'get', body: statusReply({ ...inSandbox, state: 'paid', paymentUrl: null, retry: 'no' }) },
    )
    const { element, page } = await framedButton(shop)
    press(element)
    await inState(element, 'error')
    expect(element.error?.code).to.equal('blocked-navigation')
    page.dispatchEvent(new Event('visibilitychange'))
    await inState(element, 'paid')
  })

  it('F13: a payment of before to which the button leads has its own price on it, on the way there too', async () => {
    const shop = testShop()
    // The storage of frames is one for all tests: this payment is of none of them.
    const token = 'tok_that_no_order_here_has'
    await shop.answers({ on: 'get', body: statusReply({ ...inSandbox, token, pollAfter: 60 }) })
    const { element } = await framedButton(shop, `ipay=${token}`)
    await inState(element, 'unfinished')
    press(element)
    await inState(element, 'error')
    await element.updateComplete
    expect(part(element, 'amount').textContent).to.equal('৳1,250.00')
  })

  it('E7: the other button for an order that was paid before asks too, and invites to no second payment', async () => {
    const shop = testShop()
    await shop.answers({ on: 'post', ...problem('already-paid', 409, { token: TOKEN }) }, { ...paid, held: true })
    const order = { cart: 'twins-paid-before' }
    const first = await button({ endpoint: shop.endpoint, order })
    const second = await button({ endpoint: shop.endpoint, order })
    press(first)
    await inState(first, 'confirming')
    expect(second.state).to.equal('confirming')
    while ((await asked(shop, 'GET')).length < 2) await settle()
    await shop.release()
    await inState(first, 'paid')
    await inState(second, 'paid')
  })
})
