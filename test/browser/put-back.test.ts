import { expect } from '@open-wc/testing'
import '../../src/elements/define.ts'
import { begun, comeFromPageCache } from './begun.ts'
import { cleanUpAfterEach, stopClockForTest } from './clean-up.ts'
import { type PageClock, turn } from './clock.ts'
import { button, panel, part, press } from './parts.ts'
import { inState, openReply, problem, settle, statusReply, stay, TOKEN, testShop } from './shop.ts'

const processing = { on: 'get', body: statusReply({ state: 'processing', paymentUrl: null }) } as const
const paid = { on: 'get', body: statusReply({ state: 'paid', paymentUrl: null, retry: 'no' }) } as const

/** As a framework does that keeps a page for later: longer than a move takes. */
async function takenOut(element: HTMLElement): Promise<() => void> {
  const { parentElement } = element
  element.remove()
  await turn(20)
  return () => parentElement?.append(element)
}

async function comesBack(way: string, element: HTMLElement, clock: PageClock): Promise<void> {
  if (way === 'out of the page cache') return void comeFromPageCache()
  const putBack = await takenOut(element)
  await clock.pass(0)
  putBack()
}

describe('elements that are taken out and put back', () => {
  cleanUpAfterEach()
  const pass = (ms: number) => stopClockForTest().pass(ms)

  it('I21: what is in no document asks nothing, whatever is set on it', async () => {
    const shop = testShop()
    await shop.answers({ on: 'post', status: 201, body: openReply() }, processing)
    const { element: pressed } = await begun({ endpoint: shop.endpoint })
    const asking = await panel({ orderEndpoint: shop.endpoint, token: TOKEN })
    while ((await shop.asked()).length < 2) await settle()
    await takenOut(pressed)
    await takenOut(asking)
    pressed.amount = '2.00'
    asking.home = '/elsewhere'
    await pass(60_000)
    expect((await shop.asked()).map(({ method }) => method)).to.deep.equal(['POST', 'GET'])
  })

  it('E7: a panel that is put back goes on asking, and knows', async () => {
    const shop = testShop()
    await shop.answers(processing, paid)
    const element = await panel({ orderEndpoint: shop.endpoint, token: TOKEN })
    while ((await shop.asked()).length === 0) await settle()
    const putBack = await takenOut(element)
    putBack()
    await pass(30_000)
    expect(element.state).to.equal('paid')
    expect(await shop.asked()).to.have.length(2)
  })

  it('a button that is put back asks what became of its attempt, and an outcome stays one', async () => {
    const shop = testShop()
    await shop.answers({ on: 'post', status: 201, body: openReply() }, paid)
    const { element } = await begun({ endpoint: shop.endpoint })
    const putBack = await takenOut(element)
    putBack()
    await inState(element, 'paid')
    const putBackAgain = await takenOut(element)
    putBackAgain()
    await pass(30_000)
    expect(element.state).to.equal('paid')
    expect((await shop.asked()).map(({ method }) => method)).to.deep.equal(['POST', 'GET'])
  })

  it('a button taken out in mid-request finds the attempt of its key when it is put back', async () => {
    const shop = testShop()
    await shop.answers({ on: 'post', status: 201, body: openReply(), held: true }, { on: 'post', body: openReply() })
    const element = await button({ endpoint: shop.endpoint })
    const urls = stay(element)
    press(element)
    while ((await shop.asked()).length === 0) await settle()
    const putBack = await takenOut(element)
    await shop.release()
    putBack()
    await element.updateComplete
    expect(element.state).to.equal('idle')
    press(element)
    await inState(element, 'unfinished')
    const keys = (await shop.asked()).map(({ headers }) => headers['idempotency-key'])
    expect([keys.length, new Set(keys).size, urls.length]).to.deep.equal([2, 1, 1])
  })

  it('a panel that is put back on a page about another payment tells about that one', async () => {
    const other = 'tok_another_payment_of_it'
    const shop = testShop()
    await shop.answers(paid, { on: 'get', body: statusReply({ token: other, state: 'cancelled', paymentUrl: null }) })
    history.replaceState(null, '', `?ipay=${TOKEN}`)
    const element = await panel({ orderEndpoint: shop.endpoint })
    await inState(element, 'paid')
    const putBack = await takenOut(element)
    history.replaceState(null, '', `?ipay=${other}`)
    putBack()
    await inState(element, 'cancelled')
    expect((await shop.asked()).at(-1)?.path).to.match(new RegExp(`${other}$`))
  })

  for (const way of ['out of the page cache', 'into the document']) {
    it(`B10: a pause that the shop asked for ends on a page that comes back ${way}`, async () => {
      const shop = testShop()
      await shop.answers(
        { ...problem('unavailable', 503), headers: { 'retry-after': '5' } },
        { status: 201, body: openReply() },
      )
      const element = await button({ endpoint: shop.endpoint })
      stay(element)
      const clock = stopClockForTest()
      press(element)
      await clock.pass(0)
      expect(element.state).to.equal('error')
      await comesBack(way, element, clock)
      await clock.pass(5_000)
      await element.updateComplete
      expect(part(element, 'button').getAttribute('aria-disabled')).to.equal('false')
      expect(await shop.asked()).to.have.length(1)
      press(element)
      await clock.pass(0)
      expect(await shop.asked()).to.have.length(2)
    })

    it(`B19: what the shop was still working on is not asked again by itself on a page that comes back ${way}`, async () => {
      const shop = testShop()
      await shop.answers({ ...problem('in-progress', 409), headers: { 'retry-after': '30' } })
      const element = await button({ endpoint: shop.endpoint })
      const clock = stopClockForTest()
      press(element)
      await clock.pass(0)
      expect(element.state).to.equal('error')
      await comesBack(way, element, clock)
      await clock.pass(60_000)
      expect(await shop.asked()).to.have.length(1)
    })
  }

  it('a page that draws at each error, with an order of its own each time, is told of one', async () => {
    history.replaceState(null, '', `?ipay=${TOKEN}`)
    const element = await button({ order: { cart: 'x' } })
    let told = 0
    element.addEventListener('ipay-error', () => {
      told += 1
      element.order = { cart: 'x' }
    })
    element.order = { cart: 'x', first: true }
    await inState(element, 'error')
    await turn(100)
    expect(told).to.be.at.most(2)
  })

  it('a panel that gets its endpoint late asks then', async () => {
    const shop = testShop()
    await shop.answers(paid)
    const element = await panel({ token: TOKEN })
    await inState(element, 'error')
    element.orderEndpoint = shop.endpoint
    await inState(element, 'paid')
  })

  it('another order that came in the meantime counts when the button is put back', async () => {
    const shop = testShop()
    await shop.answers({ on: 'post', status: 201, body: openReply() })
    const { element } = await begun({ endpoint: shop.endpoint })
    const putBack = await takenOut(element)
    element.order = { cart: 'another' }
    await element.updateComplete
    putBack()
    await inState(element, 'idle')
    expect(element.payment).to.equal(null)
    expect(await shop.asked()).to.have.length(1)
  })
})
