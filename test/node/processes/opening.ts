import assert from 'node:assert/strict'
import { test } from 'node:test'
import { orderOver } from '../../support/endpoint.ts'
import { until } from '../../support/until.ts'
import { attemptsOf, oneLink, ordersOf, pressUntilOpen, shops, spread, urlOf } from './shops.ts'

/** Presses over all processes. */
export function openingRules(): void {
  test('F6: a key that one of them has answered is answered with the same link by all of them', async () => {
    const first = await orderOver(urlOf(0), { cart: 'f6', key: 'key-of-f6' })
    const again = await spread(30, (shop) => orderOver(shop, { cart: 'f6', key: 'key-of-f6' }))
    for (const { status, body } of again) {
      assert.equal(status, 200)
      assert.deepEqual(
        [body.paymentUrl, body.reference, body.token],
        [first.body.paymentUrl, first.body.reference, first.body.token],
      )
    }
    assert.equal((await ordersOf('f6')).length, 1)
  })

  test('F7: a key of another cart is 422 at each of them, and of two carts at once one gets the new key', async () => {
    await orderOver(urlOf(0), { cart: 'f7', key: 'key-of-f7' })
    for (const shop of shops.urls) {
      assert.equal((await orderOver(shop, { cart: 'f7-other', key: 'key-of-f7' })).status, 422)
      assert.equal((await orderOver(shop, { cart: 'f7', key: 'key-of-f7', quantity: 2 })).status, 422)
    }
    for (let round = 0; round < 5; round++) {
      const answers = await spread(3, (shop, index) =>
        orderOver(shop, { cart: `f7-${round}-${index}`, key: `key-of-round-${round}` }),
      )
      assert.deepEqual(answers.map(({ status }) => status).sort(), [201, 422, 422])
    }
  })

  test('F8 F9: a hundred presses with one key at once, over all of them, are one order, and after its end one more', async () => {
    const answers = await spread(100, (shop) => orderOver(shop, { cart: 'f8', key: 'key-of-f8' }))
    const link = oneLink(answers)
    assert.equal((await ordersOf('f8')).length, 1)
    assert.equal((await attemptsOf('f8')).length, 1)
    for (const shop of shops.urls) {
      assert.equal((await orderOver(shop, { cart: 'f8', key: 'key-of-f8' })).body.paymentUrl, link)
    }
    // Now the payment's row is there already, and only its lock keeps the second crowd in order.
    const [order] = await ordersOf('f8')
    await shops.sandbox.act(order?.orderId ?? assert.fail(), 'cancel')
    const another = oneLink(await spread(100, (shop) => orderOver(shop, { cart: 'f8', key: 'key-of-f8-again' })))
    assert.notEqual(another, link)
    assert.equal((await ordersOf('f8')).length, 2)
  })

  test('D6: sixty tabs with keys of their own, over all of them, are one order', async () => {
    oneLink(await spread(60, (shop, index) => orderOver(shop, { cart: 'd6', key: `key-of-tab-${index}` })))
    assert.equal((await ordersOf('d6')).length, 1)
  })

  test('F2 F9: a gateway that acted and did not say so, asked by three at once, leaves one live link', async () => {
    await shops.sandbox.setFaults([{ on: 'create', do: 'drop-reply', times: 1 }])
    await spread(12, (shop) => orderOver(shop, { cart: 'f2', key: 'key-of-f2' }))
    const { body } = await pressUntilOpen(urlOf(1), 'f2', 'key-of-f2')
    const live = (await attemptsOf('f2')).filter(({ payment_url }) => payment_url !== null)
    assert.deepEqual(
      live.map(({ payment_url }) => payment_url),
      [body.paymentUrl],
    )
  })

  test('F10: one that dies while it opens an order keeps nobody from it for longer than its claim', async () => {
    await shops.sandbox.setFaults([{ on: 'create', do: 'hang', times: 1 }])
    const lost = orderOver(urlOf(2), { cart: 'f10', key: 'key-of-f10' }).catch(() => 'the connection ended')
    await until('the claim stands', async () => (await attemptsOf('f10')).length === 1)
    await shops.kill(2)
    assert.equal(await lost, 'the connection ended')
    const meanwhile = await orderOver(urlOf(0), { cart: 'f10', key: 'key-of-f10' })
    assert.equal(meanwhile.status, 409)
    assert.ok(Number(meanwhile.headers.get('retry-after')) >= 1)
    const { body } = await pressUntilOpen(urlOf(0), 'f10', 'key-of-f10')
    await shops.revive(2)
    assert.equal((await orderOver(urlOf(2), { cart: 'f10', key: 'key-of-f10' })).body.paymentUrl, body.paymentUrl)
  })

  test('F13: two prices at once, over all of them, are one live link for each', async () => {
    const answers = await spread(30, (shop, index) =>
      orderOver(shop, { cart: 'f13', key: `key-of-f13-${index}`, quantity: 1 + (index % 2) }),
    )
    for (const { status } of answers) assert.ok([200, 201, 409, 503].includes(status), String(status))
    const live = (await attemptsOf('f13')).filter(({ payment_url }) => payment_url !== null)
    assert.equal(new Set(live.map(({ amount }) => amount)).size, live.length)
  })
}
