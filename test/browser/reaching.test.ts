import { expect } from '@open-wc/testing'
import type { CreateOrder } from '../../src/elements/shop-client.ts'
import '../../src/elements/define.ts'
import { begun } from './begun.ts'
import { cleanUpAfterEach, stopClockForTest } from './clean-up.ts'
import { button, press } from './parts.ts'
import { paid, shown } from './result-panel.ts'
import { type Answer, asked, inState, openReply, problem, statusReply, stay, TOKEN, testShop } from './shop.ts'

const opened: Answer = { on: 'post', status: 201, body: openReply() }
const dearer = problem('price-changed', 409, { amount: '1300.00', currency: 'BDT' }).body as never

describe('how the shop is reached', () => {
  cleanUpAfterEach()

  const ways: [how: string, answer: () => ReturnType<CreateOrder>][] = [
    ['resolves to', async () => dearer],
    ['is rejected with', () => Promise.reject(dearer)],
  ]
  for (const [how, createOrder] of ways)
    it(`a createOrder() that ${how} a problem has answered with that problem`, async () => {
      const element = await button({ createOrder })
      press(element)
      await inState(element, 'price-changed')
      expect(element.error).to.equal(null)
    })

  it('an endpoint that ends in a slash is asked as it is written, and for a status with one slash', async () => {
    const shop = testShop()
    await shop.answers(opened, { on: 'get', body: statusReply() })
    const { element } = await begun({ endpoint: `${shop.endpoint}/` })
    await element.check()
    const paths = (await shop.asked()).map(({ method, path }) => [method, path])
    expect(paths).to.deep.equal([
      ['POST', '/'],
      ['GET', `/${TOKEN}`],
    ])
  })

  it('E7: a status that may be kept for ten minutes is asked for again all the same', async () => {
    const { element, shop } = await shown({
      body: statusReply({ state: 'processing', paymentUrl: null, pollAfter: 60 }),
      headers: { 'cache-control': 'max-age=600' },
    })
    await inState(element, 'confirming')
    await shop.answers({ body: paid })
    await element.check()
    expect(element.state).to.equal('paid')
  })

  it('a status that says "created here" is none', async () => {
    const { element } = await shown({ status: 201, body: paid })
    await element.check()
    expect([element.state, element.error?.code]).to.deep.equal(['confirming', 'bad-answer'])
  })

  it('B10: a pause until a date is counted by the clock of who said it', async () => {
    const clock = stopClockForTest()
    const shop = testShop()
    const date = 'Sat, 21 Nov 2015 10:00:00 GMT'
    const headers = { date, 'retry-after': 'Sat, 21 Nov 2015 10:00:30 GMT' }
    await shop.answers({ ...problem('too-many-requests', 429), headers })
    const element = await button({ endpoint: shop.endpoint })
    press(element)
    await inState(element, 'error')
    await clock.pass(29_000)
    press(element)
    expect(element.state).to.equal('error')
    expect(await asked(shop, 'POST')).to.have.length(1)
    await shop.answers(opened)
    await clock.pass(1_000)
    stay(element)
    press(element)
    await inState(element, 'unfinished')
  })

  it('B9: only a browser that does not leave gets the link; a shop that does not answer is asked again', async () => {
    const shop = testShop()
    await shop.answers(opened, { on: 'post', ...problem('unavailable', 503) })
    const { element } = await begun({ endpoint: shop.endpoint })
    press(element)
    await inState(element, 'error')
    await element.updateComplete
    expect(element.shadowRoot?.querySelectorAll('a')).to.have.length(0)
  })
})
