import assert from 'node:assert/strict'
import { test } from 'node:test'
import { visitReturn } from '../support/endpoint.ts'
import { inEveryEngine } from '../support/scene.ts'
import { enterShop, fulfilments, goToPay, ordersOf, payAs, reaches, tokenOf } from '../support/shopper.ts'
import { until } from '../support/until.ts'

inEveryEngine('the return page', (scene) => {
  const returnUrl = (token: string, hint: string) => `${scene.world.url}/ipay/orders/${token}/return/${hint}`

  /** A buyer who went to the payment page and is still there. */
  async function waitingBuyer() {
    const tab = await scene.newTab()
    const cart = await enterShop(tab, scene.world)
    await goToPay(tab, scene.world)
    return { tab, cart, token: await tokenOf(scene.world, cart) }
  }

  test('E1: a hand-typed success address says not paid yet, and fulfils nothing', async () => {
    const { tab, cart, token } = await waitingBuyer()
    await tab.open(returnUrl(token, 'success'))
    await reaches(tab, 'ipay-result', 'unfinished')
    assert.equal(await tab.text('ipay-result >>> [part=heading]'), 'Not finished yet')
    assert.equal(await scene.world.database.fulfilmentsOf(cart), 0)
  })

  test("E2: a paid order's details on another order's success address prove nothing", async () => {
    const paid = await waitingBuyer()
    await payAs(paid.tab)
    await reaches(paid.tab, 'ipay-result', 'paid')
    const [order] = await ordersOf(scene.world, paid.cart)

    const { tab, cart, token } = await waitingBuyer()
    await tab.open(`${returnUrl(token, 'success')}?orderId=${order?.orderId}&referenceId=${order?.referenceId}`)
    await reaches(tab, 'ipay-result', 'unfinished')
    assert.equal(await scene.world.database.fulfilmentsOf(cart), 0)
    // Swapping the token swaps the page: it tells about the other payment, and changes neither.
    await tab.open(`${scene.world.url}/thanks?ipay=${paid.token}`)
    await reaches(tab, 'ipay-result', 'paid')
    assert.equal(await scene.world.database.fulfilmentsOf(cart), 0)
  })

  test('E4: a genuine success address opened again, even 50 times at once, shows the same receipt and does nothing', async () => {
    const { tab, cart, token } = await waitingBuyer()
    await payAs(tab)
    await reaches(tab, 'ipay-result', 'paid')
    const receipt = await tab.text('ipay-result >>> [part=details]')
    const visits = await Promise.all(
      Array.from({ length: 50 }, () => visitReturn(scene.world.shop.url, token, 'success')),
    )
    assert.deepEqual([...new Set(visits.map(({ status }) => status))], [303])
    await tab.open(returnUrl(token, 'success'))
    await reaches(tab, 'ipay-result', 'paid')
    assert.equal(await tab.text('ipay-result >>> [part=details]'), receipt)
    assert.equal(await fulfilments(scene.world, cart), 1)
  })

  for (const hint of ['cancel', 'failure']) {
    test(`E5: the ${hint} address of an order that is paid shows the receipt`, async () => {
      const { tab, cart, token } = await waitingBuyer()
      const [order] = await ordersOf(scene.world, cart)
      await scene.world.sandbox.act(order?.orderId ?? '', 'pay')
      await tab.open(returnUrl(token, hint))
      await reaches(tab, 'ipay-result', 'paid')
      assert.equal(await fulfilments(scene.world, cart), 1)
    })
  }

  test('E8: a gateway that cannot be asked leaves the buyer confirming, and then knowing', async () => {
    const { tab, cart } = await waitingBuyer()
    await scene.world.sandbox.setFaults([{ on: 'status', do: 'status', value: 503, times: 2 }])
    await payAs(tab)
    await reaches(tab, 'ipay-result', 'confirming', 'unfinished', 'paid')
    await reaches(tab, 'ipay-result', 'paid')
    assert.equal(await fulfilments(scene.world, cart), 1)
    // The button of the cart is no way back any more, though the page was drawn when it was.
    await until("the way back to be the shop's top", async () => {
      return (await tab.attribute('ipay-result >>> a[part=action]', 'href')) === `${scene.world.url}/`
    })
  })

  test('E9: coming back in two tabs at once is one fulfilment and two right pages', async () => {
    const visitor = await scene.newVisitor()
    const [first, second] = [await visitor.newTab(), await visitor.newTab()]
    const cart = await enterShop(first, scene.world)
    await goToPay(first, scene.world)
    const token = await tokenOf(scene.world, cart)
    const [order] = await ordersOf(scene.world, cart)
    await scene.world.sandbox.act(order?.orderId ?? '', 'pay')
    await Promise.all([first.open(returnUrl(token, 'success')), second.open(returnUrl(token, 'success'))])
    await Promise.all([reaches(first, 'ipay-result', 'paid'), reaches(second, 'ipay-result', 'paid')])
    assert.equal(await fulfilments(scene.world, cart), 1)
  })

  test('E10: another browser without cookies gets the status by its token, and nothing personal', async () => {
    const { tab, cart, token } = await waitingBuyer()
    await payAs(tab)
    await reaches(tab, 'ipay-result', 'paid')
    const other = await scene.newTab()
    await other.open(`${scene.world.url}/thanks?ipay=${token}`)
    await reaches(other, 'ipay-result', 'paid')
    const page = (await other.text('body')) ?? ''
    assert.doesNotMatch(page, /017\d{8}/)
    assert.equal(await fulfilments(scene.world, cart), 1)
  })
})
