import assert from 'node:assert/strict'
import { after, before, describe, test } from 'node:test'
import { bdt } from '../../src/contract/money.ts'
import {
  createPayments,
  type Gateway,
  ipayGateway,
  ipayPaymentsGateway,
  ipaySessionsGateway,
  type KyselyStore,
  openStore,
  type Payments,
  silent,
  type WithRefunds,
} from '../../src/server/index.ts'

const environment = 'sandbox' as const
const baseUrl = 'http://127.0.0.1:1'
const order = ipayGateway({ environment, apiKey: 'key', baseUrl })
const general = ipayPaymentsGateway({ environment, auth: { kind: 'basic', apiKey: 'k', apiSecret: 's' }, baseUrl })
const sessions = ipaySessionsGateway({ environment, apiKey: 'key', baseUrl })

describe('what the kit can do is what its gateway can do', () => {
  let store: KyselyStore
  before(async () => {
    store = await openStore('file::memory:')
  })
  after(() => store.close())
  const kit = <G extends Gateway>(gateway: G): Payments<G> =>
    createPayments({
      gateway,
      store,
      telemetry: silent,
      endpoint: new URL('https://shop.example/ipay/orders'),
      price: () => ({ purchaseId: 'p', amount: bdt('1.00'), description: 'd' }),
      onPaid() {},
    })
  const has = (value: object, name: string) => name in value

  test('the order gateway has neither refund, capture, void nor events', () => {
    const payments = kit(order)
    // @ts-expect-error: no refunds at this gateway
    assert.equal(payments.refund, undefined)
    // @ts-expect-error: no capture at this gateway
    assert.equal(payments.capture, undefined)
    // @ts-expect-error: no void at this gateway
    assert.equal(payments.void, undefined)
    // @ts-expect-error: no history at this gateway
    assert.equal(payments.events, undefined)
    assert.deepEqual(
      ['refund', 'capture', 'void', 'events'].filter((name) => has(payments, name)),
      [],
    )
  })

  test('the Payments API has refund, capture and void, and customers on the gateway', () => {
    const payments = kit(general)
    assert.deepEqual(
      [payments.refund, payments.capture, payments.void].map((value) => typeof value),
      Array(3).fill('function'),
    )
    // @ts-expect-error: no history at this gateway
    assert.equal(payments.events, undefined)
    assert.equal(typeof general.customers.methods, 'function')
    // @ts-expect-error: a refund has a reason from the list
    const wrong: Parameters<typeof payments.refund>[1] = { reason: 'because' }
    assert.ok(wrong)
  })

  test('payment sessions have events, returns and release; money goes back by returns alone', () => {
    const payments = kit(sessions)
    assert.equal(typeof payments.events, 'function')
    // @ts-expect-error: no refunds at this gateway
    assert.equal(payments.refund, undefined)
    // @ts-expect-error: no capture at this gateway
    assert.equal(payments.capture, undefined)
    // @ts-expect-error: no customers at this gateway
    assert.equal(sessions.customers, undefined)
    assert.deepEqual(
      [sessions.returns.create, sessions.isReleaseAuthorized].map((value) => typeof value),
      ['function', 'function'],
    )
  })

  test("a kit over any gateway promises nothing, and a shop's own gateway brings what it has", () => {
    const payments: Payments = kit<Gateway>(general)
    // @ts-expect-error: of a gateway that may be any, no refund is known
    assert.equal(typeof payments.refund, 'function')
    const own: Gateway & WithRefunds = { ...order, refunds: general.refunds }
    assert.equal(typeof kit(own).refund, 'function')
    // @ts-expect-error: it brought refunds, not captures
    assert.equal(kit(own).capture, undefined)
  })
})
