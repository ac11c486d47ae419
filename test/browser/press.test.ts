import { expect } from '@open-wc/testing'
import '../../src/elements/define.ts'
import type { IpayButton } from '../../src/elements/ipay-button.ts'
import { button, part, press } from './parts.ts'
import { asked, inState, openReply, PAY_URL, problem, settle, stay, TOKEN, testShop } from './shop.ts'

describe('a press', () => {
  afterEach(() => localStorage.clear())

  it('asks the shop once and leads to the payment page', async () => {
    const shop = testShop()
    await shop.answers({ status: 201, body: openReply() })
    const element = await button({ endpoint: shop.endpoint, order: { cart: 'a' }, returnTo: '/thanks', lang: 'bn' })
    const urls = stay(element)
    press(element)
    expect(element.state).to.equal('starting')
    await inState(element, 'unfinished')
    expect(urls).to.deep.equal([PAY_URL])
    expect(element.payment?.token).to.equal(TOKEN)
    const [asked, ...more] = await shop.asked()
    expect(more).to.deep.equal([])
    expect(asked?.headers['idempotency-key']).to.match(/^[\w-]{8,64}$/)
    expect(asked?.headers['content-type']).to.equal('application/json')
    expect(JSON.parse(asked?.body ?? '')).to.deep.equal({
      order: { cart: 'a' },
      shown: { amount: '1250.00', currency: 'BDT' },
      returnTo: '/thanks',
      lang: 'bn',
    })
  })

  for (const [id, what, act] of [
    ['A1', 'a double click', (inner: HTMLElement) => [inner.click(), inner.click()]],
    ['A3', 'thirty repeats of a held key', (inner: HTMLElement) => Array.from({ length: 30 }, () => inner.click())],
    [
      'A5',
      'a storm of synthetic clicks',
      (_: HTMLElement, el: IpayButton) => Array.from({ length: 50 }, () => el.click()),
    ],
    ['A5', 'start() in a loop', (_: HTMLElement, el: IpayButton) => Array.from({ length: 50 }, () => el.start())],
  ] as const) {
    it(`${id}: ${what} makes one request`, async () => {
      const shop = testShop()
      await shop.answers({ status: 201, body: openReply(), delayMs: 30 })
      const element = await button({ endpoint: shop.endpoint })
      const urls = stay(element)
      act(part(element, 'button'), element)
      await inState(element, 'unfinished')
      expect(urls).to.have.length(1)
      expect(await asked(shop, 'POST')).to.have.length(1)
    })
  }

  it('before the page leaves, the button says for where, and the page may keep its buyer (OWASP ASVS 5.0, 3.7.3)', async () => {
    const shop = testShop()
    await shop.answers({ status: 201, body: openReply() })
    const element = await button({ endpoint: shop.endpoint })
    expect(part(element, 'button').outerHTML).to.match(/iPay/)
    const here = location.href
    const leaving = new Promise<Event & { readonly url: string }>((resolve) => {
      element.addEventListener('ipay-redirect', (event) => {
        event.preventDefault()
        resolve(event)
      })
    })
    press(element)
    const { url, cancelable } = await leaving
    expect([url, cancelable]).to.deep.equal([PAY_URL, true])
    await inState(element, 'unfinished')
    expect(location.href).to.equal(here)
  })

  it('A2: presses while the shop is asked mean nothing, and the button says at once that it is at work', async () => {
    const shop = testShop()
    await shop.answers({ status: 201, body: openReply(), held: true })
    const element = await button({ endpoint: shop.endpoint })
    stay(element)
    press(element)
    await element.updateComplete
    expect(part(element, 'button').getAttribute('aria-disabled')).to.equal('true')
    expect(part(element, 'spinner')).to.exist
    for (let n = 0; n < 20; n++) {
      press(element)
      await settle()
    }
    while ((await asked(shop, 'POST')).length === 0) await settle()
    await shop.release()
    await inState(element, 'unfinished')
    expect(await asked(shop, 'POST')).to.have.length(1)
  })

  it('A6: of two buttons for one order, one asks and the other shows that it is busy', async () => {
    const shop = testShop()
    await shop.answers({ status: 201, body: openReply(), delayMs: 50 })
    const order = { cart: 'two' }
    const first = await button({ endpoint: shop.endpoint, order })
    const second = await button({ endpoint: shop.endpoint, order: { ...order } })
    const urls = [stay(first), stay(second)]
    press(first)
    expect(second.state).to.equal('starting')
    press(second)
    await inState(first, 'unfinished')
    await inState(second, 'unfinished')
    expect(urls.flat()).to.have.length(1)
    expect(await asked(shop, 'POST')).to.have.length(1)
  })

  it('A6: a button that was given another order meanwhile has no part in what became of the former', async () => {
    const shop = testShop()
    await shop.answers({ status: 201, body: openReply(), held: true })
    const order = { cart: 'two-rows' }
    const first = await button({ endpoint: shop.endpoint, order })
    const second = await button({ endpoint: shop.endpoint, order })
    stay(first)
    press(first)
    expect(second.state).to.equal('starting')
    while ((await shop.asked()).length === 0) await settle()
    second.order = { cart: 'another-row' }
    await second.updateComplete
    await shop.release()
    await inState(first, 'unfinished')
    expect(second.state).to.equal('idle')
    expect(second.payment).to.equal(null)
  })

  it('A6: the other button is free again when the first was given another order meanwhile', async () => {
    const shop = testShop()
    await shop.answers({ status: 201, body: openReply(), held: true })
    const order = { cart: 'two-turns' }
    const first = await button({ endpoint: shop.endpoint, order })
    const second = await button({ endpoint: shop.endpoint, order })
    press(first)
    expect(second.state).to.equal('starting')
    while ((await shop.asked()).length === 0) await settle()
    first.order = { cart: 'another-turn' }
    await first.updateComplete
    expect([first.state, second.state]).to.deep.equal(['idle', 'idle'])
    await shop.release()
  })

  it('A6: the other button is free again when the first could not start', async () => {
    const shop = testShop()
    await shop.answers(problem('order-refused', 422))
    const order = { cart: 'two-errors' }
    const first = await button({ endpoint: shop.endpoint, order })
    const second = await button({ endpoint: shop.endpoint, order })
    press(first)
    await inState(first, 'error')
    expect(second.state).to.equal('idle')
  })

  it('A11: after an unknown outcome the next press uses the same key', async () => {
    const shop = testShop()
    await shop.answers({ status: 201, body: openReply(), cut: 20 }, problem('unavailable', 503), {
      status: 201,
      body: openReply(),
    })
    const element = await button({ endpoint: shop.endpoint })
    stay(element)
    press(element)
    await inState(element, 'error')
    expect(element.error?.retryable).to.equal(true)
    press(element)
    await inState(element, 'error')
    press(element)
    await inState(element, 'unfinished')
    const keys = (await asked(shop, 'POST')).map(({ headers }) => headers['idempotency-key'])
    expect(keys).to.have.length(3)
    expect(new Set(keys).size).to.equal(1)
  })
})
