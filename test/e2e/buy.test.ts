import assert from 'node:assert/strict'
import { test } from 'node:test'
import { inEveryEngine } from '../support/scene.ts'
import {
  atGateway,
  enterShop,
  fulfilments,
  goToPay,
  MEMBERS,
  ordersOf,
  PAY,
  payAs,
  reaches,
  tokenOf,
} from '../support/shopper.ts'

inEveryEngine('a buyer pays', (scene) => {
  test('a press leads to the payment page, and a payment back to a receipt that the books confirm', async () => {
    const { world } = scene
    const tab = await scene.newTab()
    const cart = await enterShop(tab, world)
    assert.match((await tab.text(PAY)) ?? '', /৳1,250\.00/)

    await goToPay(tab, world)
    await payAs(tab)
    await reaches(tab, 'ipay-result', 'paid')
    assert.equal(new URL(await tab.url()).pathname, '/thanks')

    const [order, ...others] = await ordersOf(world, cart)
    assert.deepEqual(others, [])
    assert.equal(order?.state, 'paid')
    assert.equal(Number(order?.amount), 1250)
    const { payments } = await world.database.read()
    const payment = payments.find((row) => row.purchase_id === cart)
    assert.equal(payment?.state, 'paid')
    assert.equal(payment?.amount, 125_000)
    const receipt = (await tab.text('ipay-result >>> [part=details]')) ?? ''
    assert.ok(payment?.transaction_id && receipt.includes(payment.transaction_id), `no transaction in: ${receipt}`)
    assert.match(receipt, /৳1,250\.00/)
    assert.equal(await fulfilments(world, cart), 1)
  })

  test('in Bangla, amounts have Bangla digits in lakh grouping on the way there and back', async () => {
    const { world } = scene
    const tab = await scene.newTab()
    await enterShop(tab, world, '/?lang=bn&mug=99')
    const shown = (await tab.text(PAY)) ?? ''
    assert.match(shown, /৳[০-৯]{2},[০-৯]{3}\.[০-৯]{2}/)
    await goToPay(tab, world)
    await payAs(tab)
    await reaches(tab, 'ipay-result', 'paid')
    assert.match((await tab.text('ipay-result >>> [part=details]')) ?? '', /৳৬১,৮৭৫\.০০/)
    assert.equal(await tab.attribute('html', 'lang'), 'bn')
  })

  for (const [member, words] of [
    ['poor', /balance/],
    ['blocked', /blocked/],
    ['limited', /limit/],
  ] as const) {
    test(`a member who is ${member} learns why, is not charged, and nothing is fulfilled`, async () => {
      const { world } = scene
      const tab = await scene.newTab()
      const cart = await enterShop(tab, world)
      await goToPay(tab, world)
      await payAs(tab, MEMBERS[member])
      await reaches(tab, 'ipay-result', 'failed')
      assert.match((await tab.text('ipay-result >>> [part=message]')) ?? '', words)
      assert.equal(await world.database.fulfilmentsOf(cart), 0)
    })
  }

  test('the shop never learns of the payment page from the browser: its address is the one that the gateway gave', async () => {
    const { world } = scene
    const tab = await scene.newTab()
    const cart = await enterShop(tab, world)
    await tab.click(PAY)
    const url = await atGateway(tab, world)
    const [order] = await ordersOf(world, cart)
    assert.equal(url.split('?')[0], order?.paymentUrl)
    assert.ok((await tokenOf(world, cart)).length >= 22)
  })
})
