import assert from 'node:assert/strict'
import { test } from 'node:test'
import { bdt } from '../../../../../src/contract/money.ts'
import { until } from '../../../../support/until.ts'
import { PRICE } from '../../kit.ts'
import type { NewKit } from '../new-kit.ts'

const MINUTE = 60_000

/** The price that counts, and what happens to links that were made at another one. */
export function priceRules(newKit: NewKit): void {
  test('F13: the price of the shop wins over the one that was shown, and nothing is opened', async () => {
    const kit = await newKit()
    kit.prices.set('c1', bdt('300.00'))
    const problem = await kit.refusal('c1', { shown: bdt('100.00') })
    assert.equal(problem.code, 'price-changed')
    assert.deepEqual([problem.extras.amount, problem.extras.currency], ['300.00', 'BDT'])
    assert.equal(kit.gateway.orders.length, 0)
    const accepted = await kit.press('c1', { shown: bdt('300.00') })
    assert.equal(accepted.reply.amount, '300.00')
  })

  test('F13: a price that changed while a link was out opens a new attempt; the old one paid is held and flagged', async () => {
    const kit = await newKit()
    const old = await kit.press('c1')
    kit.prices.set('c1', bdt('2000.00'))
    const fresh = await kit.press('c1')
    assert.equal(fresh.created, true)
    assert.equal(fresh.reply.amount, '2000.00')
    kit.gateway.move(kit.gateway.order(old.reply.paymentUrl), 'paid')
    await kit.pass(2 * MINUTE)
    assert.equal((await kit.status(old.reply.token)).state, 'unresolved')
    assert.deepEqual(
      kit.alarms.map(({ kind }) => kind),
      ['paid-at-old-price'],
    )
    assert.equal(kit.handled.length, 0)
    assert.equal((await kit.refusal('c1')).code, 'already-paid')
  })

  test('F13: a press that was priced before another one does not bring the old price back', async () => {
    const kit = await newKit()
    const old = await kit.press('c1')
    await kit.clock.advance(5_000)
    kit.gateway.onRead({ replyMs: 2_000 })
    const slow = kit.press('c1', { key: 'key-of-a-slow-tab' })
    await until('the slow press asks the gateway', () => kit.gateway.calls.some(({ kind }) => kind === 'read'))
    kit.prices.set('c1', bdt('2000.00'))
    const fresh = await kit.press('c1', { key: 'key-of-a-fresh-tab' })
    const late = await kit.run(slow)
    assert.equal(late.reply.amount, '2000.00')
    assert.equal(late.reply.paymentUrl, fresh.reply.paymentUrl)
    kit.gateway.move(kit.gateway.order(old.reply.paymentUrl), 'paid')
    await kit.pass(2 * MINUTE)
    assert.equal(kit.handled.length, 0)
    assert.deepEqual(
      kit.alarms.map(({ kind }) => kind),
      ['paid-at-old-price'],
    )
  })

  test('F13: a price that went back to what an old link asks leads to that link again', async () => {
    const kit = await newKit()
    const old = await kit.press('c1')
    kit.prices.set('c1', bdt('2000.00'))
    await kit.press('c1')
    kit.prices.set('c1', PRICE)
    const back = await kit.press('c1')
    assert.equal(back.reply.paymentUrl, old.reply.paymentUrl)
    assert.equal(kit.gateway.orders.length, 2)
  })

  test('F13: the status tells what the press told, also after the price went back', async () => {
    const kit = await newKit()
    for (const price of [PRICE, bdt('2000.00'), PRICE, bdt('2000.00')]) {
      kit.prices.set('c1', price)
      const { reply } = await kit.press('c1')
      const { state, amount, reference, paymentUrl } = await kit.status(reply.token)
      assert.deepEqual(
        { state, amount, reference, paymentUrl },
        { state: 'created', amount: reply.amount, reference: reply.reference, paymentUrl: reply.paymentUrl },
      )
    }
    assert.equal(kit.gateway.orders.length, 2)
  })

  test('F13: a price that went back, and was only shown, takes the other link away from the status', async () => {
    const kit = await newKit()
    const { reply: old } = await kit.press('c1')
    kit.prices.set('c1', bdt('2000.00'))
    const { reply: fresh } = await kit.press('c1')
    kit.prices.set('c1', PRICE)
    assert.equal((await kit.refusal('c1', { shown: bdt('2000.00') })).code, 'price-changed')
    assert.equal((await kit.status(old.token)).paymentUrl, old.paymentUrl)
    // Nothing is open at a third price: what can be paid is told, and paid at it, is held.
    kit.prices.set('c1', bdt('3000.00'))
    assert.equal((await kit.refusal('c1', { shown: PRICE })).code, 'price-changed')
    assert.equal((await kit.status(old.token)).paymentUrl, fresh.paymentUrl)
  })
}
