import assert from 'node:assert/strict'
import { describe, test } from 'node:test'
import { codeOf, FRIEND, ORIGIN, openShop, TOKEN } from './shop.ts'

const order = { cart: 'c_81' }
const EVIL = 'https://evil.example'

/** Headers of a request, and whether the endpoint takes it. */
const CASES: readonly [what: string, headers: Record<string, string>, taken: boolean][] = [
  ['a program, which sends neither', {}, true],
  ['our own page', { Origin: ORIGIN, 'Sec-Fetch-Site': 'same-origin' }, true],
  ['our own page in an old browser', { Origin: ORIGIN }, true],
  ['our own page without an Origin', { 'Sec-Fetch-Site': 'same-origin' }, true],
  ['an address that was typed', { 'Sec-Fetch-Site': 'none' }, true],
  ['an allowed page', { Origin: FRIEND, 'Sec-Fetch-Site': 'cross-site' }, true],
  ['an allowed page in an old browser', { Origin: FRIEND }, true],
  ['another site', { Origin: EVIL, 'Sec-Fetch-Site': 'cross-site' }, false],
  ['another site in an old browser', { Origin: EVIL }, false],
  ['another site without an Origin', { 'Sec-Fetch-Site': 'cross-site' }, false],
  ['a sibling host', { 'Sec-Fetch-Site': 'same-site' }, false],
  ['a sibling host by name', { Origin: 'https://blog.shop.example', 'Sec-Fetch-Site': 'same-site' }, false],
  ['a page without an origin', { Origin: 'null' }, false],
  ['our host on another port', { Origin: `${ORIGIN}:8443` }, false],
  ['our host over http', { Origin: 'http://shop.example' }, false],
  ['a host that begins like ours', { Origin: `${ORIGIN}.evil.example` }, false],
  ['our name as a claim against the browser', { Origin: ORIGIN, 'Sec-Fetch-Site': 'cross-site' }, false],
]

describe('H9: who may ask (OWASP ASVS 5.0, 3.5.1 and 3.5.2)', () => {
  for (const [what, headers, taken] of CASES) {
    test(`${what} is ${taken ? 'let through' : 'refused'}`, async () => {
      const shop = openShop()
      const json = await shop.open({ order }, headers)
      const form = await shop.form('cart=c_81', headers)
      const status = await shop.send(`/${TOKEN}`, { headers })
      assert.deepEqual([json.status, form.status, status.status], taken ? [201, 303, 200] : [403, 403, 403])
      assert.equal(shop.opened.length, taken ? 2 : 0)
      if (!taken) assert.equal(await codeOf(json), 'cross-site')
    })
  }

  test('a no-cors post of text is not read as JSON (OWASP ASVS 5.0, 3.5.2)', async () => {
    const answer = await openShop().open({ order }, { 'Content-Type': 'text/plain' })
    assert.equal(answer.status, 415)
  })

  test('a GET changes nothing (OWASP ASVS 5.0, 3.5.3)', async () => {
    const shop = openShop()
    for (const path of ['', '?order=%7B%7D', `/${TOKEN}`]) await shop.send(path)
    assert.equal(shop.opened.length, 0)
  })

  test('the way back from the gateway is cross-site by nature and never refused', async () => {
    const headers = { 'Sec-Fetch-Site': 'cross-site', 'Sec-Fetch-Mode': 'navigate', Origin: 'null' }
    const answer = await openShop().send(`/${TOKEN}/return/success`, { headers })
    assert.equal(answer.status, 303)
  })
})

describe('CORS', () => {
  const allowOf = (answer: Response) => answer.headers.get('access-control-allow-origin')

  test('an allowed page reads answers, errors and Retry-After', async () => {
    const shop = openShop()
    const answers = [
      await shop.open({ order }, { Origin: FRIEND }),
      await shop.open('nonsense', { Origin: FRIEND }),
      await shop.send(`/${TOKEN}`, { headers: { Origin: FRIEND } }),
      await shop.send(`/${'x'.repeat(22)}`, { headers: { Origin: FRIEND } }),
      await shop.send('', { method: 'PUT', headers: { Origin: FRIEND } }),
    ]
    for (const { headers } of answers) {
      assert.equal(headers.get('access-control-allow-origin'), FRIEND)
      assert.equal(headers.get('access-control-allow-credentials'), 'true')
      assert.match(headers.get('access-control-expose-headers') ?? '', /Retry-After/)
      assert.match(headers.get('vary') ?? '', /Origin/)
      assert.equal(headers.get('cross-origin-resource-policy'), 'cross-origin')
    }
  })

  test('nobody else is named, and caches are told that it depends', async () => {
    const shop = openShop()
    for (const headers of [{}, { Origin: EVIL }, { Origin: 'null' }, { Origin: ORIGIN }]) {
      for (const answer of [await shop.open({ order }, headers), await shop.send(`/${TOKEN}`, { headers })]) {
        assert.equal(allowOf(answer), null)
        assert.match(answer.headers.get('vary') ?? '', /Origin/)
        assert.equal(answer.headers.get('cross-origin-resource-policy'), 'same-origin')
      }
    }
  })

  test('a preflight of an allowed page allows its method and headers, by name', async () => {
    const answer = await openShop().send('', {
      method: 'OPTIONS',
      headers: {
        Origin: FRIEND,
        'Sec-Fetch-Site': 'cross-site',
        'Access-Control-Request-Method': 'POST',
        'Access-Control-Request-Headers': 'content-type,idempotency-key, X-CSRF-Token, *',
      },
    })
    assert.equal(answer.status, 204)
    assert.equal(allowOf(answer), FRIEND)
    assert.equal(answer.headers.get('access-control-allow-headers'), 'content-type, idempotency-key, x-csrf-token')
    assert.match(answer.headers.get('access-control-allow-methods') ?? '', /POST/)
  })

  test('a preflight of anybody else is refused', async () => {
    const headers = { Origin: EVIL, 'Access-Control-Request-Method': 'POST' }
    const answer = await openShop().send('', { method: 'OPTIONS', headers })
    assert.equal(await codeOf(answer), 'cross-site')
    assert.equal(allowOf(answer), null)
  })

  for (const origin of [
    '*',
    'null',
    'shop.example',
    'https://shop.example/path',
    'file:///x',
    'https://u@shop.example',
  ]) {
    test(`the setting "${origin}" is refused at start`, () => {
      assert.throws(() => openShop({ allowedOrigins: [origin] }), TypeError)
    })
  }

  test('a setting with a trailing slash is accepted', async () => {
    const shop = openShop({ allowedOrigins: ['https://other.example/'] })
    assert.equal((await shop.open({ order }, { Origin: 'https://other.example' })).status, 201)
  })

  test('a default place to return to that is elsewhere is refused at start', () => {
    assert.throws(() => openShop({ returnTo: 'https://evil.example/' }), TypeError)
  })
})
