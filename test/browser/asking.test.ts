import { expect } from '@open-wc/testing'
import '../../src/elements/define.ts'
import { begun, comeFromPageCache } from './begun.ts'
import { atEnd, cleanUpAfterEach, stopClockForTest } from './clean-up.ts'
import { button, panel, part, press } from './parts.ts'
import { paid, shown } from './result-panel.ts'
import { type Answer, asked, inState, openReply, problem, settle, statusReply, stay, TOKEN, testShop } from './shop.ts'

const working: Answer = { on: 'get', body: statusReply({ state: 'processing', paymentUrl: null }) }
const cancelled: Answer = { on: 'get', body: statusReply({ state: 'cancelled', paymentUrl: null, retry: 'now' }) }
const opened: Answer = { on: 'post', status: 201, body: openReply() }

describe('asking what became of a payment', () => {
  cleanUpAfterEach()

  it('B10: a shop that asks for a pause is not asked sooner', async () => {
    const clock = stopClockForTest()
    const { element, shop } = await shown(
      { ...problem('unavailable', 503), headers: { 'retry-after': '20' } },
      { body: paid },
    )
    await clock.pass(19_999)
    expect(element.state).to.equal('confirming')
    expect(await shop.asked()).to.have.length(1)
    await clock.pass(1)
    expect([element.state, element.error]).to.deep.equal(['paid', null])
  })

  it('a pause of ten minutes is one of 60 s', async () => {
    const clock = stopClockForTest()
    const { shop } = await shown({ body: statusReply({ state: 'processing', paymentUrl: null, pollAfter: 600 }) })
    await clock.pass(59_999)
    expect(await shop.asked()).to.have.length(1)
    await clock.pass(1)
    expect(await shop.asked()).to.have.length(2)
  })

  it('E7: once nobody knows, "still being worked on" is no news, asked by itself, by the page or after Back', async () => {
    const clock = stopClockForTest()
    const { element } = await shown(working)
    await clock.pass(120_000)
    expect(element.state).to.equal('unresolved')
    const states: string[] = []
    element.addEventListener('ipay-state', () => states.push(element.state))
    await clock.pass(60_000)
    await element.check()
    comeFromPageCache()
    await clock.pass(60_000)
    expect(states).to.deep.equal([])
  })

  it('E7: time in which it could still be paid is no waiting: two minutes of confirming begin when that is over', async () => {
    const clock = stopClockForTest()
    const { element, shop } = await shown({ on: 'get', body: statusReply({ pollAfter: 2 }) })
    await clock.pass(200_000)
    expect(element.state).to.equal('unfinished')
    await shop.answers(working)
    await clock.pass(60_000)
    expect(element.state).to.equal('confirming')
    await clock.pass(119_000)
    expect(element.state).to.equal('unresolved')
  })

  it('what is paid is no error, whatever the shop answers later', async () => {
    const { element, shop } = await shown({ body: paid })
    await inState(element, 'paid')
    let errors = 0
    element.addEventListener('ipay-error', () => errors++)
    for (const answer of [problem('not-found', 404), problem('unavailable', 503), { status: 200, text: '<p>' }]) {
      await shop.answers(answer)
      await element.check()
    }
    expect([element.state, element.error, errors]).to.deep.equal(['paid', null, 0])
  })

  it('the same fault is told once, another one again', async () => {
    const clock = stopClockForTest()
    const { element, shop } = await shown({ ...problem('unavailable', 503), headers: { 'retry-after': '1' } })
    const codes: string[] = []
    element.addEventListener('ipay-error', (event) =>
      codes.push((event as Event & { error: Error & { code: string } }).error.code),
    )
    await clock.pass(5_000)
    await shop.answers({ status: 200, text: '<p>' })
    await clock.pass(5_000)
    expect(codes).to.deep.equal(['unavailable', 'bad-answer'])
  })

  it('A2: while a press is under way the page asks in vain', async () => {
    const shop = testShop()
    await shop.answers(opened, { ...opened, held: true })
    const { element } = await begun({ endpoint: shop.endpoint })
    press(element)
    await element.check()
    expect(element.state).to.equal('starting')
    while ((await shop.asked()).length < 2) await settle()
    await shop.release()
    await inState(element, 'unfinished')
    expect(await asked(shop, 'GET')).to.deep.equal([])
  })

  it('after an outcome the next press has a key of its own, and the price of the page', async () => {
    const shop = testShop()
    const dearer = { amount: '1300.00', currency: 'BDT' }
    await shop.answers(problem('price-changed', 409, dearer), { ...opened, body: openReply(dearer) }, cancelled, opened)
    const element = await button({ endpoint: shop.endpoint })
    stay(element)
    press(element)
    await inState(element, 'price-changed')
    press(element)
    await inState(element, 'unfinished')
    comeFromPageCache()
    await inState(element, 'cancelled')
    await element.updateComplete
    expect(part(element, 'amount').textContent).to.equal('৳1,250.00')
    press(element)
    await inState(element, 'unfinished')
    const [, second, third] = await asked(shop, 'POST')
    expect(second?.headers['idempotency-key']).to.not.equal(third?.headers['idempotency-key'])
    expect(JSON.parse(third?.body ?? '').shown.amount).to.equal('1250.00')
  })

  it('no live news are listened to where the page reads the status itself, or sends no cookies', async () => {
    const { EventSource: native } = window
    atEnd(() => {
      window.EventSource = native
    })
    let made = 0
    window.EventSource = class extends EventTarget {
      constructor() {
        super()
        made += 1
      }
      close() {}
    } as unknown as typeof EventSource
    const shop = testShop()
    const status = statusReply({ state: 'processing', paymentUrl: null, events: `${shop.endpoint}/${TOKEN}/events` })
    await shop.answers({ body: status })
    const own = { token: TOKEN, orderEndpoint: shop.endpoint }
    for (const more of [{ readStatus: async () => status }, { credentials: 'omit' as const }]) {
      const element = await panel({ ...own, ...more })
      await element.check()
      expect([element.payment?.state, made]).to.deep.equal(['processing', 0])
      element.remove()
      await settle()
    }
    const listening = await panel(own)
    await listening.check()
    expect(made).to.be.above(0)
  })
})
