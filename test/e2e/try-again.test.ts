import assert from 'node:assert/strict'
import { test } from 'node:test'
import type { Tab } from '../support/engines/index.ts'
import type { SandboxAct } from '../support/sandbox-control.ts'
import { inEveryEngine } from '../support/scene.ts'
import { enterShop, fulfilments, goToPay, logIn, MEMBERS, ordersOf, payAs, reaches } from '../support/shopper.ts'
import { until } from '../support/until.ts'
import type { World } from '../support/world.ts'

/** How a buyer sees the end of an order that time or a fault ended while the payment page was open. */
async function endMeanwhile(tab: Tab, world: World, cart: string, act: SandboxAct): Promise<void> {
  const order = (await ordersOf(world, cart)).at(-1)
  await world.sandbox.act(order?.orderId ?? '', act)
  await tab.reload()
  await tab.click('[data-action=back]')
}

const ENDINGS: Readonly<Record<string, (tab: Tab, world: World, cart: string) => Promise<void>>> = {
  cancelled: (tab) => tab.click('[data-action=cancel]'),
  failed: (tab) => payAs(tab, MEMBERS.poor),
  expired: (tab, world, cart) => endMeanwhile(tab, world, cart, 'expire'),
}

inEveryEngine('trying again', (scene) => {
  for (const [state, end] of Object.entries(ENDINGS)) {
    test(`after a payment that ${state}, the next press opens a second attempt with a new reference`, async () => {
      const { world } = scene
      const tab = await scene.newTab({ size: { width: 360, height: 640 } })
      const cart = await enterShop(tab, world)
      const first = await goToPay(tab, world)
      await end(tab, world, cart)
      await reaches(tab, 'ipay-result', state)
      assert.equal(await world.database.fulfilmentsOf(cart), 0)

      await tab.click('ipay-result >>> a[part=action]')
      await reaches(tab, 'ipay-button', 'idle', state)
      await until('the way back to end at the button', () =>
        tab.evaluate(() => {
          const { top, bottom } = document.querySelector('ipay-button')?.getBoundingClientRect() ?? {
            top: -1,
            bottom: 0,
          }
          return top >= 0 && bottom <= innerHeight
        }),
      )
      const second = await goToPay(tab, world)
      assert.notEqual(second, first)
      const orders = await ordersOf(world, cart)
      assert.equal(orders.length, 2)
      assert.notEqual(orders[0]?.referenceId, orders[1]?.referenceId)

      await payAs(tab)
      await reaches(tab, 'ipay-result', 'paid')
      assert.equal(await fulfilments(world, cart), 1)
    })
  }

  test('Cancel in the last step, after log-in and code, is a cancellation like any other', async () => {
    const { world } = scene
    const tab = await scene.newTab()
    await enterShop(tab, world)
    await goToPay(tab, world)
    await logIn(tab, MEMBERS.pays)
    await tab.click('[data-action=cancel]')
    await reaches(tab, 'ipay-result', 'cancelled')
    assert.match((await tab.text('ipay-result >>> [part=message]')) ?? '', /not been charged/)
  })

  test('an internal error of the gateway is no outcome: the buyer is asked to wait, not to pay again', async () => {
    const { world } = scene
    const tab = await scene.newTab()
    const cart = await enterShop(tab, world)
    await goToPay(tab, world)
    await endMeanwhile(tab, world, cart, 'error')
    const state = await reaches(tab, 'ipay-result', 'confirming', 'unresolved', 'failed')
    assert.equal(await world.database.fulfilmentsOf(cart), 0)
    const message = await until('words about it', () =>
      tab.text('ipay-result >>> [part=message]').then((text) => text || undefined),
    )
    if (state !== 'failed') assert.match(message, /do not pay/i)
  })
})
