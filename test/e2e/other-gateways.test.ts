import assert from 'node:assert/strict'
import { test } from 'node:test'
import { ipaySessionsGateway } from '../../src/server/index.ts'
import type { Tab } from '../support/engines/index.ts'
import { inEveryEngine, type Scene } from '../support/scene.ts'
import { enterShop, fulfilments, ordersOf, PAY, payAs, reaches, stateOf, tokenOf } from '../support/shopper.ts'
import { until } from '../support/until.ts'
import { answerBank, control, notify, payWith } from './gateway-steps.ts'

inEveryEngine(
  'a buyer pays at the Payments API',
  (scene: Scene) => {
    test('3-D Secure: passed, it is paid', async () => {
      const tab = await scene.newTab()
      const cart = await payWith(tab, scene.world, 'tok_3ds')
      await answerBank(tab, 'pass')
      await reaches(tab, 'ipay-result', 'paid')
      assert.equal(await fulfilments(scene.world, cart), 1)
    })

    test('3-D Secure: abandoned, the buyer continues with the same order', async () => {
      const { world } = scene
      const tab = await scene.newTab()
      const cart = await payWith(tab, scene.world, 'tok_3ds')
      await answerBank(tab, 'abandon')
      await reaches(tab, 'ipay-result', 'unfinished')
      await tab.open(`${world.url}/`)
      await reaches(tab, 'ipay-button', 'unfinished')
      await tab.click(PAY)
      await answerBank(tab, 'pass')
      await reaches(tab, 'ipay-result', 'paid')
      assert.equal((await ordersOf(world, cart)).length, 1)
    })

    test('a refund that the gateway tells of is shown on the receipt', async () => {
      const { world } = scene
      await notify(world, 'ipay-payments')
      const tab = await scene.newTab()
      const cart = await payWith(tab, scene.world, 'tok_visa')
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
  undefined,
  { gateway: 'ipay-payments' },
)

inEveryEngine(
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
      assert.match((await tab.text('ipay-result >>> [part=details]')) ?? '', /Delivered/)
    })

    test('a parcel that comes back is paid back, and the receipt says both', async () => {
      const { world } = scene
      await notify(world, 'ipay-sessions')
      const tab = await scene.newTab()
      const cart = await goToPay(tab)
      await payAs(tab)
      await reaches(tab, 'ipay-result', 'paid')
      const [order] = await ordersOf(world, cart)
      const gateway = ipaySessionsGateway({
        environment: 'sandbox',
        baseUrl: `${world.sandboxUrl}/sessions/api`,
        apiKey: world.canary.key,
        live: false,
      })
      await gateway.returns.create({ orderId: order?.orderId ?? '', reason: 'damaged' })
      await control(world, 'POST', `/sessions/${order?.orderId}/scan`, { scan: 'returned' })
      await until('the refund in the books', async () => {
        const { payments } = await world.database.read()
        return payments.find((row) => row.purchase_id === cart)?.refunded === 125_000
      })
      await tab.open(`${world.url}/thanks?ipay=${await tokenOf(world, cart)}`)
      await reaches(tab, 'ipay-result', 'paid')
      assert.match((await tab.text('ipay-result >>> [part=message]')) ?? '', /refunded in full/)
      const details = (await tab.text('ipay-result >>> [part=details]')) ?? ''
      assert.match(details, /৳1,250\.00[\s\S]*৳1,250\.00[\s\S]*Back at the shop/)
    })
  },
  undefined,
  { gateway: 'ipay-sessions' },
)
