import assert from 'node:assert/strict'
import { describe, test } from 'node:test'
import { bdt } from '../../../src/contract/money.ts'
import {
  createPayments,
  createTelemetry,
  ipayGateway,
  ipayPaymentsGateway,
  openStore,
  type PaymentsOptions,
  systemClock,
} from '../../../src/server/index.ts'
import { memoryStore } from '../../simulation/memory-store.ts'
import { polluted } from '../../support/polluted.ts'

/** A kit with one option that matters here; throws as `createPayments` does. */
const kit = (options: Partial<PaymentsOptions>, environment: 'sandbox' | 'production' = 'production') =>
  createPayments({
    gateway: ipayGateway({ environment, apiKey: 'key' }),
    store: memoryStore(),
    endpoint: new URL('https://shop.example/ipay/orders'),
    price: () => ({ purchaseId: 'c_1', amount: bdt('10.00'), description: 'A mug' }),
    onPaid: () => {},
    ...options,
  })

describe('the options of the kit', () => {
  test('in production an endpoint without TLS is refused, but for this machine', () => {
    const endpoint = new URL('http://shop.example/ipay/orders')
    assert.throws(() => kit({ endpoint }), { name: 'TypeError', message: /^endpoint must be an https address/ })
    assert.ok(kit({ endpoint }, 'sandbox'))
    assert.ok(kit({ endpoint: new URL('http://localhost:3000/ipay/orders') }))
  })

  test('an endpoint with a user, a query or another scheme is refused', () => {
    for (const text of ['https://a:b@shop.example/', 'https://shop.example/?a=1', 'ftp://shop.example/'])
      assert.throws(() => kit({ endpoint: new URL(text) }), { name: 'TypeError', message: /^endpoint/ })
    assert.throws(() => kit({ endpoint: new URL(`https://shop.example/${'x'.repeat(500)}`) }), /^TypeError: endpoint/)
  })

  test('a payment host that is a pattern, an address or empty is refused, for it would never match', () => {
    for (const host of ['*.example.com', '*', 'https://pay.example', 'pay.example/path', 'a@pay.example', '', ' '])
      assert.throws(() => kit({ paymentHosts: [host] }), { name: 'TypeError', message: /^paymentHosts/ })
    assert.ok(kit({ paymentHosts: ['Pay.Example', 'pay.example:8443', '127.0.0.1:3001', '[::1]:3001'] }))
  })

  test('a limit of opens that is no whole number from 0 is refused', () => {
    for (const opensPerMinute of [Number.NaN, -1, 0.5, Infinity])
      assert.throws(() => kit({ opensPerMinute }), { name: 'TypeError', message: /^opensPerMinute/ })
    assert.ok(kit({ opensPerMinute: 0 }))
  })

  /** What JavaScript can give, whatever the types say. */
  const given = (options: Readonly<Record<string, unknown>>) => kit(options as Partial<PaymentsOptions>)

  test('a handler or a price that is missing, as under a misspelled name, stops the start: a paid order would never ship', () => {
    assert.throws(() => given({ onPaid: undefined, onPayed() {} }), {
      name: 'TypeError',
      message: /^onPaid must be a f/,
    })
    assert.throws(() => given({ price: undefined }), { name: 'TypeError', message: /^price must be a function/ })
    assert.throws(() => given({ price: 10 }), { name: 'TypeError', message: /^price must be a function/ })
  })

  test('an option that is no such thing stops the start with its name and what to give', () => {
    for (const [option, values, message] of [
      ['store', [openStore('file::memory:')], /^store: await openStore\(…\)/],
      ['store', [undefined, null, 'file:shop.db', { transaction() {} }], /^store must be .* await openStore\(…\)$/],
      ['gateway', [undefined, null, 'ipay', ipayGateway, { name: 'mine' }], /^gateway must be .*ipayGateway/],
      ['endpoint', [undefined, 'https://shop.example/ipay/orders', {}], /^endpoint must be a URL: new URL\(/],
      ['telemetry', [console, null, { log() {} }], /^telemetry must have .*createTelemetry\(\)/],
      ['clock', [Date, { now: Date.now }], /^clock must have .*systemClock\(\)/],
      ['allowedOrigins', ['https://pages.example'], /^allowedOrigins must be a list/],
      ['paymentHosts', ['pay.example'], /^paymentHosts must be a list/],
    ] as const)
      for (const value of values) assert.throws(() => given({ [option]: value }), { name: 'TypeError', message })
  })

  test('telemetry, clock and gateway may be instances of a class, whose functions are not their own', () => {
    class Counting {
      log() {}
      alarm() {}
      count() {}
      observe() {}
    }
    assert.ok(kit({ telemetry: new Counting(), clock: Object.create(systemClock()) }))
  })

  test('H10: a polluted Object.prototype gives the kit no option, and a request no address', async () => {
    const members = {
      allowedOrigins: ['https://evil.example'],
      paymentHosts: ['evil.example'],
      opensPerMinute: 7,
      returnTo: 'https://evil.example/',
      clientAddress: '192.0.2.1',
    }
    const { allowed, statuses } = await polluted(members, async () => {
      const { fetch } = kit({ telemetry: createTelemetry({ stream: { write() {} } }) })
      const ask = (headers: Readonly<Record<string, string>>) =>
        fetch(new Request('https://shop.example/ipay/orders', { method: 'POST', headers, body: '{}' }), {})
      const { headers } = await ask({ origin: 'https://evil.example', 'content-type': 'application/json' })
      const statuses = new Set<number>()
      // More than one address may ask in a minute.
      for (let n = 0; n < 1_300; n++) statuses.add((await ask({ 'content-type': 'application/json' })).status)
      return { allowed: headers.get('access-control-allow-origin'), statuses: [...statuses] }
    })
    assert.equal(allowed, null)
    assert.deepEqual(statuses, [400])
  })

  test('a function that gives a webhook secret is not asked at start, when its vault may not be there yet', () => {
    const auth = { kind: 'basic', apiKey: 'key', apiSecret: 'secret' } as const
    const webhookSecret = () => assert.fail('it was asked')
    assert.ok(kit({ gateway: ipayPaymentsGateway({ environment: 'sandbox', auth, webhookSecret }) }))
  })
})
