import assert from 'node:assert/strict'
import { test } from 'node:test'
import { orderOver, statusOf, visitReturn } from '../../support/endpoint.ts'
import type { LedgerOrder } from '../../support/sandbox-control.ts'
import { deliveriesOf, fulfilled, ordersOf, pay, shops, urlOf } from './shops.ts'

/** How often the gateway was asked about orders after they were paid. */
const questionsAfterPaying = (orders: readonly LedgerOrder[]): number =>
  orders.reduce((sum, { history, calls }) => {
    const paidAt = history.find(({ state }) => state === 'paid')?.at ?? assert.fail()
    return sum + calls.filter(({ at, path }) => path.endsWith('/status') && at > paidAt).length
  }, 0)

/** Payments that several processes hear of. */
export function payingRules(): void {
  test('E4 E9: visits, questions and rounds of all of them at the same moment make one delivery', async () => {
    const { body } = await orderOver(urlOf(0), { cart: 'e9', key: 'key-of-e9' })
    await pay('e9', body.paymentUrl)
    await Promise.all(
      Array.from({ length: 60 }, (_, index) =>
        index % 2 ? statusOf(urlOf(index), body.token) : visitReturn(urlOf(index), body.token, 'success'),
      ),
    )
    await fulfilled('e9')
    for (const shop of shops.urls) assert.equal((await statusOf(shop, body.token)).body.state, 'paid')
    await Promise.all(shops.urls.map((shop) => visitReturn(shop, body.token, 'cancel')))
    assert.equal(await deliveriesOf('e9'), 1)
  })

  test('F20: two attempts paid at once, and heard of by different processes, are one fulfilment and a flag', async () => {
    const first = await orderOver(urlOf(0), { cart: 'f20', key: 'key-of-f20' })
    const second = await orderOver(urlOf(1), { cart: 'f20', key: 'key-of-f20-b', quantity: 2 })
    assert.equal(second.status, 201)
    await Promise.all([pay('f20', first.body.paymentUrl), pay('f20', second.body.paymentUrl)])
    await Promise.all(shops.urls.map((shop) => visitReturn(shop, first.body.token, 'success')))
    await fulfilled('f20')
    const { payments, flags } = await shops.database.read()
    const payment = payments.find((row) => row.purchase_id === 'f20')
    assert.ok(flags.some(({ payment_id, kind }) => payment_id === payment?.id && kind === 'paid-twice'))
    assert.equal(await deliveriesOf('f20'), 1)
  })

  test('G12: forty orders whose returns are all lost are each asked about by one of them at a time, and delivered once', async () => {
    const carts = Array.from({ length: 40 }, (_, index) => `g12-${index}`)
    const opened = await Promise.all(
      carts.map((cart, index) => orderOver(urlOf(index), { cart, key: `key-of-${cart}` })),
    )
    await Promise.all(opened.map(({ body }, index) => pay(carts[index] ?? '', body.paymentUrl)))
    await Promise.all(carts.map(fulfilled))
    assert.deepEqual(await Promise.all(carts.map(deliveriesOf)), Array(40).fill(1))
    // One question heard of each payment, and there was no other.
    const asked = await Promise.all(carts.map(async (cart) => questionsAfterPaying(await ordersOf(cart))))
    assert.deepEqual(asked, Array(40).fill(1))
  })
}
