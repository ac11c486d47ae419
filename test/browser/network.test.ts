import { expect } from '@open-wc/testing'
import '../../src/elements/define.ts'
import { stopClock, turn } from './clock.ts'
import { button, part, press, told } from './parts.ts'
import { type Answer, inState, openReply, PAY_URL, problem, stay, testShop } from './shop.ts'

const fresh: Answer = { status: 201, body: openReply() }
const reply = JSON.stringify(openReply())

describe('the network between page and shop', () => {
  afterEach(() => localStorage.clear())
  let restore = () => {}
  afterEach(() => {
    restore()
    restore = () => {}
  })

  it('B1: no answer ends in a time-out with words and a way on, and says before that it takes longer', async () => {
    const shop = testShop()
    await shop.answers({ hang: true }, fresh)
    const element = await button({ endpoint: shop.endpoint })
    stay(element)
    const clock = stopClock({ awaitReplies: false })
    restore = clock.release
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
    restore()
    press(element)
    await inState(element, 'unfinished')
  })

  it('B1: headers() that never end are cut off as well', async () => {
    const element = await button({ endpoint: '/never', headers: () => new Promise<never>(() => {}) })
    const clock = stopClock({ awaitReplies: false })
    restore = clock.release
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
    restore = clock.release
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
    restore = () => {
      clock.release()
      window.fetch = fetch
      if (own) Object.defineProperty(navigator, 'onLine', own)
      else Reflect.deleteProperty(navigator, 'onLine')
    }
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

  const BAD: Record<string, Answer> = {
    'B8 a captive portal': { status: 200, type: 'text/html', text: '<h1>Sign in</h1>' },
    'B12 malformed JSON': { status: 200, text: '{"version":1,' },
    'B12 an empty 200': { status: 200, text: '' },
    'B12 a null': { status: 200, text: 'null' },
    'B12 an array': { status: 200, text: '[]' },
    'B12 a number': { status: 200, text: '7' },
    'B12 a 204': { status: 204, text: '' },
    'B12 a 202': { status: 202, body: openReply() },
    'B12 text that is not UTF-8': { status: 200, base64: btoa('{"version":1,"token":"\xff\xfe"}') },
    'B12 another type': { status: 200, type: 'text/plain', body: openReply() },
    'B12 more than 64 KiB': { status: 200, text: reply.replace('{', `{"x":"${'x'.repeat(65_536)}",`) },
    'B12 an attempt that is over already': { status: 200, body: openReply({ expiresAt: '2026-11-21T10:00:00Z' }) },
    'B9 a 502 of a proxy': { status: 502, type: 'text/html', text: '<h1>Bad gateway</h1>' },
    'B8 a 511': { status: 511, type: 'text/html', text: '<h1>Sign in</h1>' },
  }
  for (const [what, answer] of Object.entries(BAD)) {
    it(`${what} is a bad answer that leads nowhere and is not shown`, async () => {
      const shop = testShop()
      await shop.answers(answer, fresh)
      const element = await button({ endpoint: shop.endpoint })
      const urls = stay(element)
      press(element)
      await inState(element, 'error')
      await element.updateComplete
      expect(element.error?.code).to.equal('bad-answer')
      expect(urls).to.deep.equal([])
      expect(told(element)).to.match(/could not be read/)
      press(element)
      await inState(element, 'unfinished')
    })
  }

  it('B12: a byte order mark is accepted, and exactly 64 KiB as well', async () => {
    const shop = testShop()
    const padded = reply.replace('{', `{"x":"${'x'.repeat(65_536 - reply.length - 7)}",`)
    expect(padded.length).to.equal(65_536)
    await shop.answers({ status: 201, text: `\ufeff${reply}` }, { status: 200, text: padded })
    const element = await button({ endpoint: shop.endpoint })
    const urls = stay(element)
    press(element)
    await inState(element, 'unfinished')
    press(element)
    await inState(element, 'unfinished')
    expect(urls).to.deep.equal([PAY_URL, PAY_URL])
  })

  it('B10: a shop that asks for a pause gets it: a countdown, then enabled, nothing sooner', async () => {
    const shop = testShop()
    await shop.answers({ ...problem('too-many-requests', 429), headers: { 'retry-after': '3' } }, fresh)
    const element = await button({ endpoint: shop.endpoint })
    stay(element)
    const clock = stopClock()
    restore = clock.release
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

  it('B15: a redirect is refused, and the body goes nowhere else', async () => {
    const shop = testShop()
    const other = testShop()
    await other.answers(fresh)
    await shop.answers({ status: 307, text: '', headers: { location: other.endpoint } })
    const element = await button({ endpoint: shop.endpoint })
    press(element)
    await inState(element, 'error')
    expect(element.error?.code).to.equal('unreachable')
    expect(await other.asked()).to.deep.equal([])
  })

  it('B16: a refused cross-origin request is unreachable, with a hint that names CORS', async () => {
    const warnings: string[] = []
    const { warn } = console
    console.warn = (text: string) => warnings.push(text)
    const origin = `http://localhost:${location.port}`
    const { IpayButton } = await import('../../src/elements/ipay-button.ts')
    IpayButton.endpointOrigins.push(origin)
    restore = () => {
      console.warn = warn
      IpayButton.endpointOrigins.pop()
    }
    const shop = testShop()
    await shop.answers(fresh)
    const element = await button({ endpoint: `${origin}${shop.endpoint}` })
    press(element)
    await inState(element, 'error')
    expect(element.error?.code).to.equal('unreachable')
    expect(warnings.join()).to.match(/CORS/)
  })

  const PROBLEMS: readonly [string, number, RegExp, boolean][] = [
    ['invalid-request', 400, /contact the shop/, false],
    ['cross-site', 403, /contact the shop/, false],
    ['not-found', 404, /do not know this payment/, false],
    ['already-paid', 409, /contact the shop/, false],
    ['too-large', 413, /contact the shop/, false],
    ['unsupported-type', 415, /contact the shop/, false],
    ['key-reused', 422, /contact the shop/, false],
    ['order-refused', 422, /cannot sell this/, false],
    ['internal', 500, /busy/, true],
    ['gateway-refused', 502, /contact the shop/, false],
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
    const clock = stopClock()
    restore = clock.release
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
    await element.updateComplete
    part(element, 'action').click()
    press(element)
    await inState(element, 'unfinished')
    const keys = (await shop.asked()).map(({ headers }) => headers['idempotency-key'])
    expect(new Set(keys).size).to.equal(2)
  })

  it('headers and credentials of the shop go with the request, ours cannot be replaced', async () => {
    const shop = testShop()
    await shop.answers(fresh)
    const element = await button({
      endpoint: shop.endpoint,
      headers: async () => ({ 'X-CSRF': 't1', 'content-type': 'text/plain', 'idempotency-key': 'stolen' }),
    })
    stay(element)
    press(element)
    await inState(element, 'unfinished')
    const [asked] = await shop.asked()
    expect(asked?.headers['x-csrf']).to.equal('t1')
    expect(asked?.headers['content-type']).to.equal('application/json')
    expect(asked?.headers['idempotency-key']).to.not.equal('stolen')
  })
})
