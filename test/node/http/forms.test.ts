import assert from 'node:assert/strict'
import { describe, test } from 'node:test'
import { ProblemError } from '../../../src/server/problem-error.ts'
import { codeOf, ORIGIN, openShop, reply, TOKEN } from './shop.ts'

const refusing = (error: unknown) => openShop({ payments: { open: () => Promise.reject(error) }, returnTo: '/basket' })

describe('a plain form', () => {
  test('needs no key and is answered with 303 to the payment page', async () => {
    const shop = openShop({ returnTo: '/thanks' })
    const answer = await shop.form('cart=c_81&items=%5B%7B%22sku%22%3A%22mug%22%2C%22quantity%22%3A2%7D%5D', {
      'Accept-Language': 'bn-BD,bn;q=0.9,en;q=0.8',
    })
    assert.equal(answer.status, 303)
    assert.equal(answer.headers.get('location'), reply.paymentUrl)
    const input = shop.opened[0]
    assert.deepEqual(input?.order, { cart: 'c_81', items: [{ sku: 'mug', quantity: 2 }] })
    assert.deepEqual([input?.key, input?.shown, input?.returnTo, input?.lang], [null, null, null, 'bn'])
  })

  test('every field is a member of the order, whatever its name', async () => {
    const shop = openShop()
    await shop.form('returnTo=%2F%2Fevil.example&shown=1&lang=bn&amount=1.00&__proto__=x&constructor=Acme')
    const { order, returnTo, home, shown } = shop.opened[0] ?? assert.fail('nothing was opened')
    assert.deepEqual(order, { returnTo: '//evil.example', shown: '1', lang: 'bn', amount: '1.00', constructor: 'Acme' })
    assert.deepEqual([returnTo, home], [null, '/'])
    assert.equal(shown, null)
  })

  test('H10: a field called __proto__ becomes nobody’s prototype', async () => {
    const shop = openShop()
    await shop.form('a=1&__proto__={"admin":true}')
    assert.deepEqual(Object.getPrototypeOf(shop.opened[0]?.order), Object.prototype)
  })

  for (const [text, value] of [
    ['12', '12'],
    ['true', 'true'],
    ['{"a":1}', { a: 1 }],
    ['[1,"x"]', [1, 'x']],
    ['[gift] a mug', '[gift] a mug'],
    ['{', '{'],
    ['a+b', 'a b'],
    ['%E0%A6%95', 'ক'],
    ['100%', '100%'],
    ['{"__proto__":{"x":1},"a":1}', { a: 1 }],
  ] as const) {
    test(`the field ${text} is read as ${JSON.stringify(value)}`, async () => {
      const shop = openShop()
      await shop.form(`a=first&a=${text}`)
      assert.deepEqual(shop.opened[0]?.order, { a: value })
    })
  }

  const paid = new ProblemError('already-paid', undefined, { token: TOKEN })

  test('nothing to pay leads to the place that the payment was opened from, with the token', async () => {
    const answer = await refusing(paid).form('cart=c_81')
    assert.equal(answer.status, 303)
    assert.equal(answer.headers.get('location'), `${ORIGIN}/thanks?ipay=${TOKEN}`)
  })

  test('nothing to pay, and a place that is no longer allowed or not known: home (OWASP ASVS 5.0, 3.7.2)', async () => {
    for (const place of ['https://evil.example/', '//evil.example', undefined]) {
      const payments = { open: () => Promise.reject(paid), returnTo: async () => place }
      const answer = await openShop({ payments, returnTo: '/basket' }).form('cart=c_81')
      assert.deepEqual([answer.status, answer.headers.get('location')], [303, `${ORIGIN}/basket?ipay=${TOKEN}`])
    }
  })

  test('a payment address that is none is not followed (OWASP ASVS 5.0, 1.2.2)', async () => {
    for (const paymentUrl of [
      'javascript:alert(1)',
      'http://app.ipay.com.bd/',
      '/path',
      'https://a@app.ipay.com.bd/',
    ]) {
      const shop = openShop({ payments: { open: async () => ({ created: true, reply: { ...reply, paymentUrl } }) } })
      const answer = await shop.form('cart=c_81')
      assert.equal(answer.status, 500)
      assert.equal(answer.headers.get('location'), null)
    }
  })

  test('on loopback the simulator may be followed over http', async () => {
    const paymentUrl = 'http://localhost:3001/pay/1'
    const shop = openShop({ payments: { open: async () => ({ created: true, reply: { ...reply, paymentUrl } }) } })
    assert.equal((await shop.form('cart=c_81')).headers.get('location'), paymentUrl)
  })

  for (const [what, fields] of [
    ['broken UTF-8', 'a=%FF'],
    ['a deep list', `a=${'['.repeat(100)}`],
  ] as const) {
    test(`${what} is a page with 400`, async () => {
      const answer = await openShop().form(fields)
      assert.equal(answer.status, 400)
      assert.match(answer.headers.get('content-type') ?? '', /text\/html/)
    })
  }
})

describe('the page for people', () => {
  const referer = { Referer: `${ORIGIN}/cart?x=1` }

  test('says in plain words what happened, with the right status and a way back', async () => {
    const shop = refusing(new ProblemError('gateway-unavailable', 'ECONNREFUSED 10.0.0.7', { retryAfter: 7 }))
    const answer = await shop.form('cart=c_81', referer)
    assert.equal(answer.status, 503)
    assert.equal(answer.headers.get('retry-after'), '7')
    assert.equal(answer.headers.get('content-type'), 'text/html; charset=utf-8')
    const text = await answer.text()
    assert.match(text, /<html lang="en">/)
    assert.match(text, /The payment could not be started/)
    assert.match(text, /href="https:\/\/shop\.example\/cart\?x=1"/)
    assert.match(text, /urn:uuid:/)
    assert.doesNotMatch(text, /ECONNREFUSED|gateway-unavailable/)
  })

  test('speaks Bangla to those who ask for it', async () => {
    const shop = refusing(new ProblemError('order-refused', 'no mugs'))
    const text = await (await shop.form('cart=c_81', { 'Accept-Language': 'bn' })).text()
    assert.match(text, /<html lang="bn">/)
    assert.match(text, /দোকান এই অর্ডারটি নিতে পারছে না/)
  })

  for (const from of ['https://evil.example/', 'javascript:alert(1)', '"><script>alert(1)</script>', '']) {
    test(`a way back to ${from || 'nowhere'} is the shop's front door instead`, async () => {
      const shop = refusing(new ProblemError('order-refused'))
      const text = await (await shop.form('cart=c_81', { Referer: from })).text()
      assert.match(text, /<a href="https:\/\/shop\.example\/">/)
      assert.doesNotMatch(text, /script/)
    })
  }

  test('what stands in the address of the shop is escaped (OWASP ASVS 5.0, 1.2.1)', async () => {
    const shop = refusing(new ProblemError('order-refused'))
    const text = await (await shop.form('cart=1', { Referer: `${ORIGIN}/?a="'<b>&c='` })).text()
    assert.match(text, /href="https:\/\/shop\.example\/\?a=%22%27%3Cb%3E&amp;c=%27"/)
  })

  test('its policy allows its one style by hash, and no script, form or frame', async () => {
    const answer = await refusing(new Error('boom')).form('cart=c_81')
    const policy = answer.headers.get('content-security-policy') ?? ''
    assert.match(policy, /^default-src 'none'; style-src 'sha256-[A-Za-z0-9+/=]{44}';/)
    assert.match(policy, /form-action 'none'; frame-ancestors 'none'$/)
    const style = /<style>([\s\S]*)<\/style>/.exec(await answer.text())?.[1] ?? ''
    const digest = Buffer.from(await crypto.subtle.digest('SHA-256', new TextEncoder().encode(style)))
    assert.ok(policy.includes(digest.toString('base64')))
  })

  test('is for those who can show it: a program that sends a form gets the problem as JSON', async () => {
    const answer = await refusing(new ProblemError('order-refused')).form('cart=c_81', { Accept: '*/*' })
    assert.equal(await codeOf(answer), 'order-refused')
  })

  test('a form from another site is told why', async () => {
    const answer = await openShop().form('cart=c_81', { 'Sec-Fetch-Site': 'cross-site' })
    assert.equal(answer.status, 403)
    assert.match(await answer.text(), /did not come from the shop/)
  })

  test('a multipart form is told so on a page, with 415', async () => {
    const body = new FormData()
    body.set('cart', 'c_81')
    const headers = { 'Sec-Fetch-Mode': 'navigate', Accept: 'text/html' }
    const answer = await openShop().send('', { method: 'POST', body, headers })
    assert.equal(answer.status, 415)
    assert.match(answer.headers.get('content-type') ?? '', /text\/html/)
  })
})
