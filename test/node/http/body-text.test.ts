import assert from 'node:assert/strict'
import { describe, test } from 'node:test'
import { codeOf, KEY, openShop, post } from './shop.ts'

const order = { cart: 'c_81' }

describe('the text of a body', () => {
  for (const [what, body] of [
    ['nothing', ''],
    ['half of JSON', '{"order":'],
    ['a list', '[1]'],
    ['null', 'null'],
    ['text', '"order"'],
    ['no order', '{"cart":"c_81"}'],
    ['a number beyond all', '{"order":1e999}'],
    ['two values', '{"order":1}{"order":2}'],
    ['a comment', '{"order":1/* */}'],
    ['a language of 36 characters', JSON.stringify({ order, lang: 'x'.repeat(36) })],
    ['a language that is a number', JSON.stringify({ order, lang: 5 })],
    ['a place to return to that is none', JSON.stringify({ order, returnTo: [] })],
  ] as const) {
    test(`${what} is 400`, async () => {
      const shop = openShop()
      assert.equal(await codeOf(await shop.open(body)), 'invalid-request')
      assert.equal(shop.opened.length, 0)
    })
  }

  test('bytes that are not UTF-8 are 400, a byte order mark is accepted', async () => {
    const shop = openShop()
    assert.equal(await codeOf(await shop.http(post(Buffer.from('{"order":"\xff"}', 'latin1')))), 'invalid-request')
    assert.equal((await shop.http(post('\ufeff{"order":1}'))).status, 201)
  })

  test('H11: deep nesting is 400 before anything recurses into it, 64 levels pass', async () => {
    const shop = openShop()
    const nested = (levels: number) => `{"order":${'['.repeat(levels - 1)}${']'.repeat(levels - 1)}}`
    assert.equal((await shop.open(nested(64))).status, 201)
    assert.equal(await codeOf(await shop.open(nested(65))), 'invalid-request')
    for (const bomb of ['[', '{"a":', '[[']) {
      assert.equal(await codeOf(await shop.open(`{"order":${bomb.repeat(60_000 / bomb.length)}`)), 'invalid-request')
    }
  })

  test('brackets inside of texts are not nesting', async () => {
    assert.equal((await openShop().open({ order: `"${'['.repeat(200)}` })).status, 201)
    assert.equal((await openShop().open({ order: `\\${'{'.repeat(200)}` })).status, 201)
  })

  test('of members with the same name the last one counts', async () => {
    const shop = openShop()
    await shop.open('{"order":{"cart":"a","cart":"b"},"order":{"cart":"c","cart":"d"}}')
    assert.deepEqual(shop.opened[0]?.order, { cart: 'd' })
  })

  test('H10: names that reach a prototype are dropped, and nothing is merged (OWASP ASVS 5.0, 15.3.6)', async () => {
    const shop = openShop()
    await shop.open(
      '{"order":{"__proto__":{"admin":true},"constructor":{"prototype":{"admin":true}},"a":[{"__proto__":1}],"b":1},"__proto__":{"returnTo":"//evil.example"}}',
    )
    const input = shop.opened[0]
    assert.deepEqual(input?.order, { a: [{}], b: 1 })
    assert.equal(input?.returnTo, null)
    assert.equal(Object.hasOwn(Object.prototype, 'admin'), false)
    assert.equal(({} as Record<string, unknown>)['admin'], undefined)
  })

  test('H10: an Object.prototype that is already polluted adds nothing to a request', async () => {
    const polluted = {
      returnTo: '/polluted',
      shown: { amount: '1.00', currency: 'BDT' },
      order: 'polluted',
      currency: 'USD',
    }
    for (const [name, value] of Object.entries(polluted)) {
      Object.defineProperty(Object.prototype, name, { value, configurable: true, enumerable: false, writable: true })
    }
    try {
      const shop = openShop({ returnTo: '/home' })
      assert.equal((await shop.open('{"order":{"cart":1}}')).status, 201)
      assert.deepEqual([shop.opened[0]?.returnTo, shop.opened[0]?.home], [null, '/home'])
      assert.equal(shop.opened[0]?.shown, null)
      assert.equal(await codeOf(await shop.open('{"lang":"bn"}')), 'invalid-request')
      assert.equal(await codeOf(await shop.open('{"order":1,"shown":{"amount":"5.00"}}')), 'invalid-request')
    } finally {
      for (const name of Object.keys(polluted)) Reflect.deleteProperty(Object.prototype, name)
    }
  })

  test('F14: amount, currency, callback, reference and paid of a browser never get anywhere (OWASP ASVS 5.0, 2.2.2 and 15.3.3)', async () => {
    const shop = openShop()
    await shop.open({
      order,
      amount: '1.00',
      currency: 'USD',
      callback: 'https://evil.example',
      reference: 'mine',
      paid: true,
      state: 'paid',
      token: 'x',
      price: 1,
      key: 'another-key',
    })
    const { request: _request, beforeNew: _beforeNew, ...input } = shop.opened[0] ?? assert.fail('nothing was opened')
    assert.deepEqual(input, { order, shown: null, returnTo: null, home: '/', lang: null, key: KEY })
  })
})
