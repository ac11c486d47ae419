import { expect } from '@open-wc/testing'
import '../../src/elements/define.ts'
import type { IpayRedirectEvent, IpayStartEvent } from '../../src/elements/events.ts'
import { begun, comeFromPageCache } from './begun.ts'
import { cleanUpAfterEach } from './clean-up.ts'
import { button, part, press } from './parts.ts'
import { type Answer, asked, inState, openReply, problem, settle, statusReply, stay, testShop } from './shop.ts'

const opened: Answer = { on: 'post', status: 201, body: openReply() }
const unavailable: Answer = { on: 'post', ...problem('unavailable', 503) }

describe('a press after another', () => {
  cleanUpAfterEach()

  it('D1: a page that rested after a press that failed continues the attempt from before', async () => {
    const shop = testShop()
    await shop.answers(opened, unavailable, { on: 'get', body: statusReply({ pollAfter: 60 }) })
    const { element } = await begun({ endpoint: shop.endpoint })
    press(element)
    await inState(element, 'error')
    comeFromPageCache()
    expect(element.state).to.equal('unfinished')
  })

  it('F13: a price that was accepted is what the next press sends too, when the first finds no answer', async () => {
    const shop = testShop()
    const dearer = { amount: '1300.00', currency: 'BDT' }
    await shop.answers(problem('price-changed', 409, dearer), unavailable, { ...opened, body: openReply(dearer) })
    const element = await button({ endpoint: shop.endpoint })
    stay(element)
    press(element)
    await inState(element, 'price-changed')
    press(element)
    await inState(element, 'error')
    await element.updateComplete
    expect(part(element, 'amount').textContent).to.equal('৳1,300.00')
    press(element)
    await inState(element, 'unfinished')
    const shown = (await asked(shop, 'POST')).map(({ body }) => (JSON.parse(body) as { shown: unknown }).shown)
    expect(shown.slice(1)).to.deep.equal([dearer, dearer])
  })

  it('D13: a button that starts over while the page thinks about leaving leads nowhere', async () => {
    const shop = testShop()
    await shop.answers(opened)
    const element = await button({ endpoint: shop.endpoint })
    let think = () => {}
    const thinking = new Promise<void>((resolve) => {
      element.addEventListener('ipay-redirect', (event) => {
        ;(event as IpayRedirectEvent).waitUntil(
          new Promise<void>((done) => {
            think = done
          }),
        )
        resolve()
      })
    })
    press(element)
    await thinking
    element.reset()
    think()
    await settle()
    await settle()
    expect([element.state, element.payment]).to.deep.equal(['idle', null])
  })

  it('an outcome of a payment is told once, also when a second attempt of it ends the same way', async () => {
    const shop = testShop()
    await shop.answers(opened, { on: 'get', body: statusReply({ state: 'cancelled', paymentUrl: null, retry: 'now' }) })
    const element = await button({ endpoint: shop.endpoint })
    stay(element)
    let fired = 0
    element.addEventListener('ipay-cancelled', () => fired++)
    for (const times of [1, 2]) {
      press(element)
      await inState(element, 'unfinished')
      comeFromPageCache()
      await inState(element, 'cancelled')
      expect((await asked(shop, 'POST')).length).to.equal(times)
    }
    expect(fired).to.equal(1)
  })

  it('A6: another order at the last moment ends the press, for the other button of the former order too', async () => {
    const shop = testShop()
    await shop.answers(opened)
    const order = { cart: 'twins' }
    const first = await button({ endpoint: shop.endpoint, order })
    const second = await button({ endpoint: shop.endpoint, order })
    const changed = new Promise<void>((resolve) => {
      first.addEventListener('ipay-start', (event) => {
        const change = async () => {
          await settle()
          first.order = { cart: 'another' }
          resolve()
        }
        ;(event as IpayStartEvent).waitUntil(change())
      })
    })
    press(first)
    expect(second.state).to.equal('starting')
    await changed
    await inState(first, 'idle')
    expect([second.state, second.payment]).to.deep.equal(['idle', null])
    expect(await shop.asked()).to.deep.equal([])
  })
})
