import assert from 'node:assert/strict'
import { test } from 'node:test'
import { inOneEngine } from '../support/scene.ts'
import {
  atGateway,
  enterShop,
  fulfilments,
  goToPay,
  ordersOf,
  PAY,
  payAs,
  reaches,
  stateOf,
  tokenOf,
} from '../support/shopper.ts'
import { until } from '../support/until.ts'

inOneEngine('a shop that is killed', (scene) => {
  test('while the buyer is on the payment page: started again, it finds the payment and the buyer the receipt', async () => {
    const { world } = scene
    const tab = await scene.newTab()
    const cart = await enterShop(tab, world)
    await goToPay(tab, world)
    const token = await tokenOf(world, cart)
    await world.shop.kill()
    await payAs(tab).catch(() => undefined)
    await until('the payment', async () => (await world.sandbox.orders()).some(({ state }) => state === 'paid'))
    await world.restart()
    assert.equal(await fulfilments(world, cart), 1)
    await tab.open(`${world.url}/ipay/orders/${token}/return/success`)
    await reaches(tab, 'ipay-result', 'paid')
  })

  test('F1: while it opens the order: the next press leads to the one payable order', async () => {
    const { world } = scene
    const tab = await scene.newTab()
    const cart = await enterShop(tab, world)
    const armed = await world.restart({ IPAY_CRASH_AT: 'after-attempt-committed' })
    await tab.click(PAY)
    assert.equal((await armed.ended).signal, 'SIGKILL')
    await reaches(tab, 'ipay-button', 'error')
    await world.restart()
    await until('a press to lead to the payment page', async () => {
      const there = (await tab.url()).startsWith(world.sandboxUrl)
      if (!there && (await stateOf(tab, 'ipay-button')) === 'error') await tab.click(PAY)
      return there
    })
    await atGateway(tab, world)
    const payable = (await ordersOf(world, cart)).filter(({ state }) => state === 'created')
    assert.equal(payable.length, 1)
    await payAs(tab)
    await reaches(tab, 'ipay-result', 'paid')
    assert.equal(await fulfilments(world, cart), 1)
  })
})
