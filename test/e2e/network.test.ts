import assert from 'node:assert/strict'
import { test } from 'node:test'
import { inEveryEngine, inOneEngine, type Scene } from '../support/scene.ts'
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

const POST = 'POST /ipay/orders '

const postsIn = (scene: Scene) => () => scene.proxy.requests.filter((line) => line.startsWith(POST)).length
const ordersIn = (scene: Scene) => async (cart: string) => (await ordersOf(scene.world, cart)).length

inEveryEngine('the way between page and shop', (scene) => {
  const posts = postsIn(scene)
  const orders = ordersIn(scene)

  test('B2: a reply that breaks off is no reply, and the next press lands on the same order', async () => {
    // Before the first byte, in the head, in the body.
    for (const at of [0, 1, 450]) {
      const tab = await scene.newTab()
      const cart = await enterShop(tab, scene.world)
      const { struck } = scene.proxy
      scene.proxy.cut({ direction: 'down', at, do: 'close', request: POST })
      await tab.click(PAY)
      await until('the order', async () => (await orders(cart)) === 1)
      // An engine that asks again by itself may be at the payment page already.
      const there = async () => (await tab.url()).startsWith(scene.world.sandboxUrl)
      await until(
        'an end of the first try',
        async () => (await there()) || (await stateOf(tab, 'ipay-button')) === 'error',
      )
      assert.equal(scene.proxy.struck, struck + 1, `nothing was cut after ${at} bytes`)
      if (!(await there())) await tab.click(PAY)
      await atGateway(tab, scene.world)
      assert.equal(await orders(cart), 1, `cut after ${at} bytes`)
      await tab.close()
    }
  })

  test('B3: a kept-alive connection that closes under the request makes no second order, though the browser sends it again', async () => {
    const tab = await scene.newTab()
    const cart = await enterShop(tab, scene.world)
    const before = posts()
    const { struck } = scene.proxy
    scene.proxy.cut({ direction: 'down', at: 0, do: 'close', reused: true, request: POST })
    await tab.click(PAY)
    const there = async () => (await tab.url()).startsWith(scene.world.sandboxUrl)
    await until(
      'an end of the first try',
      async () => (await there()) || (await stateOf(tab, 'ipay-button')) === 'error',
    )
    if (!(await there())) await tab.click(PAY)
    await atGateway(tab, scene.world)
    // A browser that takes a new connection for it is not struck.
    if (scene.proxy.struck > struck) assert.ok(posts() - before >= 2, 'nothing was sent again')
    assert.equal(await orders(cart), 1)
  })

  test('D5: a reload while the request is under way ends in one order', async () => {
    // Every moment in one engine: what the moment changes is the shop's work, not the browser's.
    const everyMoment = [0, 100, 200, 300, 400, 500, 600, 700, 800, 900]
    for (const delay of scene.engine === 'chromium' ? everyMoment : [0, 300, 600, 900]) {
      const tab = await scene.newTab()
      const cart = await enterShop(tab, scene.world)
      await scene.world.sandbox.setFaults([{ on: 'create', do: 'delay', ms: delay }])
      const before = posts()
      await tab.click(PAY)
      await until('the request', () => posts() > before)
      if (!(await tab.url()).startsWith(scene.world.sandboxUrl)) await tab.reload()
      await scene.world.sandbox.setFaults([])
      if (!(await tab.url()).startsWith(scene.world.sandboxUrl)) {
        await reaches(tab, 'ipay-button', 'idle', 'unfinished')
        await tab.click(PAY)
      }
      await atGateway(tab, scene.world)
      assert.equal(await orders(cart), 1, `gateway ${delay} ms late`)
      await tab.close()
    }
  })

  test('D6: two tabs that press together reach the same order', async () => {
    const visitor = await scene.newVisitor()
    const [first, second] = [await visitor.newTab(), await visitor.newTab()]
    const cart = await enterShop(first, scene.world)
    assert.equal(await enterShop(second, scene.world), cart)
    await scene.world.sandbox.setFaults([{ on: 'create', do: 'delay', ms: 500 }])
    const press = () => document.querySelector('ipay-button')?.shadowRoot?.querySelector('button')?.click()
    await Promise.all([first.evaluate(press), second.evaluate(press)])
    const pages = await Promise.all([atGateway(first, scene.world), atGateway(second, scene.world)])
    assert.equal(pages[0].split('?')[0], pages[1].split('?')[0])
    assert.equal(await orders(cart), 1)
  })

  test('D13: a buyer who leaves in mid-request loses nothing: what gets paid is fulfilled', async () => {
    const left: string[] = []
    for (const [delay, leaves] of [
      [0, 'for another page'],
      [400, 'for another page'],
      [0, 'by closing the tab'],
      [400, 'by closing the tab'],
    ] as const) {
      const visitor = await scene.newVisitor()
      const tab = await visitor.newTab()
      // The last tab of a window takes the browser along.
      if (leaves === 'by closing the tab') await visitor.newTab()
      const cart = await enterShop(tab, scene.world)
      await scene.world.sandbox.setFaults([{ on: 'create', do: 'delay', ms: delay }])
      const before = posts()
      await tab.click(PAY)
      await until('the request', () => posts() > before)
      if (leaves === 'by closing the tab') await tab.close()
      // The page itself may leave for the payment page at the same moment: then that is how the buyer goes.
      else await tab.open(`${scene.world.url}/healthz`).catch(() => undefined)
      await until('the order', async () => (await orders(cart)) === 1)
      const [order] = await ordersOf(scene.world, cart)
      await scene.world.sandbox.act(order?.orderId ?? '', 'pay')
      left.push(cart)
    }
    for (const cart of left) assert.equal(await fulfilments(scene.world, cart), 1)
  })

  test('B21: over a line that takes 400 ms each way, one press makes one order', async () => {
    scene.proxy.latencyMs = 400
    const tab = await scene.newTab()
    const cart = await enterShop(tab, scene.world)
    const before = posts()
    await tab.click(PAY)
    await atGateway(tab, scene.world)
    assert.equal(await orders(cart), 1)
    assert.equal(posts() - before, 1)
  })
})

inOneEngine('a buyer who is left alone', (scene) => {
  const orders = ordersIn(scene)

  test('B1: no answer at all ends with a word about the wait, and then a button that works', async () => {
    const tab = await scene.newTab()
    const cart = await enterShop(tab, scene.world)
    scene.proxy.cut({ direction: 'down', at: 0, do: 'stall', request: POST })
    await tab.click(PAY)
    await until('the words for a long wait', async () =>
      /longer than usual/.test((await tab.text('ipay-button >>> [part=message]')) ?? ''),
    )
    // To the millisecond: the same fault in test/browser/network.test.ts, where the clock is the test's.
    await reaches(tab, 'ipay-button', 'error')
    assert.match((await tab.text('ipay-button >>> [part=message]')) ?? '', /not pay twice/)
    await goToPay(tab, scene.world)
    assert.equal(await orders(cart), 1)
  })

  test('a tab that is closed right after paying is found by the reconciler', async () => {
    const tab = await scene.newTab()
    const cart = await enterShop(tab, scene.world)
    await goToPay(tab, scene.world)
    // The way back is cut, as if the phone had died: no visit of the return route reaches the shop.
    scene.proxy.cut({ direction: 'up', at: 0, do: 'close', seen: false, request: '/return/', times: 99 })
    await payAs(tab).catch(() => undefined)
    // A tab that closes before its last request has left has not paid.
    await until('the payment', async () => (await ordersOf(scene.world, cart))[0]?.state === 'paid')
    await tab.close()
    assert.equal(await fulfilments(scene.world, cart), 1)
    assert.ok(await tokenOf(scene.world, cart))
  })
})
