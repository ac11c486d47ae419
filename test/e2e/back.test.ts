import assert from 'node:assert/strict'
import { test } from 'node:test'
import { inEveryEngine } from '../support/scene.ts'
import {
  atGateway,
  cartOf,
  enterShop,
  fulfilments,
  goToPay,
  ordersOf,
  PAY,
  payAs,
  reaches,
} from '../support/shopper.ts'
import { until } from '../support/until.ts'

/** Address of a payment page without what the simulator adds to it. */
const pageOf = (url: string) => url.split('?')[0]

inEveryEngine('Back and Forward', (scene) => {
  const posts = () => scene.proxy.requests.filter((line) => line.startsWith('POST /ipay/orders')).length

  test('D1: Back out of the page cache shows Continue, which leads to the same payment page', async () => {
    const { world } = scene
    const tab = await scene.newTab()
    const cart = await enterShop(tab, world)
    await tab.evaluate(() => {
      Reflect.set(window, 'mark', 'kept')
      addEventListener('pageshow', (event) => Reflect.set(window, 'restored', event.persisted))
    })
    const page = await goToPay(tab, world)
    await tab.back()
    await reaches(tab, 'ipay-button', 'unfinished')
    // WebKitGTK keeps no page that is isolated from other origins, as the shop's are; pages-back.test.ts has one that is kept.
    if (scene.engine !== 'webkit') {
      assert.equal(await tab.evaluate(() => Reflect.get(window, 'mark')), 'kept', 'the page was loaded anew')
      assert.equal(await tab.evaluate(() => Reflect.get(window, 'restored')), true)
    }
    assert.match((await tab.text(PAY)) ?? '', /Continue/)

    assert.equal(pageOf(await goToPay(tab, world)), pageOf(page))
    assert.equal((await ordersOf(world, cart)).length, 1)
    await payAs(tab)
    await reaches(tab, 'ipay-result', 'paid')
    assert.equal(await fulfilments(world, cart), 1)
  })

  test('D2: Back to a page that has to be loaded again shows Continue all the same', async () => {
    const { world } = scene
    const tab = await scene.newTab()
    const cart = await enterShop(tab, world)
    const page = await goToPay(tab, world)
    await tab.back()
    await reaches(tab, 'ipay-button', 'unfinished')
    await tab.reload()
    await reaches(tab, 'ipay-button', 'unfinished')
    assert.equal(pageOf(await goToPay(tab, world)), pageOf(page))
    assert.equal((await ordersOf(world, cart)).length, 1)
  })

  test('D4: Forward again is the payment page, and nothing is sent by itself', async () => {
    const { world } = scene
    const tab = await scene.newTab()
    const cart = await enterShop(tab, world)
    const page = await goToPay(tab, world)
    await tab.back()
    await reaches(tab, 'ipay-button', 'unfinished')
    const before = posts()
    await tab.forward()
    assert.equal(pageOf(await atGateway(tab, world)), pageOf(page))
    assert.equal(posts(), before)
    assert.equal((await ordersOf(world, cart)).length, 1)
  })

  test('Start over forgets the attempt in this browser, and the shop still hands out the one that is payable', async () => {
    const { world } = scene
    const tab = await scene.newTab()
    const cart = await enterShop(tab, world)
    const page = await goToPay(tab, world)
    await tab.back()
    await reaches(tab, 'ipay-button', 'unfinished')
    await tab.click('ipay-button >>> [part=action]')
    await reaches(tab, 'ipay-button', 'idle')
    assert.equal(pageOf(await goToPay(tab, world)), pageOf(page))
    assert.equal((await ordersOf(world, cart)).length, 1)
  })

  test('Back from the receipt says that it is paid, and the shop begins a new cart, an empty one', async () => {
    const { world } = scene
    const tab = await scene.newTab()
    const cart = await enterShop(tab, world)
    await goToPay(tab, world)
    await payAs(tab)
    await reaches(tab, 'ipay-result', 'paid')
    await tab.back()
    // Out of the page cache it may still offer to pay.
    await until('the payment page', async () => (await tab.url()).startsWith(world.sandboxUrl))
    if (await tab.text('[data-action=pay]')) await tab.click('[data-action=pay]')
    await until('the payment page to say that it is paid', () => tab.text('[data-state=paid]'))
    await tab.open(world.url)
    await until('a new cart', async () => (await cartOf(tab)) !== cart)
    assert.match((await tab.text('main [role=status]')) ?? '', /Thank you!.*empty cart/)
    assert.equal(await tab.attribute('ipay-button', 'amount'), '0.00')
    assert.equal(await tab.attribute('form#cart', 'data-cart'), await cartOf(tab))
    assert.equal(await fulfilments(world, cart), 1)
    assert.equal((await ordersOf(world, cart)).length, 1)
  })

  test('a cart that another tab began is the same in every place of the page, and an empty one has no bar in the way', async () => {
    const tab = await scene.newTab()
    await enterShop(tab, scene.world)
    const adopt = (cart: string) =>
      tab.evaluate((value) => {
        // biome-ignore lint/suspicious/noDocumentCookie: as the shop's other tab writes it, in every engine
        document.cookie = `cart=${value}; Path=/`
        dispatchEvent(new Event('focus'))
        return document.querySelector<HTMLElement>('.to-cart')?.hidden
      }, cart)
    for (const [id, goods] of [
      ['c_0123456789abcdefghijklmn', ''],
      ['c_nmlkjihgfedcba9876543210', '.tea-1'],
    ] as const) {
      assert.equal(await adopt(id + goods), goods === '')
      assert.equal(await cartOf(tab), id)
      assert.equal(await tab.attribute('form#cart', 'data-cart'), id)
      assert.equal(await tab.attribute('form#cart [name=cart]', 'value'), id)
    }
  })
})
