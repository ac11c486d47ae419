import { expect } from '@open-wc/testing'
import '../../src/elements/define.ts'
import { cleanUpAfterEach, stopClockForTest } from './clean-up.ts'
import { button, part, press, pressAction, told } from './parts.ts'
import { type Answer, inState, openReply, problem, stay, testShop } from './shop.ts'

const fresh: Answer = { status: 201, body: openReply() }

describe('the network between page and shop', () => {
  cleanUpAfterEach()

  it('B10: a shop that asks for a pause gets it: a countdown, then enabled, nothing sooner', async () => {
    const shop = testShop()
    await shop.answers({ ...problem('too-many-requests', 429), headers: { 'retry-after': '3' } }, fresh)
    const element = await button({ endpoint: shop.endpoint })
    stay(element)
    const clock = stopClockForTest()
    press(element)
    await inState(element, 'error')
    await element.updateComplete
    expect(part(element, 'label').textContent).to.equal('Wait 3 seconds')
    press(element)
    await element.start()
    expect(await shop.asked()).to.have.length(1)
    await clock.pass(2_999)
    expect(part(element, 'label').textContent).to.equal('Wait 1 second')
    await clock.pass(1)
    expect(part(element, 'label').textContent).to.equal('Try again')
    expect(await shop.asked()).to.have.length(1)
    press(element)
    await inState(element, 'unfinished')
  })

  for (const [value, text] of [
    ['0', '1 second'],
    ['61', '60 seconds'],
    ['soon', '5 seconds'],
    ['-1', '5 seconds'],
    ['1.5', '5 seconds'],
    ['Wed, 21 Oct 2099 07:28:00 GMT', '60 seconds'],
  ] as const) {
    it(`B10: Retry-After "${value}" is a pause of ${text}`, async () => {
      const shop = testShop()
      await shop.answers({ ...problem('unavailable', 503), headers: { 'retry-after': value } })
      const element = await button({ endpoint: shop.endpoint })
      press(element)
      await inState(element, 'error')
      await element.updateComplete
      expect(part(element, 'label').textContent).to.equal(`Wait ${text}`)
    })
  }

  const PROBLEMS: readonly [string, number, RegExp, boolean][] = [
    ['invalid-request', 400, /ask the shop/, false],
    ['cross-site', 403, /ask the shop/, false],
    ['not-found', 404, /do not know this payment/, false],
    ['already-paid', 409, /ask the shop/, false],
    ['too-large', 413, /ask the shop/, false],
    ['unsupported-type', 415, /ask the shop/, false],
    ['key-reused', 422, /ask the shop/, false],
    ['order-refused', 422, /cannot sell this/, false],
    ['internal', 500, /busy/, true],
    ['gateway-refused', 502, /ask the shop/, false],
    ['gateway-unavailable', 503, /busy/, true],
    ['unavailable', 503, /busy/, true],
  ]
  for (const [code, status, words, retryable] of PROBLEMS) {
    it(`B19: ${code} (${status}) has our own words and never the shop's`, async () => {
      const shop = testShop()
      await shop.answers(problem(code, status, { detail: 'SECRET <b>detail</b>', title: 'SECRET title' }))
      const element = await button({ endpoint: shop.endpoint })
      press(element)
      await inState(element, 'error')
      await element.updateComplete
      expect(element.error?.code).to.equal(code)
      expect(element.error?.retryable).to.equal(retryable)
      expect(told(element)).to.match(words)
      expect(element.shadowRoot?.textContent).to.not.contain('SECRET')
    })
  }

  for (const status of [400, 401, 403, 404, 418]) {
    it(`B19: a ${status} without a known problem is refused`, async () => {
      const shop = testShop()
      await shop.answers({ status, type: 'text/html', text: '<h1>No</h1>' })
      const element = await button({ endpoint: shop.endpoint })
      press(element)
      await inState(element, 'error')
      expect(element.error?.code).to.equal('refused')
    })
  }

  it('B19: what the shop is still working on is asked again by itself, with the same key', async () => {
    const shop = testShop()
    const working = { ...problem('in-progress', 409), headers: { 'retry-after': '1' } }
    await shop.answers(working, working, fresh)
    const element = await button({ endpoint: shop.endpoint })
    const urls = stay(element)
    const clock = stopClockForTest()
    press(element)
    await clock.pass(2_000)
    expect(element.state).to.equal('unfinished')
    expect(urls).to.have.length(1)
    const keys = (await shop.asked()).map(({ headers }) => headers['idempotency-key'])
    expect(keys).to.have.length(3)
    expect(new Set(keys).size).to.equal(1)
  })

  it('key-reused offers to start over, with a new key', async () => {
    const shop = testShop()
    await shop.answers(problem('key-reused', 422), fresh)
    const element = await button({ endpoint: shop.endpoint })
    stay(element)
    press(element)
    await inState(element, 'error')
    await pressAction(element)
    press(element)
    await inState(element, 'unfinished')
    const keys = (await shop.asked()).map(({ headers }) => headers['idempotency-key'])
    expect(new Set(keys).size).to.equal(2)
  })
})
