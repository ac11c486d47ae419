import assert from 'node:assert/strict'
import { describe, test } from 'node:test'
import fc from 'fast-check'
import { MAX_BODY_BYTES } from '../../../src/contract/limits.ts'
import { parseMoney } from '../../../src/contract/money.ts'
import { codeOf, ENDPOINT, KEY, openShop } from './shop.ts'

const order = { cart: 'c_81' }
const post = (body: BodyInit, headers: Record<string, string> = {}) =>
  new Request(ENDPOINT, {
    method: 'POST',
    headers: { 'Content-Type': 'application/json', 'Idempotency-Key': KEY, ...headers },
    body,
  })

/** A valid body of exactly this many bytes. */
const bodyOf = (bytes: number) => `{"order":"${'x'.repeat(bytes - '{"order":""}'.length)}"}`

describe('the type of a body', () => {
  for (const type of ['application/json', 'Application/JSON; charset=utf-8', 'application/json;charset="UTF-8"']) {
    test(`${type} is read`, async () => {
      assert.equal((await openShop().open({ order }, { 'Content-Type': type })).status, 201)
    })
  }

  for (const type of [
    '',
    'text/plain',
    'text/json',
    'application/merge-patch+json',
    'multipart/form-data; boundary=x',
    'application/json; charset=utf-16',
    'application/json, text/plain',
  ]) {
    test(`"${type}" is 415`, async () => {
      const shop = openShop()
      assert.equal(await codeOf(await shop.open({ order }, { 'Content-Type': type })), 'unsupported-type')
      assert.equal(shop.opened.length, 0)
    })
  }

  test('a compressed body is 415, so that none can grow in our hands', async () => {
    assert.equal(await codeOf(await openShop().open({ order }, { 'Content-Encoding': 'gzip' })), 'unsupported-type')
  })
})

describe('H11: the size of a body', () => {
  test('65,536 bytes pass, one more is 413', async () => {
    const shop = openShop()
    assert.equal((await shop.open(bodyOf(MAX_BODY_BYTES))).status, 201)
    assert.equal(await codeOf(await shop.open(bodyOf(MAX_BODY_BYTES + 1))), 'too-large')
    assert.equal(shop.opened.length, 1)
  })

  test('bytes count, not characters', async () => {
    const bangla = `{"order":"${'ক'.repeat(21_842)}"}`
    assert.ok(bangla.length < MAX_BODY_BYTES && new TextEncoder().encode(bangla).length > MAX_BODY_BYTES)
    assert.equal(await codeOf(await openShop().open(bangla)), 'too-large')
  })

  test('a length that lies low does not let more through, and an endless body is left after the limit', async () => {
    let pulled = 0
    let cancelled = false
    const endless = new ReadableStream<Uint8Array>({
      pull(controller) {
        pulled += 1
        controller.enqueue(new Uint8Array(16_384))
      },
      cancel() {
        cancelled = true
      },
    })
    const request = new Request(ENDPOINT, {
      method: 'POST',
      headers: { 'Content-Type': 'application/json', 'Content-Length': '10', 'Idempotency-Key': KEY },
      body: endless,
      duplex: 'half',
    } as RequestInit)
    assert.equal(await codeOf(await openShop().http(request)), 'too-large')
    assert.ok(pulled <= 7, `${pulled} chunks were read`)
    assert.ok(cancelled)
  })

  test('a declared gigabyte is refused before a byte is read', async () => {
    const never = new ReadableStream<Uint8Array>({ pull: () => assert.fail('the body was read') }, { highWaterMark: 0 })
    const request = new Request(ENDPOINT, {
      method: 'POST',
      headers: { 'Content-Type': 'application/json', 'Content-Length': '1000000000', 'Idempotency-Key': KEY },
      body: never,
      duplex: 'half',
    } as RequestInit)
    assert.equal(await codeOf(await openShop().http(request)), 'too-large')
  })
})

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
    assert.equal(input?.returnTo, '/')
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
      assert.equal(shop.opened[0]?.returnTo, '/home')
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
    assert.deepEqual(input, { order, shown: null, returnTo: '/', lang: null, key: KEY })
  })
})

describe('the key', () => {
  for (const key of ['short', 'x'.repeat(65), 'with space', 'semi;colon', 'ключ-ключ'.replace(/[^-]/g, '%'), '']) {
    test(`"${key.slice(0, 12)}" (${key.length}) is 400`, async () => {
      assert.equal(await codeOf(await openShop().open({ order }, { 'Idempotency-Key': key })), 'invalid-request')
    })
  }

  test('a missing one is 400, 8 and 64 characters pass', async () => {
    const shop = openShop()
    const headers = { 'Content-Type': 'application/json' }
    const answer = await shop.send('', { method: 'POST', headers, body: '{"order":1}' })
    assert.equal(await codeOf(answer), 'invalid-request')
    for (const length of [8, 64]) {
      assert.equal((await shop.open({ order }, { 'Idempotency-Key': '_-aA9'.padEnd(length, 'x') })).status, 201)
    }
  })
})

describe('H1: the shown amount (OWASP ASVS 5.0, 15.3.5)', () => {
  const shown = (amount: unknown, currency: unknown = 'BDT') => openShop().open({ order, shown: { amount, currency } })

  for (const amount of [
    0.30000000000000004,
    100,
    1e21,
    null,
    true,
    [5],
    {},
    '',
    '0.1.0',
    '100.234',
    '-1',
    '-0',
    '+1',
    'NaN',
    'Infinity',
    '1e3',
    '0x10',
    ' 12 ',
    '12 ',
    '1,000',
    '১০০',
    '٣',
    '01',
    '.5',
    '5.',
    '1'.repeat(16),
    '9'.repeat(14) + '.00',
    '1_000',
    '1\u200b',
  ]) {
    test(`${JSON.stringify(amount)} is 400`, async () => {
      assert.equal(await codeOf(await shown(amount)), 'invalid-request')
    })
  }

  for (const currency of ['bdt', 'BD', 'BDTT', '', null, 5, '__proto__']) {
    test(`a currency of ${JSON.stringify(currency)} is 400`, async () => {
      assert.equal(await codeOf(await shown('1.00', currency)), 'invalid-request')
    })
  }

  test('decimals follow the currency', async () => {
    assert.equal((await shown('1.000', 'KWD')).status, 201)
    assert.equal(await codeOf(await shown('1.0', 'JPY')), 'invalid-request')
    assert.equal((await shown('0', 'BDT')).status, 201)
  })

  test('every text is either the exact amount or 400', async () => {
    const amounts = fc.oneof(
      fc.string(),
      fc.stringMatching(/^[0-9]{0,12}\.?[0-9]{0,3}$/),
      fc.double().map(String),
      fc.tuple(fc.nat(), fc.nat({ max: 99 })).map(([taka, poisha]) => `${taka}.${String(poisha).padStart(2, '0')}`),
    )
    await fc.assert(
      fc.asyncProperty(amounts, async (amount) => {
        const shop = openShop()
        const answer = await shop.open({ order, shown: { amount, currency: 'BDT' } })
        const expected = parseMoney(amount, 'BDT')
        assert.equal(answer.status, expected ? 201 : 400)
        assert.deepEqual(shop.opened[0]?.shown ?? undefined, expected)
      }),
      { numRuns: 1_000 },
    )
  })
})

describe('properties', () => {
  test('no body of any kind makes a 5xx', async () => {
    const bodies = fc.oneof(
      fc.string({ unit: 'binary' }),
      fc.uint8Array(),
      fc.json(),
      fc.jsonValue().map((value) => JSON.stringify({ order: value, shown: value, returnTo: value, lang: value })),
      fc.record({ order: fc.anything(), returnTo: fc.string(), lang: fc.string() }).map((value) => {
        try {
          return JSON.stringify(value) ?? ''
        } catch {
          return '{}'
        }
      }),
    )
    const types = fc.constantFrom(
      'application/json',
      'application/x-www-form-urlencoded',
      'text/plain',
      'application/json;',
    )
    await fc.assert(
      fc.asyncProperty(bodies, types, async (body, type) => {
        const answer = await openShop().http(post(body as BodyInit, { 'Content-Type': type }))
        assert.ok(answer.status < 500, `${answer.status}`)
      }),
      { numRuns: 1_500 },
    )
  })

  test('every JSON value arrives as the order it was', async () => {
    await fc.assert(
      fc.asyncProperty(fc.jsonValue({ maxDepth: 5 }), async (value) => {
        const text = JSON.stringify(value)
        fc.pre(!/"__proto__"|"constructor"/.test(text))
        const shop = openShop()
        assert.equal((await shop.open(`{"order":${text}}`)).status, 201)
        assert.equal(JSON.stringify(shop.opened[0]?.order), text)
      }),
      { numRuns: 1_000 },
    )
  })
})
