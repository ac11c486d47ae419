import assert from 'node:assert/strict'
import { test } from 'node:test'
import type { Tab } from '../support/engines/index.ts'
import { inOneEngine, type Scene } from '../support/scene.ts'
import { enterShop, fulfilments, ordersOf, PAY, payAs, reaches, stateOf, tokenOf } from '../support/shopper.ts'
import { until } from '../support/until.ts'
import type { World } from '../support/world.ts'

/** A control request of the simulator that is no step of an order. */
async function control(world: World, method: string, path: string, body: object): Promise<void> {
  const answer = await fetch(`${world.sandboxUrl}/_sandbox${path}`, {
    method,
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify(body),
  })
  assert.ok(answer.ok, `${path}: ${answer.status}`)
}

/** Lets the simulated gateway call the shop. */
const notify = (world: World, sender: string) =>
  control(world, 'PUT', '/webhooks', {
    sender,
    url: `${world.url}/ipay/orders/notifications/${sender}`,
    secret: `${world.canary.key}_webhooks`,
  })

// What differs between gateways is the shop's server: the ways of browsers are tested at the order gateway, in every engine.
inOneEngine(
  'a buyer pays at the Payments API',
  (scene: Scene) => {
    /** Presses Pay in the shop, and chooses a method on the gateway's page. */
    async function choose(tab: Tab, method: string): Promise<string> {
      const { world } = scene
      const cart = await enterShop(tab, world)
      await tab.click(PAY)
      await until('the choice of methods', () => tab.text(`input[value=${method}]`).then((text) => text !== undefined))
      assert.ok((await tab.url()).startsWith(`${world.sandboxUrl}/payments/checkout/`))
      await tab.click(`input[value=${method}]`)
      await tab.click('[data-action=pay]')
      return cart
    }
    const message = (tab: Tab) => tab.text('ipay-result >>> [part=message]')

    for (const method of ['tok_visa', 'tok_digital_wallet', 'tok_buy_now_pay_later']) {
      test(`${method} ends in a receipt that the books confirm`, async () => {
        const tab = await scene.newTab()
        const cart = await choose(tab, method)
        await reaches(tab, 'ipay-result', 'paid')
        assert.deepEqual(
          (await ordersOf(scene.world, cart)).map(({ state }) => state),
          ['paid'],
        )
        assert.equal(await fulfilments(scene.world, cart), 1)
      })
    }

    test('a bank transfer is confirmed once the money has come', async () => {
      const tab = await scene.newTab()
      const cart = await choose(tab, 'tok_bank_transfer')
      await reaches(tab, 'ipay-result', 'confirming')
      await reaches(tab, 'ipay-result', 'paid')
      assert.equal((await ordersOf(scene.world, cart)).length, 1)
    })

    test('3-D Secure: passed, it is paid', async () => {
      const tab = await scene.newTab()
      const cart = await choose(tab, 'tok_3ds')
      await until('the challenge', () => tab.text('[data-action=pass]'))
      await tab.click('[data-action=pass]')
      await reaches(tab, 'ipay-result', 'paid')
      assert.equal(await fulfilments(scene.world, cart), 1)
    })

    test('3-D Secure: failed, nothing is paid and nothing is fulfilled', async () => {
      const tab = await scene.newTab()
      const cart = await choose(tab, 'tok_3ds')
      await until('the challenge', () => tab.text('[data-action=fail]'))
      await tab.click('[data-action=fail]')
      await reaches(tab, 'ipay-result', 'failed')
      assert.equal(await scene.world.database.fulfilmentsOf(cart), 0)
    })

    test('3-D Secure: abandoned, the buyer continues with the same order', async () => {
      const { world } = scene
      const tab = await scene.newTab()
      const cart = await choose(tab, 'tok_3ds')
      await until('the challenge', () => tab.text('[data-action=abandon]'))
      await tab.click('[data-action=abandon]')
      await reaches(tab, 'ipay-result', 'unfinished')
      await tab.open(`${world.url}/`)
      await reaches(tab, 'ipay-button', 'unfinished')
      await tab.click(PAY)
      await until('the challenge', () => tab.text('[data-action=pass]'))
      await tab.click('[data-action=pass]')
      await reaches(tab, 'ipay-result', 'paid')
      assert.equal((await ordersOf(world, cart)).length, 1)
    })

    test('a decline says why in the shop’s own words', async () => {
      const tab = await scene.newTab()
      const cart = await choose(tab, 'tok_insufficient_funds')
      await reaches(tab, 'ipay-result', 'failed')
      assert.match((await message(tab)) ?? '', /balance/)
      assert.equal(await scene.world.database.fulfilmentsOf(cart), 0)
    })

    test('a refund that the gateway tells of is shown on the receipt', async () => {
      const { world } = scene
      await notify(world, 'ipay-payments')
      const tab = await scene.newTab()
      const cart = await choose(tab, 'tok_visa')
      await reaches(tab, 'ipay-result', 'paid')
      const [order] = await ordersOf(world, cart)
      await control(world, 'POST', `/payments/${order?.orderId}/refund`, { amount: 25_000 })
      await until('the refund in the books', async () => {
        const { payments } = await world.database.read()
        return payments.find((row) => row.purchase_id === cart)?.refunded === 25_000
      })
      await tab.open(`${world.url}/thanks?ipay=${await tokenOf(world, cart)}`)
      await reaches(tab, 'ipay-result', 'paid')
      assert.match((await tab.text('ipay-result >>> [part=details]')) ?? '', /৳250\.00/)
    })
  },
  { gateway: 'ipay-payments' },
)

inOneEngine(
  'a buyer pays on arrival',
  (scene: Scene) => {
    async function goToPay(tab: Tab): Promise<string> {
      const { world } = scene
      const cart = await enterShop(tab, world)
      await tab.click(PAY)
      await until('the payment page', async () => (await tab.url()).startsWith(`${world.sandboxUrl}/pay/`))
      return cart
    }

    test('ordered now, paid days later through the same link, and handed over only then', async () => {
      const { world } = scene
      await notify(world, 'ipay-sessions')
      const tab = await scene.newTab()
      const cart = await goToPay(tab)
      const [order] = await ordersOf(world, cart)
      await control(world, 'POST', `/sessions/${order?.orderId}/scan`, { scan: 'out_for_delivery' })
      await tab.open(`${world.url}/`)
      await reaches(tab, 'ipay-button', 'unfinished')
      assert.equal(await stateOf(tab, 'ipay-button'), 'unfinished')
      await tab.click(PAY)
      await payAs(tab)
      await reaches(tab, 'ipay-result', 'paid')
      assert.equal(await fulfilments(world, cart), 1)
      await control(world, 'POST', `/sessions/${order?.orderId}/scan`, { scan: 'released' })
      const token = await tokenOf(world, cart)
      await until('the parcel in the status', async () => {
        const status = await fetch(`${world.url}/ipay/orders/${token}`)
        return ((await status.json()) as { release?: { state: string } }).release?.state === 'released'
      })
      await tab.open(`${world.url}/thanks?ipay=${token}`)
      await reaches(tab, 'ipay-result', 'paid')
      assert.match((await tab.text('ipay-result >>> [part=details]')) ?? '', /Handed over/)
    })
  },
  { gateway: 'ipay-sessions' },
)
