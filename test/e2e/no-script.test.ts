import assert from 'node:assert/strict'
import { test } from 'node:test'
import { inEveryEngine } from '../support/scene.ts'
import { fulfilments, MEMBERS, ordersOf, payAs } from '../support/shopper.ts'
import { until } from '../support/until.ts'

inEveryEngine('without JavaScript', (scene) => {
  /** From the shop's page to the payment page by the form inside the tag. Returns the cart. */
  async function goByForm() {
    // Only Chromium's driver can switch scripts off; in the others none of them arrives, which a buyer cannot tell apart.
    const javascript = scene.engine !== 'chromium'
    if (javascript) {
      scene.proxy.cut({ direction: 'up', at: 0, do: 'close', seen: false, request: '.js', times: 1000 })
    }
    const tab = await scene.newTab({ javascript })
    await tab.open(scene.world.url)
    const cart = String((JSON.parse((await tab.attribute('ipay-button', 'order')) ?? '{}') as { cart?: string }).cart)
    await tab.click('ipay-button form button')
    await until('the payment page', async () => (await tab.url()).startsWith(scene.world.sandboxUrl))
    return { tab, cart }
  }

  test('I18: the form inside the tag and the page of the server do the whole job', async () => {
    const { tab, cart } = await goByForm()
    await payAs(tab)
    await until('the receipt', () => tab.text('ipay-result [data-state=paid]'))
    const [order] = await ordersOf(scene.world, cart)
    assert.equal(order?.state, 'paid')
    const page = (await tab.text('ipay-result')) ?? ''
    assert.match(page, /৳1,250\.00/)
    const { payments } = await scene.world.database.read()
    const transaction = payments.find((row) => row.purchase_id === cart)?.transaction_id
    assert.ok(transaction && page.includes(transaction))
    assert.equal(await fulfilments(scene.world, cart), 1)
  })

  test('I18: after a failure the page of the server says why, and its form opens a second attempt', async () => {
    const { tab, cart } = await goByForm()
    await payAs(tab, MEMBERS.poor)
    const said = await until('the failure', () => tab.text('ipay-result [data-state=failed]'))
    assert.match(said, /balance is too low/i)
    await tab.click('ipay-result form button')
    await until('the payment page', async () => (await tab.url()).startsWith(scene.world.sandboxUrl))
    assert.equal((await ordersOf(scene.world, cart)).length, 2)
    await payAs(tab)
    await until('the receipt', () => tab.text('ipay-result [data-state=paid]'))
    assert.equal(await fulfilments(scene.world, cart), 1)
  })
})
