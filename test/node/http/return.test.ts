import assert from 'node:assert/strict'
import { describe, test } from 'node:test'
import { manualClock } from '../../support/clock.ts'
import { codeOf, FRIEND, ORIGIN, openShop, TOKEN } from './shop.ts'

const home = `${ORIGIN}/thanks?ipay=${TOKEN}`
const PAGE = { Accept: 'text/html,application/xhtml+xml', 'Sec-Fetch-Mode': 'navigate' }

describe('the way back', () => {
  for (const hint of ['success', 'failure', 'cancel']) {
    test(`E5: the hint ${hint} leads to the same place as any other, after one question`, async () => {
      const shop = openShop()
      const answer = await shop.send(`/${TOKEN}/return/${hint}?status=paid&amount=1`)
      assert.equal(answer.status, 303)
      assert.equal(answer.headers.get('location'), home)
      assert.equal(answer.headers.get('referrer-policy'), 'no-referrer')
      assert.deepEqual(shop.visits, [{ token: TOKEN, ask: true }])
    })
  }

  test('HEAD and prefetches get the address without any question', async () => {
    const shop = openShop()
    for (const init of [
      { method: 'HEAD' },
      { headers: { 'Sec-Purpose': 'prefetch' } },
      { headers: { 'Sec-Purpose': 'prefetch;prerender' } },
      { headers: { 'Sec-Purpose': 'prefetch;anonymous-client-ip' } },
      { headers: { Purpose: 'prefetch' } },
      { headers: { 'X-Moz': 'prefetch' } },
    ]) {
      const answer = await shop.send(`/${TOKEN}/return/success`, init)
      assert.equal(answer.status, 303)
      assert.equal(answer.headers.get('location'), home)
    }
    assert.deepEqual(shop.visits, [])
  })

  for (const path of [
    `/${'x'.repeat(22)}/return/success`,
    `/${TOKEN}/return/paid`,
    `/${TOKEN}/return/`,
    '/x/return/cancel',
  ]) {
    test(`${path} is 404`, async () => {
      assert.equal(await codeOf(await openShop().send(path)), 'not-found')
    })
  }

  test('E2: the address of one payment asks about that payment alone', async () => {
    const shop = openShop()
    await shop.send(`/${TOKEN}/return/success?token=other&ipay=other&orderId=other`)
    assert.deepEqual(shop.visits, [{ token: TOKEN, ask: true }])
  })

  test('E8: a buyer is sent on when asking fails (OWASP ASVS 5.0, 16.5.2)', async () => {
    const shop = openShop({ payments: { returned: () => Promise.reject(new Error('the gateway burns')) } })
    const answer = await shop.send(`/${TOKEN}/return/success`)
    assert.equal(answer.headers.get('location'), home)
    assert.ok(shop.said.some(({ name }) => name === 'return-not-asked'))
  })

  test('E8: a buyer is sent on within 5 s when asking hangs', async () => {
    const clock = manualClock()
    const shop = openShop({ clock, payments: { returned: () => new Promise(() => {}) } })
    const answer = shop.send(`/${TOKEN}/return/success`)
    await clock.advance(4_999)
    assert.equal((await answer).headers.get('location'), home)
  })

  test('E8: with the store gone a person is told to wait, not that anything failed, within 5 s', async () => {
    const clock = manualClock()
    const never = () => new Promise<never>(() => {})
    const shop = openShop({ clock, payments: { returned: never, returnTo: never } })
    const waiting = shop.send(`/${TOKEN}/return/success`, { headers: PAGE })
    await clock.advance(4_999)
    const answer = await waiting
    assert.equal(answer.status, 503)
    assert.ok(answer.headers.has('retry-after'))
    const text = await answer.text()
    assert.match(text, /still confirming/)
    assert.match(text, /do not pay again/)
    assert.doesNotMatch(text, /fail|cancel|not charged|error/i)
  })

  test('E8: a stored address that is no longer allowed is never followed, and its buyer is sent home (OWASP ASVS 5.0, 3.7.2)', async () => {
    for (const returnTo of ['https://evil.example/', '//evil.example', 'javascript:alert(1)']) {
      const shop = openShop({ payments: { returned: async () => ({ returnTo }), returnTo: async () => returnTo } })
      const answer = await shop.send(`/${TOKEN}/return/success`)
      assert.deepEqual([answer.status, answer.headers.get('location')], [303, `${ORIGIN}/?ipay=${TOKEN}`])
    }
  })

  test('a place on an allowed origin is followed', async () => {
    const shop = openShop({ payments: { returned: async () => ({ returnTo: `${FRIEND}/done#x` }) } })
    const answer = await shop.send(`/${TOKEN}/return/success`)
    assert.equal(answer.headers.get('location'), `${FRIEND}/done?ipay=${TOKEN}#x`)
  })

  test('E4: fifty visits of one address are fifty equal answers', async () => {
    const shop = openShop()
    const answers = await Promise.all(Array.from({ length: 50 }, () => shop.send(`/${TOKEN}/return/success`)))
    assert.deepEqual(new Set(answers.map(({ headers }) => headers.get('location'))), new Set([home]))
  })
})

describe('H6: the origin of redirects', () => {
  for (const [name, value] of Object.entries({
    Host: 'evil.example',
    'X-Forwarded-Host': 'evil.example',
    'X-Forwarded-Proto': 'http',
    'X-Forwarded-Port': '1234',
    'X-Forwarded-Prefix': '/evil',
    'X-Forwarded-For': '10.0.0.1',
    Forwarded: 'host=evil.example;proto=http',
    'X-Original-URL': '/evil',
    'X-Rewrite-URL': '/evil',
    'X-HTTP-Method-Override': 'DELETE',
  })) {
    test(`${name} changes nothing (OWASP ASVS 5.0, 4.1.3)`, async () => {
      const shop = openShop()
      const address = `https://evil.example/ipay/orders/${TOKEN}/return/success`
      const answer = await shop.send(address, { headers: { [name]: value } })
      assert.equal(answer.headers.get('location'), home)
      const form = await shop.form('cart=c_81', { [name]: value })
      assert.equal(form.headers.get('location'), 'https://app.ipay.com.bd/pay/1')
    })
  }
})
