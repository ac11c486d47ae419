import assert from 'node:assert/strict'
import { test } from 'node:test'
import { type PaymentsSimulator, paymentsSimulator } from './payments-api.ts'
import { press, visit } from './wallet-browser.ts'

async function checkout(sim: PaymentsSimulator, lang = 'en', fields: Readonly<Record<string, unknown>> = {}) {
  const payment = await sim.payment(fields)
  const { redirect } = payment['next_action'] as { redirect: { url: string } }
  return { id: payment.id, page: await visit(`${redirect.url}?lang=${lang}`) }
}

const statusOf = async (sim: PaymentsSimulator, id: string) => (await sim.get(`/payments/${id}`)).body['status']

const ENDS = [
  ['tok_visa', 'success', 'succeeded'],
  ['tok_digital_wallet', 'success', 'succeeded'],
  ['tok_buy_now_pay_later', 'success', 'succeeded'],
  ['tok_bank_transfer', 'success', 'processing'],
  ['tok_insufficient_funds', 'failure', 'failed'],
  ['tok_card_declined', 'failure', 'failed'],
  ['tok_limit_exceeded', 'failure', 'failed'],
  ['tok_account_blocked', 'failure', 'failed'],
  ['tok_processing_error', 'failure', 'failed'],
] as const

for (const [method, hint, status] of ENDS) {
  test(`paying with ${method} on the checkout page ends ${status} at the ${hint} address`, async (t) => {
    const sim = await paymentsSimulator(t)
    for (const lang of ['en', 'bn']) {
      const { id, page } = await checkout(sim, lang)
      assert.match(page.text, new RegExp(`<html lang="${lang}">[\\s\\S]*value="${method}"`))
      const { url } = await press(page, 'pay', { method })
      assert.equal(url, `https://shop.example/return/${hint}?payment=${id}`)
      assert.equal(await statusOf(sim, id), status)
    }
  })
}

test('3-D Secure: the bank is asked, and its yes pays', async (t) => {
  const sim = await paymentsSimulator(t)
  const { id, page } = await checkout(sim)
  const challenge = await press(page, 'pay', { method: 'tok_3ds' })
  assert.equal(new URL(challenge.url).pathname, `/payments/challenge/${id}`)
  const asked = (await sim.get(`/payments/${id}`)).body
  assert.equal(asked['status'], 'requires_action')
  assert.deepEqual(asked['next_action'], { type: 'redirect', redirect: { url: `${sim.url}/payments/challenge/${id}` } })
  assert.equal((await press(challenge, 'pass')).url, `https://shop.example/return/success?payment=${id}`)
  assert.equal(await statusOf(sim, id), 'succeeded')
})

test("3-D Secure: the bank's no fails the payment", async (t) => {
  const sim = await paymentsSimulator(t)
  const { id, page } = await checkout(sim)
  const { url } = await press(await press(page, 'pay', { method: 'tok_3ds' }), 'fail')
  assert.equal(url, `https://shop.example/return/failure?payment=${id}`)
  assert.equal((await sim.get(`/payments/${id}`)).body['failure_code'], 'authentication_failed')
})

test('3-D Secure: without an answer the payment stays open, and its first address leads back to the bank', async (t) => {
  const sim = await paymentsSimulator(t)
  const { id, page } = await checkout(sim)
  const { url } = await press(await press(page, 'pay', { method: 'tok_3ds' }), 'abandon')
  assert.equal(url, `https://shop.example/return/success?payment=${id}`)
  assert.equal(await statusOf(sim, id), 'requires_action')
  const again = await visit(`${sim.url}/payments/checkout/${id}`)
  assert.equal(new URL(again.url).pathname, `/payments/challenge/${id}`)
  await press(again, 'pass')
  assert.equal(await statusOf(sim, id), 'succeeded')
})

test('3-D Secure: a card that the merchant charges asks the bank too', async (t) => {
  const sim = await paymentsSimulator(t)
  const payment = await sim.payment({ confirmation_token: false, payment_method: 'tok_3ds', capture_method: 'manual' })
  assert.equal(payment['status'], 'requires_action')
  const { redirect } = payment['next_action'] as { redirect: { url: string } }
  await press(await visit(redirect.url), 'pass')
  assert.equal(await statusOf(sim, payment.id), 'requires_capture')
})

test('a page speaks the language that the merchant named, until the buyer chooses another', async (t) => {
  const sim = await paymentsSimulator(t)
  const payment = await sim.payment({ metadata: { orderId: 'in-bangla', lang: 'bn' } })
  const { redirect } = payment['next_action'] as { redirect: { url: string } }
  assert.match((await visit(redirect.url)).text, /<html lang="bn">/)
  assert.match((await visit(`${redirect.url}?lang=en`)).text, /<html lang="en">/)
})

test('Cancel leads to the cancel address, and the payment is over', async (t) => {
  const sim = await paymentsSimulator(t)
  const { id, page } = await checkout(sim)
  assert.equal((await press(page, 'cancel')).url, `https://shop.example/return/cancel?payment=${id}`)
  const after = await press(page, 'pay', { method: 'tok_visa' })
  assert.match(after.text, /data-state="cancelled"/)
  assert.match(after.text, new RegExp(`data-action="back" href="https://shop\\.example/return/cancel\\?payment=${id}"`))
  assert.equal(await statusOf(sim, id), 'canceled')
})

test('a form that was made up changes nothing', async (t) => {
  const sim = await paymentsSimulator(t)
  const { id, page } = await checkout(sim)
  for (const method of ['', 'tok_expired_card', 'constructor'])
    assert.match((await press(page, 'pay', { method })).text, /<form/)
  const pass = new URLSearchParams({ do: 'pass' })
  await visit(`${sim.url}/payments/challenge/${id}`, { method: 'POST', body: pass })
  assert.equal(await statusOf(sim, id), 'requires_action')
})

test('E18: markup in a description is inert on the checkout page, under the same headers', async (t) => {
  const sim = await paymentsSimulator(t)
  const { page } = await checkout(sim, 'en', { description: '<script>alert(1)</script>' })
  assert.equal(page.text.includes('<script'), false)
  assert.ok(page.text.includes('&lt;script&gt;'))
  const { headers } = await fetch(page.url)
  assert.match(headers.get('content-security-policy') ?? '', /default-src 'none'/)
  assert.equal((await fetch(`${sim.url}/payments/checkout/pay_none`)).status, 404)
})
