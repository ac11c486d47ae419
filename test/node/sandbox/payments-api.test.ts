import assert from 'node:assert/strict'
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { test } from 'node:test'
import { BASIC, newKey, paymentsSimulator, validPayment } from './payments-api.ts'

const DIRECT = { confirmation_token: false, return_url: undefined }

test('a payment without a method is completed on a page of the gateway', async (t) => {
  const sim = await paymentsSimulator(t)
  const payment = await sim.payment({ metadata: { orderId: 'cart-1', note: 'gift' } })
  assert.match(payment.id, /^pay_[0-9a-f]{32}$/)
  assert.deepEqual(payment, {
    id: payment.id,
    object: 'payment',
    status: 'requires_action',
    amount: 125000,
    currency: 'BDT',
    amount_captured: 0,
    amount_refunded: 0,
    capture_method: 'automatic',
    customer: null,
    payment_method: null,
    payment_method_type: null,
    description: 'Two mugs',
    statement_descriptor: null,
    metadata: { orderId: 'cart-1', note: 'gift' },
    client_secret: payment['client_secret'],
    next_action: { type: 'redirect', redirect: { url: `${sim.url}/payments/checkout/${payment.id}` } },
    failure_code: null,
    failure_message: null,
    cancellation_reason: null,
    transaction_id: null,
    succeeded_at: null,
    created: 1795255200,
    expires_at: 1795256100,
  })
  assert.deepEqual((await sim.get(`/payments/${payment.id}`)).body, payment)
  assert.deepEqual((await sim.get('/payments?order_id=cart-1')).body['data'], [payment])
  const ledger = await sim.ledger(payment.id)
  assert.deepEqual(
    [ledger['gateway'], ledger['referenceId'], ledger['amount'], ledger['paymentUrl']],
    ['ipay-payments', 'cart-1', 1250, `${sim.url}/payments/checkout/${payment.id}`],
  )
})

test('amounts are in the smallest unit of any currency', async (t) => {
  const sim = await paymentsSimulator(t)
  for (const [currency, minor, decimal] of [
    ['BDT', 101, 1.01],
    ['JPY', 500, 500],
    ['KWD', 1005, 1.005],
  ] as const) {
    const payment = await sim.payment({ amount: minor, currency })
    assert.equal(payment['amount'], minor)
    assert.equal((await sim.ledger(payment.id))['amount'], decimal)
  }
})

test('a token pays at once, and each test token does what its name says', async (t) => {
  const sim = await paymentsSimulator(t)
  for (const token of ['tok_visa', 'tok_digital_wallet', 'tok_buy_now_pay_later']) {
    const payment = await sim.payment({ ...DIRECT, payment_method: token })
    assert.deepEqual(
      [payment['status'], payment['amount_captured'], payment['next_action']],
      ['succeeded', 125000, null],
    )
    assert.match(String(payment['transaction_id']), /-\d{8}$/)
    assert.equal((await sim.ledger(payment.id))['state'], 'paid')
  }
  for (const [token, code, reason] of [
    ['tok_insufficient_funds', 'insufficient_funds', 'insufficient-balance'],
    ['tok_card_declined', 'card_declined', 'declined'],
    ['tok_limit_exceeded', 'limit_exceeded', 'limit-exceeded'],
    ['tok_account_blocked', 'account_blocked', 'account-blocked'],
    ['tok_processing_error', 'processing_error', 'technical'],
    ['tok_expired_card', 'expired_card', 'expired-card'],
  ] as const) {
    const { status, body } = await sim.post('/payments', { ...validPayment(), ...DIRECT, payment_method: token })
    assert.equal(status, 402)
    const payment = body.error?.['payment'] as Record<string, unknown>
    assert.deepEqual([body.error?.['code'], payment['status'], payment['failure_code']], [code, 'failed', code])
    assert.equal((await sim.ledger(String(payment['id'])))['reason'], reason)
  }
})

test('a slow method is processing, then succeeded', async (t) => {
  const sim = await paymentsSimulator(t)
  const payment = await sim.payment({ ...DIRECT, payment_method: 'tok_bank_transfer' })
  assert.equal(payment['status'], 'processing')
  sim.clock.advance(7999)
  assert.equal((await sim.get(`/payments/${payment.id}`)).body['status'], 'processing')
  sim.clock.advance(1)
  assert.equal((await sim.get(`/payments/${payment.id}`)).body['status'], 'succeeded')
})

test('confirmation is a step of its own where it was not asked for', async (t) => {
  const sim = await paymentsSimulator(t)
  const bare = await sim.payment({ ...DIRECT, confirm: false })
  assert.equal(bare['status'], 'requires_payment_method')
  assert.equal((await sim.post(`/payments/${bare.id}/confirm`)).status, 400)
  const paid = await sim.post(`/payments/${bare.id}/confirm`, { payment_method: 'tok_visa' })
  assert.deepEqual([paid.status, paid.body['status']], [200, 'succeeded'])
  const chosen = await sim.payment({ ...DIRECT, confirm: false, payment_method: 'tok_card_declined' })
  assert.equal(chosen['status'], 'requires_confirmation')
  assert.equal((await sim.post(`/payments/${chosen.id}/confirm`)).status, 402)
  assert.equal((await sim.post(`/payments/${chosen.id}/confirm`)).status, 409)
})

test('an open payment is canceled after fifteen minutes', async (t) => {
  const sim = await paymentsSimulator(t)
  const { id } = await sim.payment()
  sim.clock.advance(15 * 60_000)
  const { body } = await sim.get(`/payments/${id}`)
  assert.deepEqual([body['status'], body['cancellation_reason'], body['next_action']], ['canceled', 'expired', null])
})

test('manual capture holds the money until all or a part of it is captured', async (t) => {
  const sim = await paymentsSimulator(t)
  const manual = { ...DIRECT, payment_method: 'tok_visa', capture_method: 'manual' }
  const whole = await sim.payment(manual)
  assert.deepEqual([whole['status'], whole['amount_captured']], ['requires_capture', 0])
  const captured = (await sim.post(`/payments/${whole.id}/capture`)).body
  assert.deepEqual([captured['status'], captured['amount_captured']], ['succeeded', 125000])
  assert.equal((await sim.post(`/payments/${whole.id}/capture`)).status, 409)

  const part = await sim.payment(manual)
  assert.equal((await sim.post(`/payments/${part.id}/capture`, { amount: 125001 })).status, 400)
  assert.equal((await sim.post(`/payments/${part.id}/capture`, { amount: 50000 })).body['amount_captured'], 50000)
  assert.equal((await sim.post('/refunds', { payment: part.id, amount: 50001 })).status, 400)

  const voided = await sim.payment(manual)
  assert.equal((await sim.post(`/payments/${voided.id}/void`)).body['status'], 'canceled')
  assert.equal((await sim.post(`/payments/${voided.id}/capture`)).status, 409)
  assert.equal((await sim.post(`/payments/${whole.id}/cancel`)).status, 409)
})

test('G23: refunds never sum to more than was captured, and one key refunds once', async (t) => {
  const sim = await paymentsSimulator(t)
  const { id } = await sim.payment({ ...DIRECT, payment_method: 'tok_visa' })
  const first = await sim.post('/refunds', { payment: id, amount: 25000, reason: 'requested_by_customer' })
  assert.deepEqual([first.status, first.body['amount'], first.body['reason']], [200, 25000, 'requested_by_customer'])
  const key = { 'idempotency-key': newKey() }
  const rest = await Promise.all(Array.from({ length: 20 }, () => sim.post('/refunds', { payment: id }, key)))
  assert.deepEqual([...new Set(rest.map(({ body }) => body.id))].length, 1)
  assert.equal(rest[0]?.body['amount'], 100000)
  assert.equal((await sim.post('/refunds', { payment: id, amount: 1 })).status, 400)
  assert.equal((await sim.post('/refunds', { payment: id })).status, 400)
  assert.equal((await sim.get(`/payments/${id}`)).body['amount_refunded'], 125000)
  assert.equal(((await sim.get(`/refunds?payment=${id}`)).body['data'] as unknown[]).length, 2)
  assert.deepEqual((await sim.get(`/refunds/${first.body.id}`)).body, first.body)
})

test('a refund needs a payment that succeeded and a listed reason', async (t) => {
  const sim = await paymentsSimulator(t)
  const { id } = await sim.payment()
  assert.equal((await sim.post('/refunds', { payment: id })).status, 409)
  assert.equal((await sim.post('/refunds', { payment: 'pay_none' })).status, 404)
  await sim.control('POST', `/orders/${id}/pay`)
  assert.equal((await sim.post('/refunds', { payment: id, reason: 'bored' })).status, 400)
  assert.equal((await sim.post('/refunds', { payment: id, amount: 0 })).status, 400)
})

test('every write carries a key: a repeat gets the first answer, another request is refused', async (t) => {
  const sim = await paymentsSimulator(t)
  const order = validPayment()
  const key = { 'idempotency-key': newKey() }
  const first = await sim.post('/payments', order, key)
  const again = await sim.post('/payments', order, key)
  assert.deepEqual(again.body, first.body)
  assert.equal(again.headers.get('idempotent-replayed'), 'true')
  assert.equal(first.headers.get('idempotent-replayed'), null)
  assert.equal((await sim.post('/payments', { ...order, amount: 1 }, key)).status, 409)
  assert.equal((await sim.post('/customers', order, key)).status, 409)
  assert.equal((await sim.post('/payments', order, { 'idempotency-key': '' })).status, 400)
  assert.equal((await (await sim.control('GET', '/orders')).json()).length, 1)
})

test('a declined payment is declined again under the same key; a malformed one may be corrected', async (t) => {
  const sim = await paymentsSimulator(t)
  const key = { 'idempotency-key': newKey() }
  const declined = { ...validPayment(), ...DIRECT, payment_method: 'tok_card_declined' }
  const first = await sim.post('/payments', declined, key)
  assert.deepEqual((await sim.post('/payments', declined, key)).body, first.body)
  const other = { 'idempotency-key': newKey() }
  assert.equal((await sim.post('/payments', { ...validPayment(), amount: 1.5 }, other)).status, 400)
  assert.equal((await sim.post('/payments', validPayment(), other)).status, 200)
})

const WRONG: Readonly<Record<string, readonly unknown[]>> = {
  amount: [undefined, null, '100', 0, -1, 1.5, 1e300, true],
  currency: [undefined, 'bdt', 'TAKA', 5],
  metadata: ['x', { orderId: 5 }, { long: 'x'.repeat(501) }],
  confirm: ['yes'],
  confirmation_token: [1],
  return_url: [undefined, 'javascript:alert(1)', '/here'],
  capture_method: ['later'],
  statement_descriptor: ['x'.repeat(23)],
  description: ['half \ud83d'],
}

for (const [field, values] of Object.entries(WRONG)) {
  test(`a wrong ${field} is 400 and names the field`, async (t) => {
    const sim = await paymentsSimulator(t)
    for (const value of values) {
      const { status, body } = await sim.post('/payments', { ...validPayment(), [field]: value })
      assert.equal(status, 400, JSON.stringify(value))
      assert.equal(body.error?.['param'], field)
      assert.equal(body.error?.['type'], 'invalid_request_error')
    }
    assert.deepEqual(await (await sim.control('GET', '/orders')).json(), [])
  })
}

test('servers use Basic, an access token or a JWT; "invalid" and pages are refused', async (t) => {
  const sim = await paymentsSimulator(t)
  const { id } = await sim.payment()
  const status = async (authorization: string) => (await sim.get(`/payments/${id}`, { authorization })).status
  const basic = (pair: string) => `Basic ${Buffer.from(pair).toString('base64')}`
  const jwt = (head: object, body: object) =>
    `Bearer ${[head, body, 'signature'].map((part) => Buffer.from(JSON.stringify(part)).toString('base64url')).join('.')}`
  const exp = sim.clock.now() / 1000 + 60
  for (const good of [BASIC, basic('k:s:with:colons'), jwt({ alg: 'HS256' }, { iss: 'key', exp })]) {
    assert.equal(await status(good), 200, good)
  }
  const bad = [
    '',
    'Basic',
    basic('key'),
    basic('invalid:secret'),
    basic('key:invalid'),
    'Bearer key',
    jwt({ alg: 'none' }, { iss: 'key', exp }),
    jwt({ alg: 'HS256' }, { iss: 'invalid', exp }),
    jwt({ alg: 'HS256' }, { iss: 'key', exp: exp - 61 }),
    jwt({ alg: 'HS256' }, { iss: 'key' }),
  ]
  for (const wrong of bad) assert.equal(await status(wrong), 401, wrong)
  assert.equal(await status('Bearer pk_test'), 403)
})

test('client credentials get an access token that lasts an hour', async (t) => {
  const sim = await paymentsSimulator(t)
  const { id } = await sim.payment()
  const ask = (body: string, headers: Record<string, string> = {}) =>
    fetch(`${sim.url}/payments/api/oauth/token`, { method: 'POST', headers, body })
  for (const way of [
    () => ask('grant_type=client_credentials', { authorization: BASIC }),
    () => ask('grant_type=client_credentials&client_id=key&client_secret=secret'),
  ]) {
    const reply = await way()
    assert.equal(reply.status, 200)
    const { access_token, token_type, expires_in } = await reply.json()
    assert.deepEqual([token_type, expires_in], ['Bearer', 3600])
    const authorization = `Bearer ${access_token}`
    sim.clock.advance(3599_999)
    assert.equal((await sim.get(`/payments/${id}`, { authorization })).status, 200)
    sim.clock.advance(1)
    assert.equal((await sim.get(`/payments/${id}`, { authorization })).status, 401)
  }
  assert.equal((await ask('grant_type=password', { authorization: BASIC })).status, 400)
  assert.equal((await ask('grant_type=client_credentials')).status, 401)
  assert.equal((await ask('grant_type=client_credentials&client_id=invalid&client_secret=s')).status, 401)
})

test('a page makes a card token with a publishable key, once usable, and nothing keeps the number', async (t) => {
  const sim = await paymentsSimulator(t)
  const card = { number: '4242 4242 4242 4242', exp_month: 12, exp_year: 2031, cvc: '737' }
  const tokens = (authorization: string, fields: object = {}) =>
    sim.post('/tokens', { card: { ...card, ...fields } }, { authorization, origin: 'https://shop.example' })
  const made = await tokens('Bearer pk_test')
  assert.deepEqual(made.body, {
    id: made.body.id,
    object: 'token',
    type: 'card',
    card: { brand: 'visa', last4: '4242', exp_month: 12, exp_year: 2031 },
  })
  assert.equal(made.headers.get('access-control-allow-origin'), '*')
  assert.equal((await tokens(BASIC)).status, 403)
  assert.equal((await tokens('Bearer sk_secret')).status, 403)
  assert.equal((await tokens('Bearer pk_invalid')).status, 401)
  for (const wrong of [
    { number: '4242424242424241' },
    { number: '1' },
    { cvc: '12' },
    { exp_month: 13 },
    { exp_year: 31 },
  ]) {
    const { status, body } = await tokens('Bearer pk_test', wrong)
    assert.equal(status, 400)
    assert.equal(JSON.stringify(body).includes('4242'), false)
  }
  assert.equal((await tokens('Bearer pk_test', { exp_year: 2026, exp_month: 10 })).status, 402)
  assert.equal((await tokens('Bearer pk_test', { exp_year: 2026, exp_month: 11 })).status, 200)
  const pay = () => sim.post('/payments', { ...validPayment(), ...DIRECT, payment_method: made.body.id })
  assert.equal((await pay()).body['status'], 'succeeded')
  assert.equal((await pay()).status, 400)
})

test('a page of any origin may ask for a token before it sends the card', async (t) => {
  const sim = await paymentsSimulator(t)
  const reply = await fetch(`${sim.url}/payments/api/tokens`, {
    method: 'OPTIONS',
    headers: {
      origin: 'https://shop.example',
      'access-control-request-method': 'POST',
      'access-control-request-headers': 'authorization',
    },
  })
  assert.equal(reply.status, 204)
  assert.match(reply.headers.get('access-control-allow-headers') ?? '', /Authorization/i)
})

test('customers keep payment methods, which pay for them alone', async (t) => {
  const sim = await paymentsSimulator(t)
  const customer = (await sim.post('/customers', { email: 'r@shop.example', name: 'Rahima', metadata: { vip: 'yes' } }))
    .body
  assert.match(customer.id, /^cus_/)
  assert.deepEqual((await sim.get(`/customers/${customer.id}`)).body, customer)
  const method = (await sim.post('/payment_methods', { type: 'card', token: 'tok_visa' })).body
  assert.equal(method['customer'], null)
  const attached = await sim.post(`/payment_methods/${method.id}/attach`, { customer: customer.id })
  assert.equal(attached.body['customer'], customer.id)
  const { body } = await sim.get(`/customers/${customer.id}/payment_methods`)
  assert.deepEqual(body['data'], [attached.body])
  assert.deepEqual((attached.body['card'] as { last4: string }).last4, '4242')
  const pay = (customerId?: string) =>
    sim.post('/payments', { ...validPayment(), ...DIRECT, payment_method: method.id, customer: customerId })
  for (let i = 0; i < 2; i += 1) assert.equal((await pay(customer.id)).body['status'], 'succeeded')
  assert.equal((await pay()).status, 400)
  const stranger = (await sim.post('/customers', {})).body
  assert.equal((await pay(stranger.id)).status, 400)
  assert.equal((await sim.post(`/payment_methods/${method.id}/attach`, { customer: stranger.id })).status, 400)
  assert.equal((await sim.post('/payment_methods', { type: 'bank_transfer', token: 'tok_visa' })).status, 400)
  for (const path of [
    '/customers/cus_x',
    '/payment_methods/pm_x',
    '/payments/pay_x',
    '/refunds/re_x',
    '/disputes/dp_x',
  ]) {
    assert.equal((await sim.get(path)).status, 404, path)
  }
})

test('the control requests move a payment as they move an order', async (t) => {
  const sim = await paymentsSimulator(t)
  for (const [step, status] of [
    ['pay', 'succeeded'],
    ['cancel', 'canceled'],
    ['fail', 'failed'],
    ['expire', 'canceled'],
    ['error', 'failed'],
    ['process', 'processing'],
    ['authorize', 'requires_capture'],
  ]) {
    const { id } = await sim.payment()
    assert.equal((await sim.control('POST', `/orders/${id}/${step}`)).status, 200)
    assert.equal((await sim.get(`/payments/${id}`)).body['status'], status)
  }
  const { id } = await sim.payment()
  await sim.control('POST', `/orders/${id}/pay`, { amount: 1250.01, answer: { metadata: { orderId: 'another' } } })
  const { body } = await sim.get(`/payments/${id}`)
  assert.deepEqual([body['amount'], body['metadata']], [125001, { orderId: 'another' }])
})

test('faults strike the writes and the reads of payments, and a repeat finds the work done', async (t) => {
  const sim = await paymentsSimulator(t)
  const order = validPayment()
  const key = { 'idempotency-key': newKey() }
  await sim.faults({ on: 'create', do: 'drop-reply', times: 1 }, { on: 'status', do: 'status', value: 503, times: 1 })
  await assert.rejects(sim.post('/payments', order, key), TypeError)
  const { status, body, headers } = await sim.post('/payments', order, key)
  assert.deepEqual([status, headers.get('idempotent-replayed')], [200, 'true'])
  assert.equal((await sim.get(`/payments/${body.id}`)).status, 503)
  await sim.faults({ on: 'status', do: 'lag', ms: 60_000 })
  sim.clock.advance(1)
  await sim.control('POST', `/orders/${body.id}/pay`)
  assert.equal((await sim.get(`/payments/${body.id}`)).body['status'], 'requires_action')
  const { calls } = await sim.ledger(body.id)
  assert.deepEqual(
    calls.map((call) => call.status),
    [null, 503, 200],
  )
})

test('what the Payments API keeps survives in the journal', async (t) => {
  const folder = mkdtempSync(`${tmpdir()}/payments-`)
  t.after(() => rmSync(folder, { recursive: true, force: true }))
  const first = await paymentsSimulator(t, { journal: `${folder}/ledger.jsonl` })
  const key = { 'idempotency-key': newKey() }
  const order = { ...validPayment(), ...DIRECT, payment_method: 'tok_visa' }
  const { body: payment } = await first.post('/payments', order, key)
  const { body: refund } = await first.post('/refunds', { payment: payment.id, amount: 1 })
  await first.stop()
  const second = await paymentsSimulator(t, { journal: `${folder}/ledger.jsonl` })
  assert.deepEqual((await second.get(`/payments/${payment.id}`)).body, { ...payment, amount_refunded: 1 })
  assert.deepEqual((await second.get(`/refunds/${refund.id}`)).body, refund)
  assert.equal((await second.post('/payments', order, key)).headers.get('idempotent-replayed'), 'true')
  await second.control('DELETE', '')
  assert.equal((await second.get(`/payments/${payment.id}`)).status, 404)
  assert.equal((await second.post('/payments', order, key)).headers.get('idempotent-replayed'), null)
})
