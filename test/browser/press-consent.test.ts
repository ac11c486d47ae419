import { expect, fixtureSync, html, oneEvent } from '@open-wc/testing'
import '../../src/elements/define.ts'
import type { IpayStartEvent } from '../../src/elements/events.ts'
import type { IpayButton } from '../../src/elements/ipay-button.ts'
import { begun } from './begun.ts'
import { button, part, press, told } from './parts.ts'
import { asked, inState, openReply, PAY_URL, problem, settle, statusReply, stay, TOKEN, testShop } from './shop.ts'

describe('a press', () => {
  afterEach(() => localStorage.clear())

  it('a prevented ipay-start leaves everything as it was', async () => {
    const shop = testShop()
    const element = await button({ endpoint: shop.endpoint })
    element.addEventListener('ipay-start', (event) => event.preventDefault(), { once: true })
    await element.start()
    expect(element.state).to.equal('idle')
    expect(await shop.asked()).to.deep.equal([])
  })

  it('waitUntil delays the request, and a rejection cancels it', async () => {
    const shop = testShop()
    await shop.answers({ status: 201, body: openReply() })
    const element = await button({ endpoint: shop.endpoint, order: { cart: 'before' } })
    stay(element)
    element.addEventListener(
      'ipay-start',
      (event: IpayStartEvent) => event.waitUntil(Promise.reject(new Error('no'))),
      {
        once: true,
      },
    )
    await element.start()
    expect(element.state).to.equal('idle')
    let go = (_: unknown) => {}
    element.addEventListener('ipay-start', (event) => event.waitUntil(new Promise((resolve) => (go = resolve))))
    press(element)
    await settle()
    expect(element.state).to.equal('starting')
    expect(await shop.asked()).to.deep.equal([])
    go(null)
    await inState(element, 'unfinished')
    expect(await asked(shop, 'POST')).to.have.length(1)
  })

  it('an invalid owner form is reported and nothing is asked', async () => {
    const shop = testShop()
    const form = fixtureSync<HTMLFormElement>(
      html`<form><input required /><ipay-button order-endpoint=${shop.endpoint} order="1"></ipay-button></form>`,
    )
    let submitted = 0
    form.addEventListener('submit', (event) => {
      event.preventDefault()
      submitted++
    })
    const element = form.querySelector('ipay-button') as IpayButton
    await element.updateComplete
    press(element)
    expect(element.state).to.equal('idle')
    expect(await shop.asked()).to.deep.equal([])
    expect(submitted).to.equal(0)
  })

  it('a prevented ipay-redirect leads to Continue and Start over', async () => {
    const shop = testShop()
    await shop.answers({ on: 'post', status: 201, body: openReply() }, { on: 'get', body: statusReply() })
    const { element, urls } = await begun({ endpoint: shop.endpoint })
    await element.updateComplete
    expect(part(element, 'label').textContent).to.equal('Continue')
    const [first] = await asked(shop, 'POST')
    press(element)
    await inState(element, 'unfinished')
    expect(urls).to.deep.equal([PAY_URL, PAY_URL])
    part(element, 'action').click()
    expect(element.state).to.equal('idle')
    expect(element.payment).to.equal(null)
    press(element)
    await inState(element, 'unfinished')
    const [, second, third] = await asked(shop, 'POST')
    expect(second?.headers['idempotency-key']).to.equal(first?.headers['idempotency-key'])
    expect(third?.headers['idempotency-key']).to.not.equal(first?.headers['idempotency-key'])
  })

  it('another price than the shown one is shown, and followed only after a press', async () => {
    const shop = testShop()
    await shop.answers(problem('price-changed', 409, { amount: '1300.00', currency: 'BDT' }), {
      status: 201,
      body: openReply({ amount: '1300.00' }),
    })
    const element = await button({ endpoint: shop.endpoint })
    const urls = stay(element)
    press(element)
    await inState(element, 'price-changed')
    await element.updateComplete
    expect(urls).to.deep.equal([])
    expect(told(element)).to.contain('৳1,300.00').and.to.contain('৳1,250.00')
    expect(part(element, 'amount').textContent).to.equal('৳1,300.00')
    press(element)
    await inState(element, 'unfinished')
    expect(urls).to.deep.equal([PAY_URL])
    const [, second] = await asked(shop, 'POST')
    expect(JSON.parse(second?.body ?? '').shown).to.deep.equal({ amount: '1300.00', currency: 'BDT' })
  })

  for (const [what, changed] of [
    ['amount', { amount: '1250.01' }],
    ['currency', { currency: 'USD' }],
  ] as const) {
    it(`F13: an attempt with another ${what} is not followed until it is accepted`, async () => {
      const shop = testShop()
      await shop.answers({ status: 201, body: openReply(changed) })
      const element = await button({ endpoint: shop.endpoint })
      const urls = stay(element)
      press(element)
      await inState(element, 'price-changed')
      expect(urls).to.deep.equal([])
      press(element)
      await inState(element, 'unfinished')
      expect(urls).to.deep.equal([PAY_URL])
    })
  }

  it('the same amount written otherwise is the same amount', async () => {
    const shop = testShop()
    await shop.answers({ status: 200, body: openReply() })
    const { urls } = await begun({ endpoint: shop.endpoint, amount: '1250' })
    expect(urls).to.have.length(1)
  })

  it('an order that was paid before is shown as paid once the status says so', async () => {
    const shop = testShop()
    await shop.answers(
      { on: 'post', ...problem('already-paid', 409, { token: TOKEN }) },
      { on: 'get', body: statusReply({ state: 'paid', retry: 'no', paymentUrl: null }) },
    )
    const element = await button({ endpoint: shop.endpoint })
    const paid = oneEvent(element, 'ipay-paid')
    press(element)
    await paid
    expect(element.state).to.equal('paid')
    press(element)
    expect(element.state).to.equal('paid')
    expect(await asked(shop, 'POST')).to.have.length(1)
  })
})
