import assert from 'node:assert/strict'
import { describe, test } from 'node:test'
import { bdt } from '../../../src/contract/money.ts'
import { createPayments, ipayGateway, type PaymentsOptions } from '../../../src/server/index.ts'
import { memoryStore } from '../../simulation/memory-store.ts'

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
})
