import { expect } from '@open-wc/testing'
import '../../src/elements/define.ts'
import type { IpayButton } from '../../src/elements/ipay-button.ts'
import { begun } from './begun.ts'
import { button, part, press, told } from './parts.ts'
import { asked, inState, openReply, problem, settle, stay, testShop } from './shop.ts'

/** What a page may give an element, and what it may count on. */
describe('what a page gives', () => {
  afterEach(() => localStorage.clear())

  it('a property that has a default says so, and says it again when its attribute goes', async () => {
    const element = await button({ endpoint: '/x' })
    const defaults = { currency: 'BDT', label: 'pay', variant: 'brand', environment: 'production' } as const
    const { currency, label, variant, environment } = element
    expect({ currency, label, variant, environment }).to.deep.equal(defaults)
    expect(element.credentials).to.equal('same-origin')
    expect(element.disabled).to.equal(false)
    for (const [name, value] of Object.entries(defaults)) {
      element.setAttribute(name, name === 'currency' ? 'USD' : 'buy')
      element.removeAttribute(name)
      expect(Reflect.get(element, name)).to.equal(value)
    }
    await element.updateComplete
    expect(part(element, 'button').textContent).to.contain('Pay').and.to.contain('৳1,250.00')
  })

  for (const nothing of [null, undefined]) {
    it(`a framework that clears properties with ${nothing} gets the defaults`, async () => {
      const shop = testShop()
      await shop.answers({ status: 201, body: openReply() })
      const element = await button({ endpoint: shop.endpoint })
      for (const name of ['currency', 'label', 'variant', 'headers', 'credentials', 'createOrder', 'messages'])
        Reflect.set(element, name, nothing)
      stay(element)
      press(element)
      await inState(element, 'unfinished')
      const [sent] = await asked(shop, 'POST')
      expect(JSON.parse(sent?.body ?? '').shown).to.deep.equal({ amount: '1250.00', currency: 'BDT' })
    })
  }

  for (const [what, properties] of [
    ['a return-to on another origin', { returnTo: 'https://evil.example/' }],
    ['a return-to that hides another origin', { returnTo: '/\\evil.example' }],
    ['an amount that is none', { amount: '1,250' }],
    ['a currency that is none', { currency: 'taka' }],
    ['an endpoint with a user in it', { orderEndpoint: `http://user:word@${location.host}/orders` }],
    ['an order that is a function', { order: () => 1 }],
  ] as const) {
    it(`A9: ${what} is misconfigured, and nothing is sent`, async () => {
      const shop = testShop()
      const element = await button({ endpoint: shop.endpoint })
      Object.assign(element, properties)
      press(element)
      await inState(element, 'error')
      await element.updateComplete
      expect(element.error?.code).to.equal('misconfigured')
      expect(told(element)).to.match(/ask the shop/)
      expect(await shop.asked()).to.deep.equal([])
    })
  }
})

describe('what a page is told', () => {
  afterEach(() => localStorage.clear())

  /** Presses, and tells what the page heard meanwhile. */
  async function heard(element: IpayButton): Promise<string[]> {
    const names: string[] = []
    for (const name of ['ipay-start', 'ipay-state', 'ipay-redirect'])
      element.addEventListener(name, () => names.push(`${name} in ${element.state}`))
    press(element)
    await settle()
    return names
  }

  it('ipay-start comes first, and a page that prevents it hears of no change', async () => {
    const element = await button({ endpoint: '/x' })
    element.addEventListener('ipay-start', (event) => event.preventDefault())
    expect(await heard(element)).to.deep.equal(['ipay-start in idle'])
  })

  it('ipay-start, starting, ipay-redirect, in this order, and a press within ipay-start is none of its own', async () => {
    const shop = testShop()
    await shop.answers({ status: 201, body: openReply() })
    const element = await button({ endpoint: shop.endpoint })
    stay(element)
    element.addEventListener('ipay-start', () => element.click())
    const names = heard(element)
    await inState(element, 'unfinished')
    expect(await names).to.deep.equal([
      'ipay-start in idle',
      'ipay-state in starting',
      'ipay-redirect in starting',
      'ipay-state in unfinished',
    ])
    expect(await asked(shop, 'POST')).to.have.length(1)
  })

  it('the fields of an event cannot be changed', async () => {
    const element = await button({ endpoint: '/x' })
    element.addEventListener('ipay-start', (event) => {
      event.preventDefault()
      expect(Reflect.set(event, 'order', 'other')).to.equal(false)
      expect(event.order).to.deep.equal(element.order)
    })
    press(element)
    await settle()
  })

  it('B19: a problem with a word that nobody knows is refused without an unhandled rejection', async () => {
    const shop = testShop()
    await shop.answers(problem('teapot', 418))
    const element = await button({ endpoint: shop.endpoint })
    const unhandled: unknown[] = []
    const hear = (event: PromiseRejectionEvent) => unhandled.push(event.reason)
    addEventListener('unhandledrejection', hear)
    press(element)
    await inState(element, 'error')
    await settle()
    removeEventListener('unhandledrejection', hear)
    expect(element.error?.code).to.equal('refused')
    expect(unhandled).to.deep.equal([])
  })

  it('a new price that is not said is told as no price', async () => {
    const shop = testShop()
    await shop.answers(problem('price-changed', 409))
    const element = await button({ endpoint: shop.endpoint })
    press(element)
    await inState(element, 'error')
    await element.updateComplete
    expect(told(element)).to.match(/ask the shop/)
  })

  it('a token may be short: how long one is, is the business of the shop', async () => {
    const shop = testShop()
    await shop.answers({ status: 201, body: openReply({ token: 'tok_1' }) })
    const { element } = await begun({ endpoint: shop.endpoint })
    expect(element.payment?.token).to.equal('tok_1')
  })
})
