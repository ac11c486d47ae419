import assert from 'node:assert/strict'
import { test } from 'node:test'
import type { Tab } from '../support/engines/index.ts'
import { inOneEngine, type Scene } from '../support/scene.ts'
import { fulfilments, ordersOf, reaches } from '../support/shopper.ts'
import { answerBank, payWith } from './gateway-steps.ts'

// Which method a buyer takes is between the gateway's page and the shop's server: one engine tells.
inOneEngine(
  'every way to pay at the Payments API',
  (scene: Scene) => {
    const message = (tab: Tab) => tab.text('ipay-result >>> [part=message]')

    for (const method of ['tok_visa', 'tok_digital_wallet', 'tok_buy_now_pay_later']) {
      test(`${method} ends in a receipt that the books confirm`, async () => {
        const tab = await scene.newTab()
        const cart = await payWith(tab, scene.world, method)
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
      const cart = await payWith(tab, scene.world, 'tok_bank_transfer')
      await reaches(tab, 'ipay-result', 'confirming')
      await reaches(tab, 'ipay-result', 'paid')
      assert.equal((await ordersOf(scene.world, cart)).length, 1)
    })

    test('3-D Secure: failed, nothing is paid and nothing is fulfilled', async () => {
      const tab = await scene.newTab()
      const cart = await payWith(tab, scene.world, 'tok_3ds')
      await answerBank(tab, 'fail')
      await reaches(tab, 'ipay-result', 'failed')
      assert.equal(await scene.world.database.fulfilmentsOf(cart), 0)
    })

    test('a decline says why in the shop’s own words', async () => {
      const tab = await scene.newTab()
      const cart = await payWith(tab, scene.world, 'tok_insufficient_funds')
      await reaches(tab, 'ipay-result', 'failed')
      assert.match((await message(tab)) ?? '', /balance/)
      assert.equal(await scene.world.database.fulfilmentsOf(cart), 0)
    })

    test('the payment page speaks the language that the buyer had in the shop, and so does the way back', async () => {
      const tab = await scene.newTab()
      await payWith(tab, scene.world, 'tok_3ds', '/?lang=bn')
      assert.match((await tab.text('h1')) ?? '', /পেমেন্ট/)
      await answerBank(tab, 'pass')
      await reaches(tab, 'ipay-result', 'paid')
      assert.equal(await tab.attribute('html', 'lang'), 'bn')
      assert.match((await message(tab)) ?? '', /[\u0980-\u09ff]/)
    })

    test('the page knows the hosts of payment pages that its server names', async () => {
      const { world } = scene
      const tab = await scene.newTab()
      await tab.open(world.url)
      await reaches(tab, 'ipay-button', 'idle')
      const hosts = await tab.evaluate(() => {
        const Button = customElements.get('ipay-button')
        return Button && 'paymentHosts' in Button ? String(Button.paymentHosts) : ''
      })
      assert.equal(hosts, new URL(world.sandboxUrl).host)
    })
  },
  { gateway: 'ipay-payments' },
)
