import assert from 'node:assert/strict'
import { createServer, type IncomingMessage } from 'node:http'
import type { AddressInfo } from 'node:net'
import { after, before, describe, test } from 'node:test'
import { money } from '../../../src/contract/money.ts'
import { GatewayError } from '../../../src/server/gateways/gateway-error.ts'
import { readEvent } from '../../../src/server/gateways/ipay-payments/events.ts'
import { reasonOf } from '../../../src/server/gateways/ipay-payments/failure-codes.ts'
import {
  type IpayPaymentsOptions,
  ipayPaymentsGateway,
} from '../../../src/server/gateways/ipay-payments/ipay-payments-gateway.ts'
import { nextActionUrl, readPayment } from '../../../src/server/gateways/ipay-payments/payment-reply.ts'
import { attempt, call, opened, type Simulator, startSimulator, toRead } from './simulator.ts'

const basic = { kind: 'basic', apiKey: 'key', apiSecret: 'secret' } as const

describe('the Payments API', () => {
  let simulator: Simulator
  before(async () => {
    simulator = await startSimulator()
  })
  after(() => simulator.stop())
  const make = (options: Partial<IpayPaymentsOptions> = {}) =>
    ipayPaymentsGateway({ environment: 'sandbox', baseUrl: `${simulator.url}/payments/api`, auth: basic, ...options })

  test('every currency is opened and read in its own smallest unit', async () => {
    for (const amount of [money('1250', 'JPY'), money('1250.00', 'BDT'), money('1.250', 'KWD'), money('0.01', 'USD')]) {
      const gateway = make()
      const wanted = attempt({ amount })
      const { orderId } = opened(await gateway.open(wanted, call()))
      const reading = await gateway.read(toRead(wanted, orderId), call())
      assert.deepEqual(reading.kind === 'payment' && reading.amount, amount)
      const shown = (await simulator.orders()).find((order) => order.orderId === orderId)
      assert.equal(shown?.currency, amount.currency)
    }
  })

  test('a descriptor that no bank prints is a mistake that is told at once', () => {
    for (const statementDescriptor of ['', 'x'.repeat(23), 'সোনালি', 'a\nb'])
      assert.throws(() => make({ statementDescriptor }), /^TypeError: statementDescriptor/)
  })

  test('a saved method is charged at once, without a page', async () => {
    const gateway = make()
    const customer = await gateway.customers.create({ email: 'a@shop.example', metadata: { shop: '7' } })
    const saved = await gateway.customers.createMethod({ type: 'card', token: 'tok_visa' })
    assert.deepEqual(saved.card, { brand: 'visa', last4: '4242', expMonth: 12, expYear: 2034 })
    await gateway.customers.attachMethod(saved.id, customer.id)
    assert.deepEqual(await gateway.customers.methods(customer.id), [saved])
    const wanted = attempt({ payer: { customer: customer.id, paymentMethod: saved.id } })
    const outcome = await gateway.open(wanted, call())
    assert.equal(outcome.kind, 'charged')
    const orderId = outcome.kind === 'charged' ? outcome.orderId : null
    const reading = await gateway.read(toRead(wanted, orderId), call())
    assert.equal(reading.kind === 'payment' && reading.state, 'paid')
    assert.deepEqual(await gateway.open(wanted, call()), outcome, 'a repeat charges nothing')
  })

  for (const [token, reason] of Object.entries({
    tok_card_declined: 'declined',
    tok_insufficient_funds: 'insufficient-balance',
    tok_expired_card: 'declined',
    tok_limit_exceeded: 'limit-exceeded',
    tok_account_blocked: 'account-blocked',
    tok_processing_error: 'technical',
  })) {
    test(`402: a saved method that is declined says why: ${token}`, async () => {
      const wanted = attempt({ payer: { paymentMethod: token } })
      const gateway = make()
      const outcome = await gateway.open(wanted, call())
      assert.equal(outcome.kind, 'declined')
      assert.equal(outcome.kind === 'declined' && outcome.reason, reason)
      const orderId = outcome.kind === 'declined' ? outcome.orderId : null
      const reading = await gateway.read(toRead(wanted, orderId), call())
      assert.deepEqual(reading.kind === 'payment' && [reading.state, reading.reason], ['failed', reason])
    })
  }

  test('3-D Secure: a saved card that is challenged sends the buyer to the challenge', async () => {
    const outcome = opened(await make().open(attempt({ payer: { paymentMethod: 'tok_3ds' } }), call()))
    assert.match(outcome.paymentUrl, /\/payments\/challenge\//)
  })

  for (const [token, first] of Object.entries({
    tok_bank_transfer: 'processing',
    tok_digital_wallet: 'paid',
    tok_buy_now_pay_later: 'paid',
  })) {
    test(`every kind of method ends paid, and not before: ${token}`, async () => {
      const wanted = attempt({ payer: { paymentMethod: token } })
      const gateway = make()
      const outcome = await gateway.open(wanted, call())
      const orderId = outcome.kind === 'charged' ? outcome.orderId : null
      const reading = async () => {
        const answer = await gateway.read(toRead(wanted, orderId), call())
        return answer.kind === 'payment' && answer.state
      }
      assert.equal(await reading(), first)
      await simulator.clock.advance(60_000)
      assert.equal(await reading(), 'paid')
    })
  }

  test('a slow method is on its way, and paid later', async () => {
    const wanted = attempt({ payer: { paymentMethod: 'tok_slow' } })
    const gateway = make()
    const outcome = await gateway.open(wanted, call())
    const orderId = outcome.kind === 'charged' ? outcome.orderId : null
    const state = async () => {
      const reading = await gateway.read(toRead(wanted, orderId), call())
      return reading.kind === 'payment' ? reading.state : reading.kind
    }
    assert.equal(await state(), 'processing')
    await simulator.clock.advance(60_000)
    assert.equal(await state(), 'paid')
  })

  test('a dispute is a flag on a payment that stays paid', async () => {
    const wanted = attempt({ payer: { paymentMethod: 'tok_disputed' } })
    const gateway = make()
    const outcome = await gateway.open(wanted, call())
    const reading = await gateway.read(toRead(wanted, outcome.kind === 'charged' ? outcome.orderId : null), call())
    assert.deepEqual(reading.kind === 'payment' && [reading.state, reading.disputed], ['paid', true])
  })

  test('customers: what goes wrong is a GatewayError with a code, and holds no key', async () => {
    const { customers } = make()
    const codes: Record<number, string> = {
      400: 'invalid',
      401: 'unauthorized',
      402: 'declined',
      404: 'missing',
      409: 'conflict',
      429: 'busy',
      500: 'unavailable',
    }
    for (const [status, code] of Object.entries(codes)) {
      await simulator.faults({ on: 'create', do: 'status', value: Number(status), times: 1 })
      await assert.rejects(customers.create({ name: 'A' }), (error) => {
        assert.ok(error instanceof GatewayError)
        assert.equal(error.code, code)
        assert.equal(error.retryable, code === 'busy' || code === 'unavailable')
        assert.doesNotMatch(JSON.stringify(error) + String(error.stack), /c2VjcmV0|a2V5/)
        return true
      })
    }
    await simulator.faults()
    await assert.rejects(
      customers.methods('nobody'),
      (error) => error instanceof GatewayError && error.code === 'missing',
    )
  })

  test('JWT: the function that gives one is asked at each call, and once more after a 401', async () => {
    const jwt = (iss: string, seconds: number) => {
      const part = (value: object) => Buffer.from(JSON.stringify(value)).toString('base64url')
      const exp = simulator.clock.now() / 1_000 + seconds
      return `${part({ alg: 'HS256' })}.${part({ iss, exp })}.${Buffer.from('signed').toString('base64url')}`
    }
    const tokens = [jwt('key', 60), jwt('key', -1), jwt('key', 60)]
    const gateway = make({ auth: { kind: 'jwt', token: async () => tokens.shift() ?? 'none' } })
    opened(await gateway.open(attempt(), call()))
    opened(await gateway.open(attempt(), call()))
    assert.equal((await gateway.open(attempt(), call())).kind, 'refused')
    const broken = make({ auth: { kind: 'jwt', token: () => Promise.reject(new Error('no key file')) } })
    assert.equal((await broken.open(attempt(), call())).kind, 'unknown')
  })

  test('OAuth: one token serves until shortly before its end, however many ask at once', async () => {
    const auth = { kind: 'oauth', clientId: 'id', clientSecret: 'secret' } as const
    const counting = await countTokens(simulator.url)
    const gateway = make({ auth: { ...auth, tokenUrl: counting.url }, now: () => simulator.clock.now() })
    await Promise.all(Array.from({ length: 20 }, async () => opened(await gateway.open(attempt(), call()))))
    assert.equal(counting.count(), 1)
    await simulator.clock.advance(3_530_000)
    opened(await gateway.open(attempt(), call()))
    assert.equal(counting.count(), 1)
    await simulator.clock.advance(20_000)
    opened(await gateway.open(attempt(), call()))
    assert.equal(counting.count(), 2)
    await counting.stop()
  })

  test('OAuth: a token that the gateway forgot is fetched anew once, and the call is made again', async () => {
    const gateway = make({ auth: { kind: 'oauth', clientId: 'id', clientSecret: 'secret' } })
    opened(await gateway.open(attempt(), call()))
    await simulator.control('DELETE', '')
    opened(await gateway.open(attempt(), call()))
    await simulator.faults({ on: 'create', do: 'status', value: 401 })
    assert.equal((await gateway.open(attempt(), call())).kind, 'refused')
    assert.equal(((await simulator.control('GET', '/calls')) as unknown[]).length, 4)
    await simulator.faults()
  })

  test('OAuth: refused credentials refuse; an unreachable token address says nothing about an order', async () => {
    const refused = make({ auth: { kind: 'oauth', clientId: 'invalid', clientSecret: 'secret' } })
    assert.deepEqual(await refused.open(attempt(), call()), { kind: 'refused', detail: 'HTTP 401' })
    const nowhere = make({
      auth: { kind: 'oauth', clientId: 'id', clientSecret: 's', tokenUrl: 'http://127.0.0.1:1/t' },
    })
    assert.equal((await nowhere.open(attempt(), call())).kind, 'unknown')
  })

  test('an answer with another order id in its metadata is not believed', async () => {
    const gateway = make()
    const wanted = attempt()
    await simulator.faults({
      on: 'create',
      do: 'garbage',
      value: JSON.stringify({
        id: 'pay_1',
        status: 'requires_action',
        metadata: { orderId: 'OTHER' },
        next_action: { redirect: { url: 'https://x.example' } },
      }),
    })
    assert.equal((await gateway.open(wanted, call())).kind, 'unknown')
    await simulator.faults()
  })
})

describe('reading a payment', () => {
  const reply = (changes: object = {}) => ({
    id: 'pay_1',
    status: 'succeeded',
    amount: 1000,
    currency: 'BDT',
    amount_captured: 1000,
    amount_refunded: 0,
    metadata: { orderId: 'REF' },
    ...changes,
  })
  const read = (changes: object) => {
    const reading = readPayment(reply(changes))
    return reading.kind === 'payment' ? reading : assert.fail(reading.kind)
  }

  test('each status of the flow has one meaning, and any other is unknown', () => {
    const states = {
      requires_payment_method: 'created',
      requires_confirmation: 'created',
      requires_action: 'created',
      processing: 'processing',
      requires_capture: 'processing',
      succeeded: 'paid',
      failed: 'failed',
      canceled: 'cancelled',
      Succeeded: 'unknown',
      paid: 'unknown',
      '': 'unknown',
      toString: 'unknown',
    }
    for (const [status, state] of Object.entries(states)) assert.equal(read({ status }).state, state, status)
    for (const status of [undefined, null, 200, true, {}]) assert.equal(read({ status }).state, 'unknown')
  })

  test('succeeded with less captured than asked for reports what was captured', () => {
    assert.deepEqual(read({ amount_captured: 999 }).amount, { minor: 999, currency: 'BDT' })
    assert.deepEqual(read({ amount_captured: undefined }).amount, { minor: 1000, currency: 'BDT' })
    for (const amount_captured of ['1000', 1000.5, null, -1]) {
      assert.notDeepEqual(read({ amount_captured }).amount, { minor: 1000, currency: 'BDT' })
    }
  })

  test('an amount or a currency that is none makes it unknown', () => {
    for (const changes of [
      { amount: '1000' },
      { amount: 10.5 },
      { amount: null },
      { currency: 'bdt' },
      { currency: 5 },
    ]) {
      assert.equal(read(changes).state, 'unknown', JSON.stringify(changes))
    }
  })

  test('without our order id it is not readable at all', () => {
    for (const metadata of [undefined, null, {}, { orderId: 5 }, { orderId: '' }]) {
      assert.equal(readPayment(reply({ metadata })).kind, 'unreachable')
    }
  })

  test('a failure code that nobody listed is unknown, also one that every object has', () => {
    for (const code of ['moon_phase', 'constructor', '__proto__', '', null, 5]) assert.equal(reasonOf(code), 'unknown')
  })

  test('next actions: a redirect or a challenge with a page; anything else has none', () => {
    const url = 'https://x.example/1'
    for (const action of [
      { type: 'redirect', redirect: { url } },
      { redirect_to_url: { url } },
      { type: 'challenge', url },
      { type: 'challenge', challenge: { url } },
      { type: 'digital_wallet', digital_wallet: { provider: 'apple_pay', url } },
      { type: 'bank_transfer', bank_transfer: { scheme: 'sepa', url } },
      { type: 'buy_now_pay_later', buy_now_pay_later: { provider: 'klarna', url } },
    ]) {
      assert.equal(nextActionUrl(action), url)
    }
    for (const action of [
      null,
      {},
      { url: 5 },
      { redirect: {} },
      { type: 'redirect' },
      { type: 'toString' },
      { type: 'bank_transfer', bank_transfer: { iban: 'DE00' } },
      'https://x.example',
    ])
      assert.equal(nextActionUrl(action), undefined)
  })

  test('events are read for which order to ask about, and for nothing else', () => {
    const data = { status: 'succeeded', metadata: { orderId: 'REF' } }
    assert.deepEqual(readEvent({ id: 'e1', type: 'payment.failed', data }), {
      id: 'e1',
      type: 'payment.failed',
      reference: 'REF',
      known: true,
    })
    assert.deepEqual(readEvent({ id: 'e1', type: 'customer.created', data }), {
      id: 'e1',
      type: 'customer.created',
      reference: null,
      known: true,
    })
    assert.deepEqual(readEvent({ id: 'e1', type: 'new', data: 5 }), {
      id: 'e1',
      type: 'new',
      reference: null,
      known: false,
    })
    for (const body of [null, 5, 'x', [], {}, { id: 'e' }, { id: 5, type: 'x' }, { id: 'x'.repeat(129), type: 'x' }]) {
      assert.equal(readEvent(body), undefined)
    }
  })
})

/** A token address that counts, in front of the simulator's. */
async function countTokens(simulatorUrl: string) {
  let asked = 0
  const server = createServer(async (incoming: IncomingMessage, outgoing) => {
    asked += 1
    const chunks: Buffer[] = []
    for await (const chunk of incoming) chunks.push(chunk)
    const answer = await fetch(`${simulatorUrl}/payments/api/oauth/token`, {
      method: 'POST',
      headers: {
        authorization: incoming.headers.authorization ?? '',
        'content-type': incoming.headers['content-type'] ?? '',
      },
      body: Buffer.concat(chunks),
    })
    outgoing.writeHead(answer.status, { 'content-type': 'application/json' }).end(await answer.text())
  })
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  return {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}/token`,
    count: () => asked,
    stop: () => new Promise((resolve) => server.close(resolve)),
  }
}
