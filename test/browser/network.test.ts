import { expect } from '@open-wc/testing'
import '../../src/elements/define.ts'
import { begun } from './begun.ts'
import { atEnd, cleanUpAfterEach } from './clean-up.ts'
import { stopClock, turn } from './clock.ts'
import { button, part, press, told } from './parts.ts'
import { type Answer, inState, openReply, stay, testShop } from './shop.ts'

const fresh: Answer = { status: 201, body: openReply() }
const reply = JSON.stringify(openReply())

describe('the network between page and shop', () => {
  cleanUpAfterEach()

  it('B1: no answer ends in a time-out with words and a way on, and says before that it takes longer', async () => {
    const shop = testShop()
    await shop.answers({ hang: true }, fresh)
    const element = await button({ endpoint: shop.endpoint })
    stay(element)
    const clock = stopClock({ awaitReplies: false })
    atEnd(clock.release)
    press(element)
    await element.updateComplete
    expect(told(element)).to.equal('One moment…')
    // The stopped clock passes 20 s in no time: the request must have arrived before it is given up.
    while ((await shop.asked()).length === 0) await turn(5)
    await clock.pass(9_999)
    expect(told(element)).to.equal('One moment…')
    await clock.pass(1)
    expect(told(element)).to.match(/longer than usual/)
    await clock.pass(9_999)
    expect(element.state).to.equal('starting')
    await clock.pass(1)
    expect(element.state).to.equal('error')
    expect(element.error?.code).to.equal('timeout')
    expect(told(element)).to.match(/did not answer in time/)
    expect(part(element, 'label').textContent).to.equal('Try again')
    clock.release()
    press(element)
    await inState(element, 'unfinished')
  })

  it('B1: headers() that never end are cut off as well', async () => {
    const element = await button({ endpoint: '/never', headers: () => new Promise<never>(() => {}) })
    const clock = stopClock({ awaitReplies: false })
    atEnd(clock.release)
    press(element)
    await clock.pass(20_000)
    expect(element.state).to.equal('error')
    expect(element.error?.code).to.equal('timeout')
  })

  it('B1: createOrder() that never ends is cut off, and its signal tells', async () => {
    let aborted = false
    const element = await button({
      createOrder: (_, { signal }) => {
        signal.addEventListener('abort', () => {
          aborted = true
        })
        return new Promise<never>(() => {})
      },
    })
    const clock = stopClock({ awaitReplies: false })
    atEnd(clock.release)
    press(element)
    await clock.pass(20_000)
    expect(element.state).to.equal('error')
    expect(element.error?.code).to.equal('timeout')
    expect(aborted).to.equal(true)
  })

  for (let cut = 0; cut < reply.length; cut += 23) {
    it(`B4: a reply that is cut after ${cut} bytes leads nowhere, and the next press to the same attempt`, async () => {
      const shop = testShop()
      await shop.answers({ ...fresh, cut }, fresh)
      const element = await button({ endpoint: shop.endpoint })
      const urls = stay(element)
      press(element)
      await inState(element, 'error')
      expect(element.error?.code).to.be.oneOf(['unreachable', 'bad-answer'])
      expect(urls).to.deep.equal([])
      press(element)
      await inState(element, 'unfinished')
      const keys = (await shop.asked()).map(({ headers }) => headers['idempotency-key'])
      expect(new Set(keys).size).to.equal(1)
    })
  }

  it('B6: offline is said plainly, and nothing is sent later by itself', async () => {
    const { fetch } = window
    const own = Object.getOwnPropertyDescriptor(navigator, 'onLine')
    Object.defineProperty(navigator, 'onLine', { value: false, configurable: true })
    let sent = 0
    window.fetch = async () => {
      sent++
      throw new TypeError('Failed to fetch')
    }
    const clock = stopClock()
    atEnd(() => {
      clock.release()
      window.fetch = fetch
      if (own) Object.defineProperty(navigator, 'onLine', own)
      else Reflect.deleteProperty(navigator, 'onLine')
    })
    const element = await button({ endpoint: '/never' })
    press(element)
    await inState(element, 'error')
    await element.updateComplete
    expect(element.error?.code).to.equal('offline')
    expect(told(element)).to.match(/offline/)
    dispatchEvent(new Event('online'))
    await clock.pass(60_000)
    expect(sent).to.equal(1)
  })

  it('headers and credentials of the shop go with the request, ours cannot be replaced', async () => {
    const shop = testShop()
    await shop.answers(fresh)
    await begun({
      endpoint: shop.endpoint,
      headers: async () => ({ 'X-CSRF': 't1', 'content-type': 'text/plain', 'idempotency-key': 'stolen' }),
    })
    const [asked] = await shop.asked()
    expect(asked?.headers['x-csrf']).to.equal('t1')
    expect(asked?.headers['content-type']).to.equal('application/json')
    expect(asked?.headers['idempotency-key']).to.not.equal('stolen')
  })
})
