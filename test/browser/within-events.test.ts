import { expect } from '@open-wc/testing'
import '../../src/elements/define.ts'
import type { IpayOutcomeEvent } from '../../src/elements/events.ts'
import { rememberAttempt } from '../../src/elements/memory.ts'
import { begun, comeFromPageCache } from './begun.ts'
import { cleanUpAfterEach } from './clean-up.ts'
import { turn } from './clock.ts'
import { button, press } from './parts.ts'
import { type Answer, asked, inState, openReply, statusReply, stay, testShop } from './shop.ts'

const opened: Answer = { on: 'post', status: 201, body: openReply() }
const paid: Answer = { on: 'get', body: statusReply({ state: 'paid', paymentUrl: null, retry: 'no' }) }

/** A page that acts while it is being told. */
describe('what a page does within an event', () => {
  cleanUpAfterEach()

  it('a page that resets when it hears "paid" is told of the outcome all the same, each time', async () => {
    const shop = testShop()
    await shop.answers(opened, paid, opened, paid)
    const { element } = await begun({ endpoint: shop.endpoint })
    element.addEventListener('ipay-state', () => element.state === 'paid' && element.reset())
    const outcomes: (string | undefined)[] = []
    element.addEventListener('ipay-paid', (event) => outcomes.push((event as IpayOutcomeEvent).payment?.reference))
    comeFromPageCache()
    await inState(element, 'idle')
    expect(outcomes).to.deep.equal(['R-1001'])
    await shop.answers(
      { ...opened, body: openReply({ token: 'tok_of_another_payment', reference: 'R-2' }) },
      { ...paid, body: statusReply({ ...(paid.body as object), token: 'tok_of_another_payment', reference: 'R-2' }) },
    )
    press(element)
    await inState(element, 'unfinished')
    comeFromPageCache()
    await inState(element, 'idle')
    expect(outcomes).to.deep.equal(['R-1001', 'R-2'])
  })

  it('a page that resets when it hears "starting" sends nothing', async () => {
    const shop = testShop()
    await shop.answers(opened)
    const element = await button({ endpoint: shop.endpoint })
    stay(element)
    element.addEventListener('ipay-state', () => element.state === 'starting' && element.reset())
    press(element)
    await turn(20)
    expect([element.state, await shop.asked()]).to.deep.equal(['idle', []])
  })

  it('a page that resets when it hears "redirecting" stays', async () => {
    const shop = testShop()
    await shop.answers(opened)
    const element = await button({ endpoint: shop.endpoint })
    const states: string[] = []
    element.addEventListener('ipay-state', () => {
      states.push(element.state)
      if (element.state === 'redirecting') element.reset()
    })
    press(element)
    await inState(element, 'starting')
    await inState(element, 'idle')
    await turn(50)
    expect([states, element.state]).to.deep.equal([['starting', 'redirecting', 'idle'], 'idle'])
  })

  for (const remembered of [false, true])
    it(`an order that is set within ipay-start is the one that is sent, ${remembered ? 'whatever' : 'when nothing'} is remembered`, async () => {
      const shop = testShop()
      await shop.answers(opened)
      if (remembered) rememberAttempt('another-order', 'key_of_another_order')
      const element = await button({ endpoint: shop.endpoint })
      stay(element)
      const order = { cart: `set-within-${remembered}` }
      element.addEventListener('ipay-start', () => {
        element.order = order
      })
      press(element)
      await inState(element, 'unfinished')
      const sent = await asked(shop, 'POST')
      expect(sent.map(({ body }) => JSON.parse(body).order)).to.deep.equal([order])
    })
})
