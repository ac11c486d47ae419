import assert from 'node:assert/strict'
import { afterEach, beforeEach, describe, type Mock, mock, test } from 'node:test'
import { bdt } from '../../../src/contract/money.ts'
import {
  type AnyGateway,
  type AttemptToOpen,
  ipayGateway,
  ipayPaymentsGateway,
  ipaySessionsGateway,
} from '../../../src/server/index.ts'
import { polluted } from '../../support/polluted.ts'

const EVIL = 'https://evil.example/api'
/** Whatever a stranger might want to say for the shop. */
const OPTIONS = {
  baseUrl: EVIL,
  tokenUrl: `${EVIL}/token`,
  scope: 'everything',
  statusCodes: { 200: 'paid', 300: 'paid' },
  webhookSecret: 'known-to-strangers',
  captureMethod: 'manual',
  statementDescriptor: 'EVIL',
  handover: 'locker',
  payer: { customer: 'cus_evil', paymentMethod: 'pm_evil' },
  customer: 'cus_evil',
  paymentMethod: 'pm_evil',
}
/** What a gateway is able to do is what its members say. */
const ABILITIES = { repeatsOpen: true, refunds: {}, capture: {}, cancel: {}, history: {}, hints: {}, customers: {} }

const attempt: AttemptToOpen = {
  reference: 'REF0123456789',
  amount: bdt('10.00'),
  description: 'A mug',
  returnUrls: {
    success: 'https://shop.example/s',
    failure: 'https://shop.example/f',
    cancel: 'https://shop.example/c',
  },
  lang: null,
}

const environment = 'production'
const GATEWAYS: readonly [string, make: () => AnyGateway, origin: string, abilities: string][] = [
  ['ipay', () => ipayGateway({ environment, apiKey: 'live-key' }), 'https://app.ipay.com.bd', ''],
  [
    'ipay-payments with key and secret',
    () => ipayPaymentsGateway({ environment, auth: { kind: 'basic', apiKey: 'live-key', apiSecret: 's' } }),
    'https://api.ipay.com',
    'repeatsOpen refunds capture cancel customers',
  ],
  [
    'ipay-payments with OAuth',
    () => ipayPaymentsGateway({ environment, auth: { kind: 'oauth', clientId: 'id', clientSecret: 's' } }),
    'https://api.ipay.com',
    'repeatsOpen refunds capture cancel customers',
  ],
  [
    'ipay-sessions',
    () => ipaySessionsGateway({ environment, apiKey: 'live-key', live: false }),
    'https://portal.ipay.global',
    'repeatsOpen history',
  ],
]

/** Everything that a shop may ask beside payments, with nothing but what has to be said. */
const WRITES: Readonly<Record<string, () => Promise<unknown>>> = {
  'a customer': () => payments().customers.create({}),
  'a saved method': () => payments().customers.createMethod({ type: 'card', token: 'tok_1' }),
  'the method of a customer': () => payments().customers.attachMethod('pm_1', 'cus_1'),
  'an order': () => sessions().orders.create({ externalId: 'e_1', amount: bdt('10.00') }),
  'several orders': () => sessions().orders.importMany([{ externalId: 'e_1', amount: bdt('10.00') }]),
  'a return': () => sessions().returns.create({ orderId: 'ord_1' }),
  'the reason of a return': () => sessions().returns.setReason('rtn_1', 'damaged'),
  'the release': () => sessions().isReleaseAuthorized('ord_1'),
}
const payments = () => ipayPaymentsGateway({ environment, auth: { kind: 'basic', apiKey: 'live-key', apiSecret: 's' } })
const sessions = () => ipaySessionsGateway({ environment, apiKey: 'live-key', live: false })
const WORDS = {
  ...OPTIONS,
  key: 'evil-key',
  email: 'evil@evil.example',
  metadata: { evil: 1 },
  reason: 'evil',
  carrier: 'evil',
}

describe('H10: a polluted Object.prototype says nothing for a shop', () => {
  let asked: Mock<typeof fetch>
  beforeEach(() => {
    const answer = { access_token: 'token', token_type: 'Bearer', id: 'ord_1', external_id: attempt.reference }
    asked = mock.method(globalThis, 'fetch', async () => Response.json(answer))
  })
  afterEach(() => mock.reset())

  for (const [name, make, origin, abilities] of GATEWAYS) {
    test(`${name}: the key goes to the gateway's own address, with nothing that the shop did not say`, async () => {
      await polluted(OPTIONS, async () => {
        const gateway = make()
        await gateway.open(attempt, { signal: AbortSignal.timeout(5_000), accepted() {} })
        assert.equal(gateway.notifications?.isTaken ?? false, false)
        assert.deepEqual(gateway.notifications?.secrets() ?? [], [])
      })
      const sent = asked.mock.calls.map(({ arguments: [url, init] }) => ({
        url: String(url),
        body: String(init?.body),
      }))
      assert.ok(sent.length > 0)
      assert.deepEqual([...new Set(sent.map(({ url }) => new URL(url).origin))], [origin])
      assert.doesNotMatch(JSON.stringify(sent), /evil|everything|manual|locker/i)
    })

    test(`${name}: it is able to do what it was written for, and no more`, async () => {
      const able = await polluted(ABILITIES, () => {
        const gateway = make()
        return Object.keys(ABILITIES).filter((ability) => Reflect.get(gateway, ability) !== undefined)
      })
      assert.equal(able.join(' '), abilities)
    })
  }

  for (const [what, write] of Object.entries(WRITES)) {
    test(`${what}: what the shop left out is left out`, async () => {
      // The answers fit no question: what was asked is all that is looked at.
      await polluted(WORDS, () => write().catch(() => undefined))
      const sent = asked.mock.calls.map(({ arguments: [url, init] }) => [url, init?.method, init?.headers, init?.body])
      assert.ok(sent.length > 0)
      assert.doesNotMatch(JSON.stringify(sent), /evil|locker/i)
    })
  }
})
