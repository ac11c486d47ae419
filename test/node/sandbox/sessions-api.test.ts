import assert from 'node:assert/strict'
import { test } from 'node:test'
import { PIN } from '../../../src/sandbox/index.ts'
import { sessionsSimulator, URLS, unique, validOrder } from './sessions-api.ts'
import { press, visit } from './wallet-browser.ts'

test("an order is kept with its amount in decimal text and can be found by the merchant's id", async (t) => {
  const sim = await sessionsSimulator(t)
  const wanted = { ...validOrder(), handover: 'locker', carrier: 'Paperfly', metadata: { orderId: 'ref-1' } }
  const { status, body } = await sim.post('/orders', wanted)
  assert.equal(status, 200)
  assert.match(body.id, /^ord_/)
  assert.deepEqual(
    [body['external_id'], body['amount'], body['handover'], body['carrier'], body['metadata'], body['payment_status']],
    [wanted.external_id, '1250.00', 'locker', 'Paperfly', { orderId: 'ref-1' }, 'none'],
  )
  assert.deepEqual((await sim.get(`/orders/${body.id}`)).body, body)
  assert.deepEqual((await sim.get(`/orders?external_id=${wanted.external_id}`)).body['data'], [body])
  assert.equal((await sim.post('/orders', wanted)).status, 409)
  assert.equal((await sim.get('/orders/ord_none')).status, 404)
  assert.deepEqual(await sim.events(), ['order.created'])
})

test('what is wrong with an order is 400 and named', async (t) => {
  const sim = await sessionsSimulator(t)
  for (const [field, values] of Object.entries({
    external_id: [undefined, '', 5, 'x'.repeat(65)],
    amount: [undefined, 1250, '0', '0.00', '-1.00', '1.234', '1e3', '1,000.00'],
    currency: [undefined, 'bdt', 'TAKA'],
    handover: ['window'],
    metadata: [[]],
  })) {
    for (const value of values) {
      const { status, body } = await sim.post('/orders', { ...validOrder(), [field]: value })
      assert.equal(status, 400, `${field} ${JSON.stringify(value)}`)
      // A currency that is none leaves no way to read the amount.
      const { param } = body['error'] as { param: string }
      assert.ok(param === field || (field === 'currency' && param === 'amount'), `${field}: ${param}`)
    }
  }
})

test('an import takes what is right and says what is wrong', async (t) => {
  const sim = await sessionsSimulator(t)
  const [one, two] = [validOrder(), validOrder()]
  const { status, body } = await sim.post('/orders/import', {
    orders: [one, { ...two, amount: 'free' }, one, null, two],
  })
  assert.equal(status, 200)
  assert.deepEqual([body['imported'], body['failed']], [2, 3])
  const results = body['results'] as { external_id: string; id?: string; error?: { code: string } }[]
  assert.deepEqual(
    results.map(({ id, error }) => (id ? 'kept' : error?.code)),
    ['kept', 'parameter_invalid', 'external_id_used', 'parameter_invalid', 'kept'],
  )
  assert.equal((await sim.post('/orders/import', { orders: 'all' })).status, 400)
})

test('a payment session is paid in the wallet, and only then is the release authorized', async (t) => {
  const sim = await sessionsSimulator(t)
  const { order, session } = await sim.opened()
  assert.match(session.id, /^ps_/)
  assert.match(String(session['reference']), /^IPAY-[0-9A-F]{12}$/)
  assert.deepEqual(
    [session['status'], session['amount'], session['merchant_reference'], session['url']],
    ['requested', '1250.00', order['external_id'], `${sim.url}/pay/${session.id}`],
  )
  const release = async () => (await sim.get(`/orders/${order.id}/release?handover=door`)).body
  assert.deepEqual([(await release())['authorized'], (await release())['authorized_at']], [false, null])

  const login = await visit(`${sim.url}/pay/${session.id}`)
  const code = await press(login, 'login', { member: '01700000001', pin: PIN })
  const confirmation = await press(code, 'verify', { code: /data-code="(\d+)"/.exec(code.text)?.[1] ?? '' })
  assert.match(confirmation.text, /৳1,250\.00/)
  assert.equal((await press(confirmation, 'pay')).url, URLS.success_url)

  const paid = (await sim.get(`/payment-sessions/${session.id}`)).body
  assert.deepEqual([paid['status'], paid['url'], paid['confirmed_at']], ['confirmed', null, '2026-11-21T10:00:00.000Z'])
  assert.deepEqual(paid['provider'], { name: 'mock', status: 'succeeded' })
  assert.deepEqual([(await release())['authorized'], (await release())['method']], [true, 'door'])
  assert.equal((await sim.get(`/orders/${order.id}/release?handover=roof`)).status, 400)
  const { body } = await sim.get(`/payment-sessions/${session.id}/events`)
  assert.deepEqual(
    (body['data'] as { status: string }[]).map(({ status }) => status),
    ['requested', 'confirmed'],
  )
  assert.deepEqual(await sim.events(), [
    'order.created',
    'payment.requested',
    'payment.confirmed',
    'release.authorized',
  ])
})

test('one session is open at a time, a failed one can be followed by another, a paid one by none', async (t) => {
  const sim = await sessionsSimulator(t)
  const { order, session } = await sim.opened()
  const again = () => sim.post(`/orders/${order.id}/payment-sessions`, URLS)
  assert.equal((await again()).status, 409)
  await sim.control('POST', `/orders/${session.id}/fail`, { reason: 'limit-exceeded' })
  const failed = (await sim.get(`/payment-sessions/${session.id}`)).body
  assert.deepEqual([failed['status'], failed['failure_reason']], ['failed', 'limit-exceeded'])
  const second = await again()
  assert.deepEqual([second.status, second.body['merchant_reference']], [200, `${order['external_id']}#2`])
  const found = await sim.get(`/payment-sessions?merchant_reference=${encodeURIComponent(`${order['external_id']}#2`)}`)
  assert.deepEqual(
    (found.body['data'] as { id: string }[]).map(({ id }) => id),
    [second.body.id],
  )
  await sim.control('POST', `/orders/${second.body.id}/pay`)
  assert.equal((await again()).status, 409)
  assert.equal((await sim.post(`/orders/${order.id}/payment-sessions`, { success_url: 'javascript:1' })).status, 400)
})

test('a session waits seven days for the parcel', async (t) => {
  const sim = await sessionsSimulator(t)
  const { session } = await sim.opened()
  sim.clock.advance(7 * 24 * 3600_000 - 1)
  assert.equal((await sim.get(`/payment-sessions/${session.id}`)).body['status'], 'requested')
  sim.clock.advance(1)
  assert.equal((await sim.get(`/payment-sessions/${session.id}`)).body['status'], 'expired')
})

test('a session of this gateway is a wallet page; a payment of the Payments API is not', async (t) => {
  const sim = await sessionsSimulator(t)
  const { session } = await sim.opened()
  assert.equal((await fetch(`${sim.url}/pay/${session.id}`)).status, 200)
  const payment = await fetch(`${sim.url}/payments/api/payments`, {
    method: 'POST',
    headers: { authorization: `Basic ${Buffer.from('k:s').toString('base64')}`, 'idempotency-key': unique() },
    body: JSON.stringify({ amount: 100, currency: 'BDT' }),
  })
  assert.equal((await fetch(`${sim.url}/pay/${(await payment.json()).id}`)).status, 404)
})

test('the payment page speaks the language that the merchant named, and counts the days that are left', async (t) => {
  const sim = await sessionsSimulator(t)
  const page = async (lang: string) => {
    const order = await sim.post('/orders', { ...validOrder(), metadata: { lang } })
    const session = await sim.post(`/orders/${order.body.id}/payment-sessions`, URLS)
    return (await visit(String(session.body['url']))).text
  }
  assert.match(await page('en'), /<html lang="en">[\s\S]*7 days left to pay/)
  assert.match(await page('bn'), /<html lang="bn">[\s\S]*৭ দিন বাকি/)
})
