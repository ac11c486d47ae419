import { expect } from '@open-wc/testing'
import '../../src/elements/define.ts'
import type { IpayOutcomeEvent } from '../../src/elements/events.ts'
import { rememberAttempt } from '../../src/elements/memory.ts'
import { begun, comeFromPageCache } from './begun.ts'
import { cleanUpAfterEach } from './clean-up.ts'
import { framedButton, inSandbox } from './page-in-frame.ts'
import { button, press } from './parts.ts'
import { type Answer, asked, inState, openReply, settle, statusReply, stay, testShop, waitFor } from './shop.ts'

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
    let calls = 0
    const element = await button({
      createOrder: async () => {
        calls += 1
        return openReply()
      },
    })
    stay(element)
    element.addEventListener('ipay-state', () => element.state === 'starting' && element.reset())
    press(element)
    await settle()
    expect([element.state, calls]).to.deep.equal(['idle', 0])
  })

  it('a page that resets when it hears "redirecting" is not left, and told of no failure to', async () => {
    const shop = testShop()
    await shop.answers({ on: 'post', status: 201, body: openReply({ ...inSandbox, amount: '2500.00' }) })
    const { element } = await framedButton(shop)
    const states: string[] = []
    element.addEventListener('ipay-state', () => {
      states.push(element.state)
      if (element.state === 'redirecting') element.reset()
    })
    press(element)
    await waitFor('the reset', () => states.includes('idle'))
    await settle()
    expect(states).to.deep.equal(['starting', 'redirecting', 'idle'])
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
