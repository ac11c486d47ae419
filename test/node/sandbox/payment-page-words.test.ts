import assert from 'node:assert/strict'
import { test } from 'node:test'
import { simulator } from './simulator.ts'
import { toConfirmation, visit } from './wallet-browser.ts'

test('amounts have lakh grouping and the digits of the language', async (t) => {
  const sim = await simulator(t)
  const { paymentUrl } = await sim.placed({ amount: 125000 })
  assert.match((await visit(`${paymentUrl}?lang=en`)).text, />৳1,25,000\.00</)
  assert.match((await visit(`${paymentUrl}?lang=bn`)).text, />৳১,২৫,০০০\.০০</)
})

test("the language is the one asked for, then the browser's, then English", async (t) => {
  const sim = await simulator(t)
  const { paymentUrl } = await sim.placed()
  const languageOf = async (query: string, accept: string) =>
    /<html lang="(..)">/.exec(
      await (await fetch(paymentUrl + query, { headers: { 'accept-language': accept } })).text(),
    )?.[1]
  assert.equal(await languageOf('', ''), 'en')
  assert.equal(await languageOf('', 'fr-FR,bn-BD;q=0.8,en;q=0.5'), 'bn')
  assert.equal(await languageOf('', 'en-GB,bn;q=0.5'), 'en')
  assert.equal(await languageOf('?lang=en', 'bn'), 'en')
  assert.equal(await languageOf('?lang=bn', 'en'), 'bn')
  const { text: page } = await visit(`${paymentUrl}?lang=en`)
  assert.match(page, /data-action="language" lang="bn" hreflang="bn" href="\/pay\/IPAY-\d+\?lang=bn"/)
})

test('E18: markup in a description is inert text on the page', async (t) => {
  const sim = await simulator(t)
  const description = '<img src=x onerror=alert(1)></dd><script>alert(1)</script> "&\u202e'
  const { paymentUrl } = await sim.placed({ description })
  const { text: page } = await toConfirmation(paymentUrl, '01700000001')
  assert.equal(/<img|<script/i.test(page), false)
  assert.ok(page.includes('<bdi>&lt;img src=x onerror=alert(1)&gt;&lt;/dd&gt;&lt;script&gt;'))
})

test('I1: markup in the address is inert too', async (t) => {
  const sim = await simulator(t)
  const { paymentUrl } = await sim.placed()
  const { text: page } = await visit(`${paymentUrl}?lang=%22%3E%3Cscript%3E&x=%22%3E%3Cscript%3E&mistake=%3Cscript%3E`)
  assert.equal(/<script/i.test(page), false)
  const unknown = await fetch(`${sim.url}/pay/%3Cscript%3E`)
  assert.equal(unknown.status, 404)
  assert.equal(/<script/i.test(await unknown.text()), false)
})

test('H16: every page has its security headers, errors too', async (t) => {
  const sim = await simulator(t)
  const { paymentUrl } = await sim.placed()
  for (const url of [paymentUrl, `${sim.url}/pay/IPAY-0`, `${paymentUrl}/code`]) {
    const { headers } = await fetch(url, { redirect: 'manual' })
    assert.match(headers.get('content-security-policy') ?? '', /default-src 'none'.*frame-ancestors 'none'/)
    assert.equal(headers.get('x-content-type-options'), 'nosniff')
    assert.equal(headers.get('cache-control'), 'no-store')
    assert.equal(headers.get('referrer-policy'), 'same-origin')
  }
})
