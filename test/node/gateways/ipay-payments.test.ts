import assert from 'node:assert/strict'
import { after, before, describe, test } from 'node:test'
import { money } from '../../../src/contract/money.ts'
import { GatewayError } from '../../../src/server/gateways/gateway-error.ts'
import type { IpayPaymentsOptions } from '../../../src/server/gateways/ipay-payments/ipay-payments-gateway.ts'
import { attempt, call, opened, paymentsOver, type Simulator, startSimulator, toRead } from './simulator.ts'

describe('the Payments API', () => {
  let simulator: Simulator
  before(async () => {
    simulator = await startSimulator()
  })
  after(() => simulator.stop())
  const make = (options: Partial<IpayPaymentsOptions> = {}) => paymentsOver(simulator, options)

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

  test('whether there is a dispute may be not known: the payment is paid, and asked about again', async () => {
    const wanted = attempt()
    const gateway = make()
    const { orderId } = opened(await gateway.open(wanted, call()))
    await simulator.act(orderId, 'pay')
    const through = { on: 'status', do: 'delay', ms: 0, times: 1 } as const
    for (const [value, expected] of [
      [500, ['paid', undefined, true]],
      [429, ['paid', undefined, true]],
      [403, ['paid', false, undefined]],
    ] as const) {
      await simulator.faults(through, { on: 'status', do: 'status', value, times: 1 })
      const reading = await gateway.read(toRead(wanted, orderId), call())
      const told = reading.kind === 'payment' && [reading.state, reading.disputed, reading.incomplete]
      assert.deepEqual(told, expected, `HTTP ${value}`)
    }
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
