import assert from 'node:assert/strict'
import { test } from 'node:test'
import { BASIC, paymentsSimulator, validPayment } from './payments-api.ts'

const DIRECT = { confirmation_token: false, return_url: undefined }

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
