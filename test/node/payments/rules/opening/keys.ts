import assert from 'node:assert/strict'
import { test } from 'node:test'
import { ProblemError } from '../../../../../src/server/problem-error.ts'
import { polluted } from '../../../../support/polluted.ts'
import type { NewKit } from '../new-kit.ts'
import { together } from './together.ts'

/** What a key stands for, and what a request leads to that came twice. */
export function keyRules(newKit: NewKit): void {
  test('F6: the same key and body, a hundred times, are answered with the same link and one order', async () => {
    const kit = await newKit()
    const first = await kit.press('c1')
    assert.equal(first.created, true)
    for (let i = 0; i < 100; i++) {
      const again = await kit.press('c1', { order: { cart: 'c1' } })
      assert.equal(again.created, false)
      assert.deepEqual({ ...again.reply, serverTime: '' }, { ...first.reply, serverTime: '' })
    }
    assert.equal(kit.gateway.orders.length, 1)
  })

  test('a repeat that names no place to return to leaves the one that was named', async () => {
    const kit = await newKit()
    const { reply } = await kit.press('c1', { returnTo: '/one' })
    for (const [returnTo, place] of [
      [null, '/one'],
      ['/two', '/two'],
      [null, '/two'],
    ] as const) {
      await kit.press('c1', { returnTo })
      assert.equal(await kit.service.returnTo(reply.token), place)
    }
  })

  test('H10: a polluted Object.prototype says of no payment who pays it', async () => {
    const kit = await newKit()
    const payer = { customer: 'cus_evil', paymentMethod: 'pm_evil' }
    const { reply } = await polluted({ payer }, () => kit.press('c1'))
    const payment = await kit.store.rows.paymentByToken(reply.token)
    const [attempt] = await kit.store.rows.attempts(payment?.id ?? '')
    assert.deepEqual(Object.keys(JSON.parse(attempt?.asked ?? '')), ['description', 'lang'])
  })

  test('a repeat that names no language leaves the one that was named', async () => {
    const kit = await newKit()
    const { reply } = await kit.press('c1', { lang: 'bn' })
    for (const [lang, kept] of [
      [null, 'bn'],
      ['en', 'en'],
    ] as const) {
      await kit.press('c1', { lang })
      assert.equal((await kit.store.rows.paymentByToken(reply.token))?.lang, kept)
    }
  })

  test('F6: members of the order in another sequence are the same body', async () => {
    const kit = await newKit()
    const first = await kit.press('c1', { order: { cart: 'c1', items: [{ sku: 'mug', quantity: 2 }] } })
    const again = await kit.press('c1', { order: { items: [{ quantity: 2, sku: 'mug' }], cart: 'c1' } })
    assert.equal(again.reply.paymentUrl, first.reply.paymentUrl)
  })

  test('F7: the same key with another cart or another order is key-reused, and opens nothing', async () => {
    const kit = await newKit()
    await kit.press('c1', { key: 'key-00000001' })
    const bodies = [{ cart: 'c2' }, { cart: 'c1', items: [] }, { cart: 'c1', gift: true }]
    for (const order of bodies) {
      const problem = await kit.refusal(order.cart, { key: 'key-00000001', order })
      assert.equal(problem.code, 'key-reused')
    }
    const unsold = await kit.refusal('c1', { key: 'key-00000001', order: { cart: 7 } })
    assert.equal(unsold.code, 'key-reused', 'also an order that the shop does not sell')
    assert.equal(kit.gateway.orders.length, 1)
  })

  test('F7: one new key for two purchases at the same moment belongs to one of them', async () => {
    const kit = await newKit()
    const results = await kit.run(
      Promise.allSettled(['c1', 'c2'].map((cart) => kit.press(cart, { key: 'key-00000001' }))),
    )
    const opened = results.filter((result) => result.status === 'fulfilled')
    const refused = results.filter((result) => result.status === 'rejected')
    assert.equal(opened.length, 1)
    assert.ok(refused[0]?.reason instanceof ProblemError && refused[0].reason.code === 'key-reused')
    assert.equal(kit.gateway.orders.length, 1)
  })

  test('B2: a request whose answer was lost on the way to the page lands on the same order when repeated', async () => {
    const kit = await newKit()
    const lost = await kit.press('c1')
    const repeated = await kit.press('c1')
    assert.equal(repeated.created, false)
    assert.equal(repeated.reply.paymentUrl, lost.reply.paymentUrl)
    assert.equal(kit.gateway.orders.length, 1)
  })

  test('B3: a request that the browser sent twice by itself makes one order', async () => {
    const kit = await newKit()
    const opened = await together(kit, [() => kit.press('c1'), () => kit.press('c1')])
    assert.ok(opened.length >= 1)
    assert.equal(kit.gateway.orders.length, 1)
  })
}
