import assert from 'node:assert/strict'
import { describe, test } from 'node:test'
import fc from 'fast-check'
import { readOrigins } from '../../../src/server/http/origins.ts'
import { checkReturnTo, withToken } from '../../../src/server/http/return-to.ts'
import { codeOf, FRIEND, ORIGIN, openShop, TOKEN } from './shop.ts'

const origins = readOrigins(new URL(`${ORIGIN}/ipay/orders`), [FRIEND])

describe('where a buyer may be sent back to', () => {
  for (const place of ['/', '/thanks', '/a?b=c#d', '/?q=//x', '/.//x', `${ORIGIN}/x`, `${FRIEND}`, `${FRIEND}/p?q`]) {
    test(`${place} is accepted`, () => {
      assert.notEqual(checkReturnTo(place, origins), undefined)
    })
  }

  for (const place of [
    '',
    'thanks',
    '//evil.example',
    '/\\evil.example',
    '\\\\evil.example',
    '/\t/evil.example',
    '\n//evil.example',
    '/x\r\nSet-Cookie: a=b',
    '/x\u0000',
    'https://evil.example/',
    'https:/evil.example',
    'https:evil.example',
    'https:///evil.example',
    'https:\\\\evil.example',
    `${ORIGIN}.evil.example/`,
    `${ORIGIN}:8443/`,
    'https://shop.example@evil.example/',
    'https://user:pass@shop.example/',
    'http://shop.example/',
    'javascript:alert(1)',
    'data:text/html,x',
    'blob:https://shop.example/1',
    `blob:${ORIGIN}/x`,
  ]) {
    test(`${JSON.stringify(place)} is 400 (OWASP ASVS 5.0, 3.7.2 and 1.2.2)`, async () => {
      const shop = openShop()
      assert.equal(checkReturnTo(place, origins), undefined)
      assert.equal(await codeOf(await shop.open({ order: 1, returnTo: place })), 'invalid-request')
      assert.equal(shop.opened.length, 0)
    })
  }

  test('no address of a request is ever fetched (OWASP ASVS 5.0, 1.3.6)', async (t) => {
    const fetched = t.mock.method(globalThis, 'fetch', () => Promise.reject(new Error('fetched')))
    const shop = openShop()
    const place = `${FRIEND}/x`
    const order = { callback: 'http://169.254.169.254/', image: 'http://127.0.0.1:1/' }
    await shop.open({ order, returnTo: place, webhook: place }, { Referer: place })
    await shop.form('callback=http://169.254.169.254/', { Referer: place })
    await shop.send(`/${TOKEN}/return/success?next=http://169.254.169.254/`)
    assert.equal(shop.opened.length, 2)
    assert.equal(fetched.mock.callCount(), 0)
  })

  test('an address reaches the payments as it was parsed, a path as it was written', async () => {
    const shop = openShop()
    for (const returnTo of ['HTTPS://PAGES.example', '/a/../b?q=ক']) await shop.open({ order: 1, returnTo })
    assert.deepEqual(
      shop.opened.map(({ returnTo }) => returnTo),
      [`${FRIEND}/`, '/a/../b?q=ক'],
    )
  })

  test('whatever is accepted leads to one of our origins, whoever parses it (OWASP ASVS 5.0, 1.5.3)', () => {
    const parts = fc.constantFrom(
      '/',
      '\\',
      '//',
      '.',
      '..',
      '@',
      ':',
      '?',
      '#',
      '%2f',
      'evil.example',
      ORIGIN,
      FRIEND,
      'https:',
      'ipay=x',
      '&',
      '\t',
      'ক',
    )
    fc.assert(
      fc.property(
        fc.oneof(
          fc.array(parts, { maxLength: 8 }).map((all) => all.join('')),
          fc.webUrl(),
          fc.string(),
        ),
        (place) => {
          if (checkReturnTo(place, origins) === undefined) return
          const location = withToken(place, TOKEN, origins)
          // Read without a base, and with a base elsewhere: nobody can read another host out of it.
          assert.ok([ORIGIN, FRIEND].includes(new URL(location).origin), location)
          assert.equal(new URL(location, 'https://elsewhere.example/a/').href, location)
          assert.deepEqual(new URL(location).searchParams.getAll('ipay'), [TOKEN])
        },
      ),
      { numRuns: 5_000 },
    )
  })
})

describe('the token in the address', () => {
  for (const [place, expected] of [
    ['/thanks', `${ORIGIN}/thanks?ipay=${TOKEN}`],
    ['/thanks?a=%20b&flag&c=ক#top', `${ORIGIN}/thanks?a=%20b&flag&c=%E0%A6%95&ipay=${TOKEN}#top`],
    ['/thanks?ipay=old&a=1&ipay=older', `${ORIGIN}/thanks?a=1&ipay=${TOKEN}`],
    ['/thanks?%69pay=old', `${ORIGIN}/thanks?ipay=${TOKEN}`],
    ['/.//evil.example', `${ORIGIN}//evil.example?ipay=${TOKEN}`],
    [`${FRIEND}/p?q#h`, `${FRIEND}/p?q&ipay=${TOKEN}#h`],
  ] as const) {
    test(`${place} keeps its query and hash`, () => {
      assert.equal(withToken(place, TOKEN, origins), expected)
    })
  }

  test('a stored place that is no longer allowed is not followed', () => {
    assert.throws(() => withToken('https://gone.example/', TOKEN, origins), RangeError)
  })
})
