import assert from 'node:assert/strict'
import { test } from 'node:test'
import type { NewKit } from '../new-kit.ts'

const MINUTE = 60_000

/** Orders whose link nobody has, or nobody can use any more. */
export function lostOrderRules(newKit: NewKit): void {
  test('A11: after a failed try the same key leads to one live link, and the lost order is watched', async () => {
    const kit = await newKit()
    kit.gateway.onOpen({ reply: 'lost' })
    const problem = await kit.run(kit.refusal('c1'))
    assert.equal(problem.code, 'gateway-unavailable')
    assert.ok((problem.extras.retryAfter ?? 0) >= 1)
    const opened = await kit.press('c1')
    const again = await kit.press('c1')
    assert.equal(again.reply.paymentUrl, opened.reply.paymentUrl)
    assert.equal(kit.gateway.orders.length, 2)
    await kit.pass(5_000)
    const lost = await kit.store.rows.attemptByReference(kit.gateway.orders[0]?.reference ?? '')
    assert.equal(lost?.state, 'created')
    assert.equal(lost?.payment_url, null)
    assert.notEqual(lost?.next_check_at, null)
  })

  test('F2: an order whose answer came too late is found by its reference, and its address is given to nobody', async () => {
    const kit = await newKit()
    kit.gateway.onOpen({ replyMs: 60_000 })
    const problem = await kit.run(kit.refusal('c1'))
    assert.equal(problem.code, 'gateway-unavailable')
    const [lost] = kit.gateway.orders
    await kit.pass(10_000)
    const attempt = await kit.store.rows.attemptByReference(lost?.reference ?? '')
    assert.equal(attempt?.order_id, lost?.orderId)
    const opened = await kit.press('c1')
    assert.notEqual(opened.reply.paymentUrl, lost?.paymentUrl)
  })

  test('F2: while it is not known whether a link that is out can still be paid, no second one is opened', async () => {
    const kit = await newKit()
    await kit.press('c1')
    await kit.clock.advance(16 * MINUTE)
    kit.gateway.behave.read = () => ({ reply: 'lost' })
    const problem = await kit.run(kit.refusal('c1', { key: 'key-of-later' }))
    assert.equal(problem.code, 'gateway-unavailable')
    assert.equal(kit.gateway.orders.length, 1)
    kit.gateway.behave.read = () => ({})
    const opened = await kit.press('c1', { key: 'key-of-later' })
    assert.equal(opened.created, true)
  })

  test('F3: a 409 for a reference of ours opens another attempt, and no error reaches the buyer', async () => {
    const kit = await newKit()
    // A proxy that sent the request again: the first copy made the order, the second one is answered with 409.
    kit.gateway.onOpen({ request: 'twice' })
    const opened = await kit.press('c1')
    assert.equal(opened.created, true)
    assert.equal(kit.gateway.orders.length, 2)
    const [first] = kit.gateway.orders
    assert.notEqual(opened.reply.paymentUrl, first?.paymentUrl)
    await kit.pass(MINUTE)
    assert.equal((await kit.store.rows.attemptByReference(first?.reference ?? ''))?.order_id, first?.orderId)
  })

  test('F3: a gateway that answers every order with 409 is unavailable, and is not asked for ever', async () => {
    const kit = await newKit()
    kit.gateway.behave.open = () => ({ request: 'twice' })
    const problem = await kit.run(kit.refusal('c1'))
    assert.equal(problem.code, 'gateway-unavailable')
    assert.ok(kit.gateway.calls.filter((call) => call.kind === 'open').length <= 2)
  })

  test('E14: after expiry the buyer gets a new order under a new reference, and the old one is watched', async () => {
    const kit = await newKit()
    const first = await kit.press('c1')
    await kit.clock.advance(16 * MINUTE)
    const second = await kit.press('c1')
    assert.equal(second.created, true)
    assert.notEqual(second.reply.reference, first.reply.reference)
    assert.equal(second.reply.token, first.reply.token)
    const old = await kit.store.rows.attemptByReference(first.reply.reference)
    assert.equal(old?.state, 'expired')
    assert.notEqual(old?.next_check_at, null)
  })
}
