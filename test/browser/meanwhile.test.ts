import { expect } from '@open-wc/testing'
import '../../src/elements/define.ts'
import { rememberAttempt } from '../../src/elements/memory.ts'
import { comeFromPageCache } from './begun.ts'
import { cleanUpAfterEach, stopClockForTest } from './clean-up.ts'
import { button, press, told } from './parts.ts'
import { type Answer, asked, inState, openReply, problem, statusReply, stay, TOKEN, testShop, waitFor } from './shop.ts'

const paidBefore: Answer = { on: 'post', ...problem('already-paid', 409, { token: TOKEN }) }
const fresh: Answer = { on: 'post', status: 201, body: openReply() }
const unavailable: Answer = { on: 'get', ...problem('unavailable', 503) }

describe('what happened in the meantime', () => {
  cleanUpAfterEach()

  it('D6: a page out of the page cache continues what another page began for its order', async () => {
    const shop = testShop()
    await shop.answers({ on: 'get', body: statusReply({ pollAfter: 60 }) })
    const element = await button({ endpoint: shop.endpoint })
    expect(element.state).to.equal('idle')
    rememberAttempt(element.identity(), 'key_of_another_page', TOKEN)
    comeFromPageCache()
    await inState(element, 'unfinished')
  })

  it('E8: an order that was paid before invites to no second payment while its status cannot be asked, not on a new page either', async () => {
    const shop = testShop()
    await shop.answers(paidBefore, unavailable, {
      on: 'get',
      body: statusReply({ state: 'paid', retry: 'no', paymentUrl: null }),
    })
    const order = { cart: 'paid-before' }
    const element = await button({ endpoint: shop.endpoint, order })
    press(element)
    await waitFor('the problem', () => element.error?.code === 'unavailable')
    expect(element.state).to.equal('confirming')
    element.remove()
    const next = await button({ endpoint: shop.endpoint, order })
    await inState(next, 'paid')
    expect(await asked(shop, 'POST')).to.have.length(1)
  })

  it('an order that was paid before, of which the status knows nothing, is an error that is told', async () => {
    const shop = testShop()
    await shop.answers(paidBefore, { on: 'get', ...problem('not-found', 404) })
    const element = await button({ endpoint: shop.endpoint })
    press(element)
    await inState(element, 'error')
    expect(element.error?.code).to.equal('not-found')
  })

  it('B10: a pause for one order holds no other one up', async () => {
    const shop = testShop()
    await shop.answers({ ...problem('unavailable', 503), headers: { 'retry-after': '30' } }, fresh)
    const element = await button({ endpoint: shop.endpoint })
    stay(element)
    press(element)
    await inState(element, 'error')
    element.order = { cart: 'another' }
    await element.updateComplete
    expect(element.state).to.equal('idle')
    press(element)
    await inState(element, 'unfinished')
  })

  for (const [what, dearer] of [
    ['price', { amount: '2500.00', currency: 'BDT' }],
    ['currency', { amount: '1250.00', currency: 'USD' }],
  ] as const)
    it(`F13: a page that takes over the new ${what} itself is back at the start, and sends it`, async () => {
      const shop = testShop()
      await shop.answers(problem('price-changed', 409, dearer), { ...fresh, body: openReply(dearer) })
      const element = await button({ endpoint: shop.endpoint })
      stay(element)
      press(element)
      await inState(element, 'price-changed')
      Object.assign(element, dearer)
      await element.updateComplete
      expect([element.state, told(element)]).to.deep.equal(['idle', ''])
      press(element)
      await inState(element, 'unfinished')
      const [, second] = await asked(shop, 'POST')
      expect(JSON.parse(second?.body ?? '').shown).to.deep.equal(dearer)
    })

  it('E14: Continue on a return page whose link is dead by elapsed time asks what became of it, and leads nowhere', async () => {
    const shop = testShop()
    const expiresAt = '2026-11-21T10:00:30Z'
    await shop.answers(
      { on: 'get', body: statusReply({ pollAfter: 60, expiresAt }) },
      { on: 'get', body: statusReply({ state: 'expired', paymentUrl: null }) },
    )
    history.replaceState(null, '', `?ipay=${TOKEN}`)
    const clock = stopClockForTest()
    const element = await button({ endpoint: shop.endpoint })
    const urls = stay(element)
    await clock.pass(30_000)
    expect(element.state).to.equal('unfinished')
    press(element)
    await inState(element, 'expired')
    expect(urls).to.deep.equal([])
  })

  it('A6: the other button for an order says too that it takes longer than usual', async () => {
    const clock = stopClockForTest()
    const order = { cart: 'slow-twins' }
    const first = await button({ order, createOrder: () => new Promise(() => {}) })
    const second = await button({ order, createOrder: () => new Promise(() => {}) })
    press(first)
    await clock.pass(10_000)
    await second.updateComplete
    expect([first, second].map((element) => [element.state, told(element)])).to.deep.equal(
      Array(2).fill(['starting', 'This is taking longer than usual. Stay on this page.']),
    )
  })
})
