import assert from 'node:assert/strict'
import { test } from 'node:test'
import { inEveryEngine } from '../support/scene.ts'
import { atGateway, enterShop, goToPay, ordersOf, PAY, reaches, stateOf } from '../support/shopper.ts'
import { until } from '../support/until.ts'

inEveryEngine('presses', (scene) => {
  const posts = () => scene.proxy.requests.filter((line) => line.startsWith('POST /ipay/orders')).length

  /** A buyer in front of the button, with a gateway that takes its time. */
  async function ready() {
    const tab = await scene.newTab()
    const cart = await enterShop(tab, scene.world)
    await scene.world.sandbox.setFaults([{ on: 'create', do: 'delay', ms: 600 }])
    return { tab, cart, before: posts() }
  }

  test('A1: a double click makes one attempt', async () => {
    const { tab, cart, before } = await ready()
    await tab.doubleClick(PAY)
    await atGateway(tab, scene.world)
    assert.equal((await ordersOf(scene.world, cart)).length, 1)
    assert.equal(posts() - before, 1)
  })

  test('A2: twenty presses in a row are busy at once and make one request', async () => {
    const { tab, cart, before } = await ready()
    const states = await tab.evaluate(() => {
      const element = document.querySelector('ipay-button')
      const button = element?.shadowRoot?.querySelector('button')
      const seen: unknown[] = []
      for (let press = 0; press < 20; press++) {
        button?.click()
        seen.push(element && 'state' in element ? element.state : undefined)
      }
      return seen
    })
    assert.deepEqual([...new Set(states)], ['starting'])
    await atGateway(tab, scene.world)
    assert.equal(posts() - before, 1)
    assert.equal((await ordersOf(scene.world, cart)).length, 1)
  })

  test('A3: Enter held on the focused button makes one attempt', async () => {
    const { tab, cart, before } = await ready()
    await tab.evaluate(() => document.querySelector<HTMLElement>('ipay-button')?.focus())
    await tab.press('Enter', 30)
    await atGateway(tab, scene.world)
    assert.equal((await ordersOf(scene.world, cart)).length, 1)
    assert.equal(posts() - before, 1)
  })

  // WebKit's driver knows no held key; its pages are shown one in the component tests.
  if (scene.engine !== 'webkit') {
    test('A3: Enter held on the button accepts no price that nobody saw', async () => {
      const { tab, cart, before } = await ready()
      await tab.evaluate(() => {
        const element = document.querySelector('ipay-button')
        element?.setAttribute('amount', '1.00')
        element?.focus()
      })
      // Long enough for the answer to come while the key is held.
      await tab.press('Enter', 200)
      await reaches(tab, 'ipay-button', 'price-changed')
      assert.equal(posts() - before, 1)
      assert.deepEqual(await ordersOf(scene.world, cart), [])
    })
  }

  test('A6: two buttons for one cart, pressed together, lead to one order', async () => {
    const { tab, cart } = await ready()
    await tab.evaluate(() => {
      const first = document.querySelector('ipay-button')
      const second = first?.cloneNode(true)
      if (first && second) first.after(second)
    })
    await tab.evaluate(() => {
      for (const element of document.querySelectorAll('ipay-button')) {
        element.shadowRoot?.querySelector('button')?.click()
      }
    })
    await atGateway(tab, scene.world)
    assert.equal((await ordersOf(scene.world, cart)).length, 1)
  })

  test('A11: a press after a failed try lands on the order of the first', async () => {
    const { tab, cart } = await ready()
    scene.proxy.cut({ direction: 'down', at: 20, do: 'close', request: 'POST /ipay/orders' })
    await tab.click(PAY)
    await reaches(tab, 'ipay-button', 'error')
    await until('the order of the first try', async () => (await ordersOf(scene.world, cart)).length === 1)
    await goToPay(tab, scene.world)
    assert.equal((await ordersOf(scene.world, cart)).length, 1)
  })

  test('A11: a gateway whose answer was lost is found out about before anything is opened again', async () => {
    const tab = await scene.newTab()
    const cart = await enterShop(tab, scene.world)
    await scene.world.sandbox.setFaults([{ on: 'create', do: 'drop-reply', times: 1 }])
    await tab.click(PAY)
    // The shop may find out by itself and lead on, or ask the buyer to press once more.
    await until('an end of the first try', async () => {
      const url = await tab.url()
      return url.startsWith(scene.world.sandboxUrl) || (await stateOf(tab, 'ipay-button')) === 'error'
    })
    if (!(await tab.url()).startsWith(scene.world.sandboxUrl)) {
      await until('a second press to lead on', async () => {
        const there = (await tab.url()).startsWith(scene.world.sandboxUrl)
        if (!there && (await stateOf(tab, 'ipay-button')) === 'error') await tab.click(PAY)
        return there
      })
    }
    await atGateway(tab, scene.world)
    const reached = (await scene.world.database.read()).attempts.filter(({ payment_url }) => payment_url !== null)
    const orders = await ordersOf(scene.world, cart)
    assert.equal(
      orders.filter(({ referenceId }) => reached.some(({ reference }) => reference === referenceId)).length,
      1,
    )
  })
})
