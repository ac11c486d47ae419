import assert from 'node:assert/strict'
import { test } from 'node:test'
import type { NewKit } from '../new-kit.ts'

/** Presses that end without a link, and texts that no database takes. */
export function refusalRules(newKit: NewKit): void {
  test('F15: a refusal is told to the operator once per attempt, and is not tried again by itself', async () => {
    const kit = await newKit()
    kit.gateway.onOpen({ request: 'lost' }, { request: 'refused', reply: { kind: 'refused', detail: 'HTTP 401' } })
    await kit.run(kit.refusal('c1'))
    const problem = await kit.refusal('c1')
    assert.equal(problem.code, 'gateway-refused')
    assert.doesNotMatch(problem.message, /401|Bearer|key/i)
    assert.deepEqual(
      kit.alarms.map(({ kind }) => kind),
      ['gateway-refused'],
    )
  })

  test('F16: a gateway that says when to come back is quoted, within bounds', async () => {
    const kit = await newKit()
    const waits: (number | undefined)[] = []
    for (const retryAfterSeconds of [0, 7, 3_600]) {
      kit.gateway.onOpen({ request: 'lost', reply: 'lost' })
      kit.gateway.open = async () => ({ kind: 'unknown', detail: 'HTTP 429', retryAfterSeconds })
      waits.push((await kit.refusal('c1')).extras.retryAfter)
    }
    assert.deepEqual(waits, [1, 7, 60])
  })

  test('H4: a description and an order that hold what no database takes are opened all the same', async () => {
    const kit = await newKit({ describe: () => 'Two\u0000 mugs \ud800' })
    const { created } = await kit.press('c1', { order: { cart: 'c1', note: 'a\u0000b\udc00' } })
    assert.equal(created, true)
    const payment = await kit.store.rows.paymentByPurchase('c1')
    assert.match(payment?.description ?? '', /^Two mugs/)
    assert.equal((await kit.refusal('c2\0', { key: 'key-of-nul' })).code, 'order-refused')
  })

  test('F17: an outcome whose texts hold what no database takes is written down', async () => {
    const kit = await newKit()
    kit.gateway.onOpen({ request: 'lost', reply: 'lost' })
    kit.gateway.open = async () => ({ kind: 'unknown', detail: 'HTTP 200: \u0000\u0001 GIF89a' })
    assert.equal((await kit.refusal('c1')).code, 'gateway-unavailable')
  })

  test('F17: an order with an address that breaks the rule is stored without it and flagged', async () => {
    const addresses = ['https://evil.example/pay/1', 'javascript:alert(1)', 'https://app.ipay.com.bd/pay/1']
    for (const paymentUrl of addresses) {
      const kit = await newKit()
      kit.gateway.onOpen({ reply: { kind: 'opened', orderId: 'IPAY-1', paymentUrl, expiresAt: null } })
      assert.equal((await kit.refusal('c1')).code, 'gateway-unavailable')
      assert.deepEqual(
        kit.alarms.map(({ kind }) => kind),
        ['unsafe-payment-url'],
      )
      const payment = await kit.store.rows.paymentByPurchase('c1')
      const [attempt] = await kit.store.rows.attempts(payment?.id ?? '')
      assert.equal(attempt?.payment_url, null)
    }
  })

  test('an order that the shop does not sell is order-refused, and a price that is none is a fault of the shop', async () => {
    const kit = await newKit()
    assert.equal((await kit.refusal('c1', { order: { cart: 7 } })).code, 'order-refused')
    assert.equal((await kit.refusal('c1', { key: 'key-unused', order: { cart: 7 } })).code, 'order-refused')
    kit.prices.set('c1', { minor: 12.5, currency: 'BDT' })
    await assert.rejects(kit.press('c1'), TypeError)
    assert.equal(kit.gateway.calls.length, 0)
  })
}
