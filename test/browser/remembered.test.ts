import { expect } from '@open-wc/testing'
import '../../src/elements/define.ts'
import { begun } from './begun.ts'
import { cleanUpAfterEach } from './clean-up.ts'
import { button, part, press } from './parts.ts'
import {
  asked,
  inState,
  openReply,
  ownStorage,
  PAY_URL,
  problem,
  settle,
  statusReply,
  stay,
  type TestShop,
  TOKEN,
  testShop,
  view,
  waitFor,
} from './shop.ts'

/** A press for this order that got its payment page, and a page that is gone since. */
async function openAndLeave({ endpoint }: TestShop, order: unknown): Promise<void> {
  const { element: first } = await begun({ endpoint, order })
  first.remove()
}

describe('pages come and go', () => {
  cleanUpAfterEach()

  it('D2: a new page with the same order finds the attempt and continues it', async () => {
    const shop = testShop()
    await shop.answers(
      { on: 'post', status: 201, body: openReply() },
      { on: 'get', body: statusReply({ pollAfter: 60 }) },
    )
    const order = { cart: 'back', items: [{ a: 1, b: 2 }] }
    await openAndLeave(shop, order)
    const second = await button({ endpoint: shop.endpoint, order: { items: [{ b: 2, a: 1 }], cart: 'back' } })
    const urls = stay(second)
    await inState(second, 'unfinished')
    expect(second.payment?.paymentUrl).to.equal(PAY_URL)
    press(second)
    await inState(second, 'unfinished')
    expect(urls).to.deep.equal([PAY_URL])
    const keys = (await asked(shop, 'POST')).map(({ headers }) => headers['idempotency-key'])
    expect(keys).to.have.length(2)
    expect(new Set(keys).size).to.equal(1)
  })

  it('D2: when the status cannot be asked, Continue is there all the same', async () => {
    const shop = testShop()
    await shop.answers({ on: 'post', status: 201, body: openReply() }, { on: 'get', status: 503, text: '' })
    const order = { cart: 'back-offline' }
    await openAndLeave(shop, order)
    const second = await button({ endpoint: shop.endpoint, order })
    await inState(second, 'unfinished')
    await second.updateComplete
    expect(part(second, 'button').getAttribute('aria-disabled')).to.equal('false')
  })

  it('D2: an attempt that the shop does not know any more is forgotten, but not its key', async () => {
    const shop = testShop()
    await shop.answers({ on: 'post', status: 201, body: openReply() }, { on: 'get', ...problem('not-found', 404) })
    const order = { cart: 'gone' }
    await openAndLeave(shop, order)
    const second = await button({ endpoint: shop.endpoint, order })
    stay(second)
    await waitFor('the token is forgotten', () => !localStorage.getItem('pay-with-ipay')?.includes(TOKEN))
    expect([second.state, second.error]).to.deep.equal(['idle', null])
    press(second)
    await inState(second, 'unfinished')
    const keys = (await asked(shop, 'POST')).map(({ headers }) => headers['idempotency-key'])
    expect(new Set(keys)).to.have.length(1)
    expect(keys).to.have.length(2)
  })

  it('D6: another tab finds the key that the first one stored', async () => {
    const shop = testShop()
    await shop.answers({ hang: true }, { status: 200, body: openReply() })
    const order = { cart: 'tabs' }
    const frame = document.createElement('iframe')
    frame.src = '/shop/none/journal'
    document.body.append(frame)
    await new Promise((resolve) => frame.addEventListener('load', resolve, { once: true }))
    const first = await button({ endpoint: shop.endpoint, order })
    press(first)
    while ((await shop.asked()).length === 0) await settle()
    const stored = frame.contentWindow?.localStorage.getItem(`${ownStorage}pay-with-ipay`) ?? ''
    const [request] = await shop.asked()
    expect(stored).to.contain(request?.headers['idempotency-key'])
    first.remove()
    frame.remove()
  })

  it('D2: where the page led the buyer away by itself, the shop is asked as soon as the page is seen again', async () => {
    const shop = testShop()
    await shop.answers(
      { on: 'post', status: 201, body: openReply() },
      { on: 'get', body: statusReply({ state: 'paid', paymentUrl: null }) },
    )
    const { element } = await begun({ endpoint: shop.endpoint })
    for (const hidden of [true, false]) {
      expect(await asked(shop, 'GET')).to.deep.equal([])
      view.hidden = hidden
      document.dispatchEvent(new Event('visibilitychange'))
    }
    await inState(element, 'paid')
  })

  it('another order drops what was known of the former, an equal one does not', async () => {
    const shop = testShop()
    await shop.answers({ on: 'post', status: 201, body: openReply() }, { on: 'get', body: statusReply() })
    const { element } = await begun({ endpoint: shop.endpoint, order: { cart: 'x', n: 1 } })
    element.order = { n: 1, cart: 'x' }
    element.amount = '99.00'
    await element.updateComplete
    expect(element.state).to.equal('unfinished')
    element.order = { cart: 'x', n: 2 }
    await element.updateComplete
    expect(element.state).to.equal('idle')
    expect(element.payment).to.equal(null)
  })

  it('E12: with storage denied the whole flow works, as long as the page lives', async () => {
    const own = Object.getOwnPropertyDescriptor(window, 'localStorage')
    Object.defineProperty(window, 'localStorage', {
      configurable: true,
      get() {
        throw new DOMException('denied', 'SecurityError')
      },
    })
    try {
      const shop = testShop()
      await shop.answers(
        { on: 'post', status: 201, body: openReply() },
        { on: 'get', body: statusReply({ pollAfter: 60 }) },
      )
      const order = { cart: 'denied' }
      const { element: first } = await begun({ endpoint: shop.endpoint, order })
      first.remove()
      const second = await button({ endpoint: shop.endpoint, order })
      await inState(second, 'unfinished')
      second.reset()
    } finally {
      if (own) Object.defineProperty(window, 'localStorage', own)
    }
  })
})
