import assert from 'node:assert/strict'
import { after, before, beforeEach, describe, test } from 'node:test'
import {
  IPAY_PAYMENTS_BASE_URLS,
  ipayPaymentsGateway,
} from '../../../src/server/gateways/ipay-payments/ipay-payments-gateway.ts'
import {
  IPAY_SESSIONS_BASE_URL,
  ipaySessionsGateway,
} from '../../../src/server/gateways/ipay-sessions/ipay-sessions-gateway.ts'
import { json, type RawServer, rawServer } from './ipay/raw-server.ts'
import { attempt, call } from './simulator.ts'

const write = { reference: 'REF', orderId: 'pay_1', amount: { minor: 25_000, currency: 'BDT' }, idempotencyKey: 'k-1' }

/** What the two other gateways are asked, word by word: the references' own names. */
describe('on the wire', () => {
  let server: RawServer
  before(async () => {
    server = await rawServer()
    server.answer = json(200, {})
  })
  beforeEach(() => {
    server.arrived.length = 0
  })
  after(() => server.close())
  const bodies = () => server.arrived.map(({ body }) => JSON.parse(body) as Record<string, unknown>)
  const root = () => new URL(server.base).origin
  const payments = () =>
    ipayPaymentsGateway({
      environment: 'sandbox',
      baseUrl: `${root()}/api/`,
      auth: { kind: 'basic', apiKey: 'key', apiSecret: 'secret' },
      captureMethod: 'manual',
      statementDescriptor: 'SHONALI HAAT DHAKA',
    })

  test('the addresses are those of the guides', () => {
    assert.deepEqual(IPAY_PAYMENTS_BASE_URLS, {
      production: 'https://api.ipay.com/api',
      sandbox: 'https://sandbox.ipay.com/api',
    })
    assert.equal(IPAY_SESSIONS_BASE_URL, 'https://portal.ipay.global/api')
  })

  test('the Payments API: a payment in its smallest unit, our reference in its metadata and as its key', async () => {
    const wanted = attempt({ payer: { customer: 'cus_1', paymentMethod: 'pm_1' }, lang: 'bn' })
    await payments().open(wanted, call())
    const [request] = server.arrived
    assert.deepEqual([request?.method, request?.path], ['POST', '/api/payments'])
    assert.equal(request?.headers.authorization, `Basic ${btoa('key:secret')}`)
    assert.equal(request?.headers['idempotency-key'], wanted.reference)
    assert.deepEqual(bodies()[0], {
      amount: 125_000,
      currency: 'BDT',
      description: 'Two mugs',
      confirm: true,
      confirmation_token: true,
      capture_method: 'manual',
      statement_descriptor: 'SHONALI HAAT DHAKA',
      customer: 'cus_1',
      payment_method: 'pm_1',
      metadata: { orderId: wanted.reference, lang: 'bn' },
      return_url: wanted.returnUrls.success,
      failure_url: wanted.returnUrls.failure,
      cancel_url: wanted.returnUrls.cancel,
    })
  })

  test('the Payments API: every write has its key, refunds a listed reason and the smallest unit', async () => {
    const { refunds, capture, cancel, customers } = payments()
    await refunds.refund({ ...write, reason: 'duplicate' }, call())
    await capture.capture(write, call())
    await cancel.cancel(write, call())
    await Promise.allSettled([
      customers.create({ email: 'a@shop.example' }),
      customers.createMethod({ type: 'card', token: 'tok_1' }, { key: 'k-1' }),
      customers.attachMethod('pm_1', 'cus_1', { key: 'k-1' }),
    ])
    assert.ok(server.arrived.every(({ headers }) => headers['idempotency-key'] !== undefined))
    assert.deepEqual(
      server.arrived.map(({ path }) => path),
      [
        '/api/refunds',
        '/api/payments/pay_1/capture',
        '/api/payments/pay_1/cancel',
        '/api/customers',
        '/api/payment_methods',
        '/api/payment_methods/pm_1/attach',
      ],
    )
    assert.deepEqual(bodies()[0], { payment: 'pay_1', amount: 25_000, reason: 'duplicate' })
    assert.deepEqual(bodies()[4], { type: 'card', token: 'tok_1' })
  })

  test('payment sessions: an order under our reference in decimal text, then its session, each with a key', async () => {
    server.answer = (request, response) =>
      json(200, request.path.endsWith('/orders') ? { id: 'ord_1', external_id: 'REF-7' } : {})(request, response)
    const gateway = ipaySessionsGateway({
      environment: 'sandbox',
      baseUrl: root(),
      apiKey: 'key',
      handover: 'locker',
      live: false,
    })
    const wanted = attempt({ reference: 'REF-7', lang: 'en' })
    await gateway.open(wanted, call())
    server.answer = json(200, {})
    assert.deepEqual(
      server.arrived.map(({ path, headers }) => [path, headers['idempotency-key'], headers.authorization]),
      [
        ['/orders', 'REF-7-order', 'Bearer key'],
        ['/orders/ord_1/payment-sessions', 'REF-7-session', 'Bearer key'],
      ],
    )
    assert.deepEqual(bodies(), [
      {
        external_id: 'REF-7',
        amount: '1250.00',
        currency: 'BDT',
        description: 'Two mugs',
        handover: 'locker',
        metadata: { lang: 'en' },
      },
      {
        success_url: wanted.returnUrls.success,
        failure_url: wanted.returnUrls.failure,
        cancel_url: wanted.returnUrls.cancel,
      },
    ])
  })

  test('G23: a refund that the answer says was another one is not taken for ours', async () => {
    const good = { id: 're_1', payment: 'pay_1', amount: 25_000, currency: 'BDT', status: 'succeeded' }
    const told = async (changes: object) => {
      server.answer = json(200, { ...good, ...changes })
      return (await payments().refunds.refund({ ...write, reason: 'duplicate' }, call())).kind
    }
    assert.equal(await told({}), 'done')
    assert.equal(await told({ status: 'pending' }), 'done')
    for (const changes of [
      { payment: 'pay_2' },
      { amount: 24_999 },
      { amount: 25_001 },
      { currency: 'USD' },
      { id: '' },
    ])
      assert.equal(await told(changes), 'unknown', JSON.stringify(changes))
    for (const status of ['failed', 'canceled']) assert.equal(await told({ status }), 'refused')
  })
})
