import { expect } from '@open-wc/testing'
import '../../src/elements/define.ts'
import { begun } from './begun.ts'
import { atEnd, cleanUpAfterEach } from './clean-up.ts'
import { button, press, told } from './parts.ts'
import { type Answer, inState, openReply, PAY_URL, stay, testShop } from './shop.ts'

const fresh: Answer = { status: 201, body: openReply() }
const reply = JSON.stringify(openReply())

describe('the network between page and shop', () => {
  cleanUpAfterEach()

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
    const { element, urls } = await begun({ endpoint: shop.endpoint })
    press(element)
    await inState(element, 'unfinished')
    expect(urls).to.deep.equal([PAY_URL, PAY_URL])
  })

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
    atEnd(() => {
      console.warn = warn
      IpayButton.endpointOrigins.pop()
    })
    const shop = testShop()
    await shop.answers(fresh)
    const element = await button({ endpoint: `${origin}${shop.endpoint}` })
    press(element)
    await inState(element, 'error')
    expect(element.error?.code).to.equal('unreachable')
    expect(warnings.join()).to.match(/CORS/)
  })
})
