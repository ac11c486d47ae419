import assert from 'node:assert/strict'
import { describe, test } from 'node:test'
import fc from 'fast-check'
import { isLoopback, type PaymentUrlRules, paymentUrl } from '../../../src/contract/payment-url.ts'

const production: PaymentUrlRules = { environment: 'production', paymentHosts: [], onLoopback: false }
const sandbox: PaymentUrlRules = { environment: 'sandbox', paymentHosts: [], onLoopback: false }
const local: PaymentUrlRules = { environment: 'sandbox', paymentHosts: [], onLoopback: true }
const listed: PaymentUrlRules = { ...production, paymentHosts: ['pay.example', 'pay.example:8443'] }

describe('where a buyer may be sent, as the server decides', () => {
  const followed: readonly (readonly [string, PaymentUrlRules, string])[] = [
    ['https://app.ipay.com.bd/pay/IPAY-1', production, 'https://app.ipay.com.bd/pay/IPAY-1'],
    ['app.ipay.com.bd/pay/IPAY-1', production, 'https://app.ipay.com.bd/pay/IPAY-1'],
    ['app.ipay.com.bd:443/pay/1', production, 'https://app.ipay.com.bd/pay/1'],
    ['https://app.ipay.com.bd:443/pay/1', production, 'https://app.ipay.com.bd/pay/1'],
    ['HTTPS://APP.IPAY.COM.BD/Pay/1', production, 'https://app.ipay.com.bd/Pay/1'],
    ['https://ipay.com.bd/', production, 'https://ipay.com.bd/'],
    ['ipay.com.bd', production, 'https://ipay.com.bd/'],
    ['https://a.b.ipay.com.bd/?x=@y#z', production, 'https://a.b.ipay.com.bd/?x=@y#z'],
    ['app.ipay.com.bd?order=1', production, 'https://app.ipay.com.bd/?order=1'],
    [
      'app.ipay.com.bd/1?next=https://shop.example/',
      production,
      'https://app.ipay.com.bd/1?next=https://shop.example/',
    ],
    ['app.ipay.com.bd#1', production, 'https://app.ipay.com.bd/#1'],
    ['https://app.ipay.com.bd/a\\b?c\\d', { ...production }, ''],
    ['https://app.ipay.com.bd/a?c\\d', production, 'https://app.ipay.com.bd/a?c\\d'],
    ['https://demo.ipay.com.bd/pay/1', sandbox, 'https://demo.ipay.com.bd/pay/1'],
    ['demo.ipay.com.bd/pay/1', sandbox, 'https://demo.ipay.com.bd/pay/1'],
    ['http://localhost:3001/pay/1', local, 'http://localhost:3001/pay/1'],
    ['http://sim.localhost:3001/pay/1', local, 'http://sim.localhost:3001/pay/1'],
    ['http://127.0.0.1:3001/pay/1', local, 'http://127.0.0.1:3001/pay/1'],
    ['http://127.8.9.10/pay/1', local, 'http://127.8.9.10/pay/1'],
    ['http://[::1]:3001/pay/1', local, 'http://[::1]:3001/pay/1'],
    ['https://localhost:3001/pay/1', local, 'https://localhost:3001/pay/1'],
    ['https://demo.ipay.com.bd/pay/1', local, 'https://demo.ipay.com.bd/pay/1'],
    ['https://pay.example/1', listed, 'https://pay.example/1'],
    ['https://pay.example:8443/1', listed, 'https://pay.example:8443/1'],
    ['https://app.ipay.com.bd/1', listed, 'https://app.ipay.com.bd/1'],
  ]
  for (const [value, rules, href] of followed) {
    const verdict = href === '' ? undefined : href
    test(`C1: ${value} (${rules.environment}) is ${verdict === undefined ? 'refused' : `followed as ${href}`}`, () => {
      assert.equal(paymentUrl(value, rules), verdict)
    })
  }

  const refused: readonly (readonly [string, string, PaymentUrlRules])[] = [
    ['C2', 'javascript:alert(1)', production],
    ['C2', 'JaVaScRiPt://app.ipay.com.bd/%0aalert(1)', production],
    ['C2', ' javascript:alert(1)', production],
    ['C2', 'java\tscript:alert(1)', production],
    ['C2', '\u0001javascript:alert(1)', production],
    ['C3', 'data:text/html,<script>alert(1)</script>', production],
    ['C3', 'blob:https://app.ipay.com.bd/1', production],
    ['C3', 'filesystem:https://app.ipay.com.bd/1', production],
    ['C3', 'view-source:https://app.ipay.com.bd/1', production],
    ['C3', 'intent://app.ipay.com.bd/1', production],
    ['C3', 'file:///etc/passwd', production],
    ['C3', 'ftp://app.ipay.com.bd/1', production],
    ['C4', 'http://app.ipay.com.bd/pay/1', production],
    ['C4', 'http://demo.ipay.com.bd/pay/1', sandbox],
    ['C5', 'https://evil-ipay.com.bd/1', production],
    ['C5', 'https://evilipay.com.bd/1', production],
    ['C5', 'https://app.ipay.com.bd.evil.example/1', production],
    ['C5', 'https://evil.example/app.ipay.com.bd', production],
    ['C5', 'https://ipay.com/1', production],
    ['C5', 'https://ipay.com.bd./1', production],
    ['C5', 'https://.ipay.com.bd/1', production],
    ['C5', 'https://pay.example.evil.example/1', listed],
    ['C5', 'https://x.pay.example/1', listed],
    ['C5', 'https://pay.example:9443/1', listed],
    ['C5', 'http://pay.example/1', listed],
    ['C5', 'https://app.ipay.com.bd:8443/1', production],
    ['C5', 'https://demo.ipay.com.bd/1', production],
    ['C5', 'https://app.ipay.com.bd/1', sandbox],
    ['C5', 'https://ipay.com.bd/1', sandbox],
    ['C5', 'https://demo.ipay.com.bd:8443/1', sandbox],
    ['C5', 'https://demo.ipay.com.bd.evil.example/1', sandbox],
    ['C5', 'http://localhost:3001/1', sandbox],
    ['C5', 'http://localhost:3001/1', { ...production, onLoopback: true }],
    ['C5', 'http://localhost.evil.example/1', local],
    ['C5', 'http://notlocalhost/1', local],
    ['C5', 'http://127.0.0.1.evil.example/1', local],
    ['C5', 'http://192.168.0.1/1', local],
    ['C6', 'https://app.ipay.com.bd@evil.example/1', production],
    ['C6', 'app.ipay.com.bd@evil.example/1', production],
    ['C6', 'https://user:pw@app.ipay.com.bd/1', production],
    ['C6', 'https://user@app.ipay.com.bd/1', production],
    ['C6', 'https://@app.ipay.com.bd/1', production],
    ['C6', 'https://:@app.ipay.com.bd/1', production],
    ['C6', 'user@app.ipay.com.bd/1', production],
    ['C7', 'https:/\\app.ipay.com.bd/1', production],
    ['C7', 'https:\\\\app.ipay.com.bd\\1', production],
    ['C7', 'https://app.ipay.com.bd\\@evil.example', production],
    ['C7', 'https:///app.ipay.com.bd/1', production],
    ['C7', 'https:/app.ipay.com.bd/1', production],
    ['C7', 'https:app.ipay.com.bd/1', production],
    ['C7', '//app.ipay.com.bd/1', production],
    ['C7', '/pay/1', production],
    ['C7', 'pay/1', production],
    ['C7', 'https://https://app.ipay.com.bd/1', production],
    ['C7', 'https://', production],
    ['C7', '', production],
    ['C9', 'https://app.іpay.com.bd/1', production],
    ['C9', 'https://app.ipay.com.bd。evil.example/1', production],
    ['C9', 'https://app。ipay。com。bd/1', production],
    ['C9', 'https://ａpp.ipay.com.bd/1', production],
    ['C9', 'https://app.ip\u00aday.com.bd/1', production],
    ['C9', 'https://app.ipay.com.bd/\u202e1', production],
    ['C9', 'https://app.ipay.com.bd/1 2', production],
    ['C9', 'https://app.ipay.com.bd/\n', production],
    ['C9', 'https://app.ipay.com.bd%2eevil.example/1', production],
    ['C9', 'https://app.ipay.com.bd%00.evil.example/1', production],
  ]
  for (const [row, value, rules] of refused) {
    test(`${row}: ${JSON.stringify(value)} (${rules.environment}) is refused`, () => {
      assert.equal(paymentUrl(value, rules), undefined)
    })
  }

  for (const value of [
    null,
    undefined,
    5,
    true,
    {},
    [],
    ['https://app.ipay.com.bd/1'],
    new URL('https://app.ipay.com.bd/1'),
  ]) {
    test(`C12: ${Object.prototype.toString.call(value)} ${String(value)} is refused, whatever it would become as text`, () => {
      assert.equal(paymentUrl(value, production), undefined)
    })
  }

  test('C12: an address of 2,048 characters is followed, a longer one is not', () => {
    const long = (length: number) => `https://app.ipay.com.bd/${'x'.repeat(length - 'https://app.ipay.com.bd/'.length)}`
    assert.equal(paymentUrl(long(2_048), production), long(2_048))
    assert.equal(paymentUrl(long(2_049), production), undefined)
  })

  test('C7: whatever is followed is parsed to the same allowed host by the platform itself', () => {
    const pieces = fc.constantFrom(
      'https:', 'http:', '//', '/', '\\', '@', ':', ':443', ':8443', '.', '?', '#', '%2e', '%40', 'app.ipay.com.bd',
      'demo.ipay.com.bd', 'ipay.com.bd', 'evil.example', 'user', 'localhost', '127.0.0.1', '[::1]', ' ', '\t', 'x', 'ক',
    ) // biome-ignore format: a table
    const texts = fc.array(pieces, { maxLength: 8 }).map((list) => list.join(''))
    fc.assert(
      fc.property(texts, fc.constantFrom(production, sandbox, local), (text, rules) => {
        const verdict = paymentUrl(text, rules)
        if (verdict === undefined) return
        const url = new URL(verdict)
        assert.equal(url.href, verdict)
        assert.equal(url.username + url.password, '')
        const isOwn = url.hostname === 'ipay.com.bd' || url.hostname.endsWith('.ipay.com.bd')
        if (rules.onLoopback && isLoopback(url.hostname)) return
        assert.ok(isOwn && url.protocol === 'https:' && url.port === '', verdict)
        assert.equal(url.hostname === 'demo.ipay.com.bd', rules.environment === 'sandbox')
        if (/^https:/i.test(text)) assert.equal(new URL(text).host, url.host)
      }),
      { numRuns: Number(process.env['RULE_RUNS'] ?? 20_000) },
    )
  })

  test('loopback is localhost, what is below it, 127.0.0.0/8 and ::1, and nothing that looks like it', () => {
    for (const host of ['localhost', 'a.localhost', 'a.b.localhost', '127.0.0.1', '127.255.255.255', '[::1]']) {
      assert.equal(isLoopback(host), true, host)
    }
    for (const host of [
      '',
      'localhost.example',
      'xlocalhost',
      '127.0.0.1.example',
      '1127.0.0.1',
      '127.0.0',
      '127.0.0.1234',
      '::1',
      '[::2]',
      '128.0.0.1',
      'x[::1]',
      '[::1]x',
    ]) {
      assert.equal(isLoopback(host), false, host)
    }
  })
})
