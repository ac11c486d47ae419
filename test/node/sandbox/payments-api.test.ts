import assert from 'node:assert/strict'
import { test } from 'node:test'
import { newKey, paymentsSimulator, validPayment } from './payments-api.ts'

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
