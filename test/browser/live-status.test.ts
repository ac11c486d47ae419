import { expect } from '@open-wc/testing'
import '../../src/elements/define.ts'
import { stopClock } from './clock.ts'
import { button, panel, press } from './parts.ts'
import { type Answer, inState, problem, statusReply, TOKEN, testShop, view, waitFor } from './shop.ts'

const paid = statusReply({ state: 'paid', retry: 'no', paymentUrl: null })

/** One live event, after which the stream ends. */
const event = (status: object): Answer => ({
  type: 'text/event-stream',
  text: `event: status\nid: 1\ndata: ${JSON.stringify(status)}\n\n`,
})

/** A panel whose first status says where news can be heard, and which asks again in a minute. */
async function listening(address: (endpoint: string) => string, ...answers: Answer[]) {
  const shop = testShop()
  const events = address(`${shop.endpoint}/${TOKEN}`)
  await shop.answers(
    { body: statusReply({ state: 'processing', paymentUrl: null, pollAfter: 60, events }) },
    ...answers,
  )
  return { shop, element: await panel({ orderEndpoint: shop.endpoint, token: TOKEN }) }
}

describe('live news', () => {
  afterEach(() => localStorage.clear())

  it('an outcome is known as soon as the shop tells it, and nothing is asked any more', async () => {
    const { shop, element } = await listening((status) => `${status}/events`, event(paid))
    await inState(element, 'paid')
    const asked = await shop.asked()
    expect(asked.map(({ path }) => path.endsWith('/events'))).to.deep.equal([false, true])
    expect(asked[1]?.headers['accept']).to.equal('text/event-stream')
  })

  it('news of another payment are not believed, and asking goes on', async () => {
    const other = { ...paid, token: 'tok_another_0123456789' }
    const { shop, element } = await listening((status) => `${status}/events`, event(other), { body: paid })
    let asked = 0
    await waitFor('the stream is asked for', () => {
      void shop.asked().then(({ length }) => {
        asked = length
      })
      return asked > 1
    })
    expect(element.state).to.equal('confirming')
    await element.check()
    expect(element.state).to.equal('paid')
  })

  it('an address of another origin is not listened at', async () => {
    const { shop, element } = await listening(() => 'http://127.0.0.2:1/events')
    const made: string[] = []
    const { EventSource: native } = window
    window.EventSource = class extends native {
      constructor(url: string | URL) {
        super(url)
        made.push(String(url))
      }
    }
    try {
      await element.check()
      await inState(element, 'confirming')
      expect(made).to.deep.equal([])
      expect((await shop.asked()).length).to.be.greaterThan(0)
    } finally {
      window.EventSource = native
    }
  })

  describe('streams', () => {
    const { EventSource: native } = window
    /** A stream that tells nothing: who opens and closes it is the matter here. */
    class Quiet extends EventTarget {
      isOpen = true
      constructor() {
        super()
        streams.push(this)
      }
      close() {
        this.isOpen = false
      }
    }
    let streams: Quiet[] = []
    beforeEach(() => {
      streams = []
      Object.assign(window, { EventSource: Quiet })
    })
    afterEach(() => {
      view.hidden = false
      window.EventSource = native
    })
    const open = () => streams.filter(({ isOpen }) => isOpen).length
    const look = (hidden: boolean) => {
      view.hidden = hidden
      document.dispatchEvent(new Event('visibilitychange'))
    }
    const waiting = (shop: ReturnType<typeof testShop>): Answer => ({
      on: 'get',
      body: statusReply({
        state: 'processing',
        paymentUrl: null,
        pollAfter: 60,
        events: `${shop.endpoint}/${TOKEN}/events`,
      }),
    })

    it('E7: a page that is hidden closes its stream, and one that is shown again listens again', async () => {
      const shop = testShop()
      await shop.answers(waiting(shop))
      const element = await panel({ orderEndpoint: shop.endpoint, token: TOKEN })
      await waitFor('the stream', () => streams.length === 1)
      look(true)
      expect(open()).to.equal(0)
      look(false)
      await element.check()
      await waitFor('another stream', () => streams.length === 2)
      expect(open()).to.equal(1)
      element.remove()
      await waitFor('its end', () => open() === 0)
    })

    it('D6: a button and a panel of one payment share one stream, which the other one takes over', async () => {
      const shop = testShop()
      await shop.answers(waiting(shop))
      history.replaceState(null, '', `?ipay=${TOKEN}`)
      try {
        const first = await panel({ orderEndpoint: shop.endpoint })
        await waitFor('the stream', () => streams.length === 1)
        const second = await button({ endpoint: shop.endpoint })
        await inState(second, 'confirming')
        await second.check()
        expect(streams).to.have.length(1)
        first.remove()
        await waitFor('its end', () => open() === 0)
        await second.check()
        await waitFor('its own stream', () => streams.length === 2)
        second.remove()
        await waitFor('its end', () => open() === 0)
      } finally {
        history.replaceState(null, '', location.pathname)
      }
    })
  })

  it('a status of another environment is refused', async () => {
    const shop = testShop()
    await shop.answers({ body: { ...paid, environment: 'sandbox' } })
    const element = await panel({ orderEndpoint: shop.endpoint, token: TOKEN })
    await inState(element, 'error')
    expect(element.error?.code).to.equal('unsafe-payment-url')
    expect(element.payment).to.equal(null)
  })
})

describe('what the shop is still working on', () => {
  it('is asked again for a bounded time', async () => {
    const shop = testShop()
    await shop.answers({ ...problem('in-progress', 409), headers: { 'retry-after': '30' } })
    const element = await button({ endpoint: shop.endpoint })
    const clock = stopClock()
    try {
      press(element)
      await clock.pass(600_000)
      expect(element.state).to.equal('error')
      expect(element.error?.code).to.equal('in-progress')
      const asked = (await shop.asked()).length
      await clock.pass(600_000)
      expect((await shop.asked()).length).to.equal(asked)
    } finally {
      clock.release()
      localStorage.clear()
    }
  })
})

describe('a disabled fieldset', () => {
  it('disables a button whose own attribute is taken away', async () => {
    const element = await button({ endpoint: testShop().endpoint })
    const fieldset = document.createElement('fieldset')
    fieldset.disabled = true
    element.replaceWith(fieldset)
    fieldset.append(element)
    element.setAttribute('disabled', '')
    await element.updateComplete
    element.removeAttribute('disabled')
    await element.updateComplete
    expect(element.shadowRoot?.querySelector('button')?.disabled).to.equal(true)
    await element.start()
    expect(element.state).to.equal('idle')
  })
})
