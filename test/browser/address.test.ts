import { expect, oneEvent } from '@open-wc/testing'
import '../../src/elements/define.ts'
import { settings } from '../../src/elements/settings.ts'
import { button, press } from './parts.ts'
import { inState, openReply, stay } from './shop.ts'

/** Presses a button whose shop answers with this address; the address it would leave for, or the code of its error. */
async function verdict(paymentUrl: unknown, environment: 'production' | 'sandbox' = 'production'): Promise<string> {
  const reply = { ...openReply({ environment }), paymentUrl }
  const element = await button({ environment, createOrder: async () => reply as never })
  const urls = stay(element)
  press(element)
  await inState(element, 'starting').catch(() => {})
  while (element.state === 'starting') await oneEvent(element, 'ipay-state')
  return urls[0] ?? element.error?.code ?? element.state
}

const REFUSED: Readonly<Record<string, readonly string[]>> = {
  C2: [
    'javascript:alert(1)',
    'JavaScript:alert(1)',
    ' javascript:alert(1)',
    '\u0001javascript:alert(1)',
    'java\tscript:alert(1)',
    'java\nscript:alert(1)',
    'javascript://app.ipay.com.bd/%0aalert(1)',
  ],
  C3: [
    'data:text/html,x',
    'blob:https://app.ipay.com.bd/1',
    'filesystem:https://app.ipay.com.bd/1',
    'view-source:https://app.ipay.com.bd/',
    'intent://app.ipay.com.bd/#Intent;end',
    'file:///etc/passwd',
    'about:blank',
    'ftp://app.ipay.com.bd/',
  ],
  C4: ['http://app.ipay.com.bd/pay/1', 'HTTP://app.ipay.com.bd/pay/1'],
  C5: [
    'https://evil-ipay.com.bd/',
    'https://app.ipay.com.bd.evil.example/',
    'https://evil.example/app.ipay.com.bd',
    'https://evil.example/?app.ipay.com.bd',
    'https://ipay.com.bd.example/',
    'https://app.ipay.com.bd:8443/',
    'https://demo.ipay.com.bd/pay/1',
  ],
  C6: [
    'https://app.ipay.com.bd@evil.example/',
    'app.ipay.com.bd@evil.example',
    'app.ipay.com.bd:443@evil.example',
    'https://user:pw@app.ipay.com.bd/',
    'https://user@app.ipay.com.bd/',
  ],
  C7: [
    'https:/\\evil.example',
    'https:\\\\evil.example',
    'https://app.ipay.com.bd\\@evil.example',
    '///evil.example',
    '//evil.example',
    '//app.ipay.com.bd/pay/1',
    '/pay/1',
    'pay/1',
    'https://https://app.ipay.com.bd',
    'https:app.ipay.com.bd',
    '?x',
    '#x',
  ],
  C9: [
    'https://аpp.ipay.com.bd/',
    'https://ａpp.ipay.com.bd/',
    'https://app。ipay。com。bd/',
    'https://app\u00ad.ipay.com.bd/',
    'https://app%2eipay.com.bd.evil.example/',
  ],
}

describe('the payment address', () => {
  afterEach(() => localStorage.clear())
  afterEach(() => {
    settings.paymentHosts = []
  })

  for (const [id, addresses] of Object.entries(REFUSED)) {
    for (const address of addresses) {
      it(`${id}: ${JSON.stringify(address)} is not followed`, async () => {
        expect(await verdict(address)).to.equal('unsafe-payment-url')
      })
    }
  }

  it('C12: what is no text, empty or too long is no reply', async () => {
    const evil = { toString: () => 'https://app.ipay.com.bd/' }
    for (const value of [1, null, undefined, true, [], ['https://app.ipay.com.bd/'], evil, '']) {
      expect(await verdict(value)).to.equal('bad-answer')
    }
    const longest = `https://app.ipay.com.bd/${'x'.repeat(2048 - 24)}`
    expect(await verdict(longest)).to.equal(longest)
    expect(await verdict(`${longest}x`)).to.equal('bad-answer')
  })

  it('C1: an address without a scheme is read as https', async () => {
    expect(await verdict('app.ipay.com.bd/pay/IPAY-1')).to.equal('https://app.ipay.com.bd/pay/IPAY-1')
    expect(await verdict('app.ipay.com.bd:443/pay/1?a=b#c')).to.equal('https://app.ipay.com.bd/pay/1?a=b#c')
  })

  it('hosts of the brand are followed, one listed by code as well', async () => {
    for (const url of ['https://ipay.com.bd/', 'https://app.ipay.com.bd/x', 'https://a.b.ipay.com.bd/'])
      expect(await verdict(url)).to.equal(url)
    expect(await verdict('https://pay.example/x')).to.equal('unsafe-payment-url')
    settings.paymentHosts = ['pay.example']
    expect(await verdict('https://pay.example/x')).to.equal('https://pay.example/x')
    expect(await verdict('https://www.pay.example/x')).to.equal('unsafe-payment-url')
    expect(await verdict('http://pay.example/x')).to.equal('unsafe-payment-url')
  })

  it('the sandbox leads to the demo host and to loopback alone, while the page is on loopback', async () => {
    for (const url of ['https://demo.ipay.com.bd/x', 'http://localhost:3001/pay/1', 'http://127.0.0.1:9/x'])
      expect(await verdict(url, 'sandbox')).to.equal(url)
    expect(await verdict('https://app.ipay.com.bd/x', 'sandbox')).to.equal('unsafe-payment-url')
    expect(await verdict('http://localhost:3001/pay/1')).to.equal('unsafe-payment-url')
    expect(await verdict('http://localhost.evil.example/', 'sandbox')).to.equal('unsafe-payment-url')
  })

  it('a reply of another environment than the attribute is refused', async () => {
    const reply = openReply({ environment: 'sandbox', paymentUrl: 'https://app.ipay.com.bd/x' })
    const element = await button({ createOrder: async () => reply })
    press(element)
    await inState(element, 'error')
    expect(element.error?.code).to.equal('unsafe-payment-url')
  })
})
