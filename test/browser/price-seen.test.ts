import { expect } from '@open-wc/testing'
import '../../src/elements/define.ts'
import { begun, comeFromPageCache } from './begun.ts'
import { cleanUpAfterEach } from './clean-up.ts'
import { button, part, press, told } from './parts.ts'
import {
  asked,
  inState,
  openReply,
  PAY_URL,
  problem,
  settle,
  statusReply,
  stay,
  type TestShop,
  TOKEN,
  testShop,
} from './shop.ts'

const dearer = problem('price-changed', 409, { amount: '2500.00', currency: 'BDT' })

/** An attempt of 1,250 is remembered, and the page is drawn anew with what the cart costs now. */
async function comeBackDearer(shop: TestShop, order: unknown) {
  await shop.answers(
    { on: 'post', status: 201, body: openReply() },
    { on: 'get', body: statusReply({ pollAfter: 60 }) },
    { on: 'post', ...dearer },
  )
  const { element: first } = await begun({ endpoint: shop.endpoint, order })
  first.remove()
  return () => button({ endpoint: shop.endpoint, order, amount: '2500.00' })
}

const shownIn = async (shop: TestShop) =>
  (await asked(shop, 'POST')).map(({ body }) => (JSON.parse(body) as { shown?: { amount: string } }).shown?.amount)

describe('the price on the button is the price that is paid', () => {
  cleanUpAfterEach()

  it('F13: Continue asks for the price that it says, and the new one is asked about', async () => {
    const shop = testShop()
    const back = await comeBackDearer(shop, { cart: 'grown' })
    const element = await back()
    const urls = stay(element)
    await inState(element, 'unfinished')
    await element.updateComplete
    expect(part(element, 'amount').textContent).to.contain('1,250.00')
    press(element)
    await inState(element, 'price-changed')
    await element.updateComplete
    expect(await shownIn(shop)).to.deep.equal(['1250.00', '1250.00'])
    expect(told(element)).to.contain('1,250.00').and.to.contain('2,500.00')
    expect(urls).to.deep.equal([])
  })

  it('F13: where the address names the attempt of this very order, Continue asks the shop all the same', async () => {
    const shop = testShop()
    const back = await comeBackDearer(shop, { cart: 'returned' })
    history.replaceState(null, '', `?ipay=${TOKEN}`)
    const element = await back()
    const urls = stay(element)
    await inState(element, 'unfinished')
    press(element)
    await inState(element, 'price-changed')
    expect(urls).to.deep.equal([])
  })

  it('where the address names an attempt of an order that nobody knows here, Continue leads to its page', async () => {
    const shop = testShop()
    await shop.answers({ on: 'get', body: statusReply({ pollAfter: 60 }) })
    history.replaceState(null, '', `?ipay=${TOKEN}`)
    const element = await button({ endpoint: shop.endpoint, amount: '2500.00' })
    const urls = stay(element)
    await inState(element, 'unfinished')
    press(element)
    await settle()
    expect(urls).to.deep.equal([PAY_URL])
    expect(await asked(shop, 'POST')).to.deep.equal([])
  })

  it('an amount that changes while the shop is asked is asked about before anybody leaves', async () => {
    const shop = testShop()
    await shop.answers({ status: 201, body: openReply(), held: true })
    const element = await button({ endpoint: shop.endpoint })
    const urls = stay(element)
    press(element)
    while ((await shop.asked()).length === 0) await settle()
    element.amount = '99.00'
    await element.updateComplete
    await shop.release()
    await inState(element, 'price-changed')
    await element.updateComplete
    expect(told(element)).to.contain('99.00').and.to.contain('1,250.00')
    expect(urls).to.deep.equal([])
  })

  it('an amount that changes while the page thinks about leaving is asked about too', async () => {
    const shop = testShop()
    await shop.answers({ status: 201, body: openReply() })
    const element = await button({ endpoint: shop.endpoint })
    element.addEventListener('ipay-redirect', (event) => {
      const change = async () => {
        element.amount = '99.00'
        await element.updateComplete
      }
      ;(event as Event & { waitUntil(promise: Promise<unknown>): void }).waitUntil(change())
    })
    press(element)
    await inState(element, 'price-changed')
    expect(location.pathname).to.not.contain('/pay/')
  })

  it('a reply at another price than was sent is asked about, also where the page has changed its amount to that', async () => {
    const shop = testShop()
    await shop.answers({ status: 201, body: openReply({ amount: '2500.00' }), held: true })
    const element = await button({ endpoint: shop.endpoint })
    const urls = stay(element)
    press(element)
    while ((await shop.asked()).length === 0) await settle()
    element.amount = '2500.00'
    await element.updateComplete
    await shop.release()
    await inState(element, 'price-changed')
    await element.updateComplete
    expect(told(element)).to.contain('1,250.00').and.to.contain('2,500.00')
    expect(urls).to.deep.equal([])
  })

  it('what was paid is what the button says, whatever it said before', async () => {
    const shop = testShop()
    const back = await comeBackDearer(shop, { cart: 'paid-elsewhere' })
    const element = await back()
    await inState(element, 'unfinished')
    press(element)
    await inState(element, 'price-changed')
    await shop.answers({ on: 'get', body: statusReply({ state: 'paid', paymentUrl: null }) })
    comeFromPageCache()
    await inState(element, 'paid')
    await element.updateComplete
    expect(part(element, 'amount').textContent).to.contain('1,250.00')
  })
})
