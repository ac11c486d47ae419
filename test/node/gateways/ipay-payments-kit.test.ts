import assert from 'node:assert/strict'
import { after, before, beforeEach, describe, test } from 'node:test'
import { bdt } from '../../../src/contract/money.ts'
import { until } from '../../support/until.ts'
import { paymentsGateway, startShop, type TestShop } from '../notifications/shop.ts'

describe('the kit over a gateway whose open requests may be repeated', () => {
  let shop: TestShop
  before(async () => {
    shop = await startShop(paymentsGateway())
  })
  beforeEach(async () => {
    await shop.simulator.faults()
  })
  after(() => shop.stop())

  const codeOf = async (answer: Response) => (await answer.json()) as { code: string; token?: string }
  const orders = async (cart: string) => {
    const found = await shop.payments.find({ purchaseId: cart })
    const references = found?.attempts.map(({ reference }) => reference) ?? []
    return (await shop.simulator.orders()).filter(({ referenceId }) => references.includes(referenceId))
  }

  test('F2: one lost answer costs a repeat at once: the buyer gets the link, and there is one order', async () => {
    await shop.simulator.faults({ on: 'create', do: 'drop-reply', times: 1 })
    const { reference } = await shop.open('dropped')
    assert.deepEqual(
      (await orders('dropped')).map(({ referenceId }) => referenceId),
      [reference],
    )
  })

  test('F2: two lost answers are 503, and the next press finds the same order', async () => {
    await shop.simulator.faults({ on: 'create', do: 'drop-reply', times: 2 })
    const refused = await shop.press('twice')
    assert.equal(refused.status, 503)
    assert.equal((await orders('twice')).length, 1)
    const { reference } = await shop.open('twice')
    assert.deepEqual(
      (await orders('twice')).map(({ referenceId }) => referenceId),
      [reference],
    )
    assert.equal((await shop.payments.find({ purchaseId: 'twice' }))?.attempts.length, 1)
  })

  test('F2: the question is repeated as it was, whatever the shop says today', async () => {
    await shop.simulator.faults({ on: 'create', do: 'drop-reply', times: 2 })
    await shop.press('reworded')
    shop.descriptions.set('reworded', 'Three mugs')
    shop.payers.set('reworded', { paymentMethod: 'tok_visa' })
    await shop.open('reworded')
    assert.equal((await orders('reworded')).length, 1)
  })

  test('an order that nobody pressed for again is found by the reconciler', async () => {
    await shop.simulator.faults({ on: 'create', do: 'drop-reply', times: 2 })
    await shop.press('left')
    const [order] = await orders('left')
    const next = shop.restart()
    next.start()
    await until('the order to be known', async () => {
      await shop.simulator.clock.advance(1_000)
      return (await shop.store.rows.attemptByReference(order?.referenceId ?? ''))?.order_id === order?.orderId
    })
    await next.stop()
    const { reference } = await shop.open('left')
    assert.equal(reference, order?.referenceId)
  })

  test('F1: an order whose process died before the answer is found by the next press', async () => {
    await shop.simulator.faults({ on: 'create', do: 'drop-reply', times: 2 })
    await shop.press('died')
    // As a process leaves it that died while asking: the claim still stands, and then runs out.
    const row = await shop.store.rows.paymentByPurchase('died')
    const [attempt] = await shop.store.rows.attempts(row?.id ?? '')
    const until = shop.simulator.clock.now() + 20_000
    await shop.store.transaction((rows) =>
      rows.updatePayment(row?.id ?? '', { claim: attempt?.id ?? '', claim_until: until }),
    )
    await shop.simulator.clock.advance(21_000)
    const { reference } = await shop.open('died')
    assert.equal(reference, attempt?.reference)
    assert.equal((await orders('died')).length, 1)
  })

  test('a repeat that is refused proves nothing about the first question', async () => {
    await shop.simulator.faults(
      { on: 'create', do: 'drop-reply', times: 1 },
      { on: 'create', do: 'status', value: 401, times: 1 },
    )
    assert.equal((await shop.press('key-gone')).status, 503)
    assert.equal((await shop.payments.find({ purchaseId: 'key-gone' }))?.attempts[0]?.state, 'opening')
    await shop.open('key-gone')
    assert.equal((await orders('key-gone')).length, 1)
  })

  test('after a changed price the lost order is watched, and the new one is at the new price', async () => {
    await shop.simulator.faults({ on: 'create', do: 'drop-reply', times: 2 })
    await shop.press('repriced')
    shop.prices.set('repriced', bdt('1300.00'))
    const { amount } = await shop.open('repriced')
    assert.equal(amount, '1300.00')
    assert.deepEqual(
      (await orders('repriced')).map((order) => order.amount),
      [1250, 1300],
    )
    const found = await shop.payments.find({ purchaseId: 'repriced' })
    await shop.payments.check(found?.status.token ?? '')
    const [old] = (await shop.payments.find({ purchaseId: 'repriced' }))?.attempts ?? []
    assert.equal(old?.order_id !== null && old?.payment_url === null, true)
  })

  test('100 presses at once with a lost answer make one order', async () => {
    await shop.simulator.faults({ on: 'create', do: 'drop-reply', times: 1 })
    const presses = Array.from({ length: 100 }, () => shop.press('crowd'))
    const moving = setInterval(() => void shop.simulator.clock.advance(50), 5)
    await Promise.all(presses)
    clearInterval(moving)
    assert.equal((await orders('crowd')).length, 1)
  })

  test('a saved method is charged without a page: the status says paid, and it is fulfilled once', async () => {
    shop.payers.set('saved', { paymentMethod: 'tok_visa' })
    const answer = await shop.press('saved')
    assert.equal(answer.status, 409)
    const { code, token } = await codeOf(answer)
    assert.equal(code, 'already-paid')
    assert.equal((await shop.status(token ?? '')).state, 'paid')
    assert.equal((await orders('saved')).length, 1)
    assert.equal((await codeOf(await shop.press('saved'))).code, 'already-paid')
    assert.equal((await orders('saved')).length, 1)
  })

  test('a saved method on its way is never charged a second time', async () => {
    shop.payers.set('slow', { paymentMethod: 'tok_slow' })
    const { code, token } = await codeOf(await shop.press('slow'))
    assert.equal(code, 'already-paid')
    const status = await shop.status(token ?? '')
    assert.deepEqual([status.state, status.paymentUrl], ['processing', null])
    for (let press = 0; press < 5; press += 1) assert.equal((await codeOf(await shop.press('slow'))).token, token)
    assert.equal((await orders('slow')).length, 1)
    await shop.simulator.clock.advance(60_000)
    await shop.payments.check(token ?? '')
    assert.equal((await shop.status(token ?? '')).state, 'paid')
  })

  test('a saved method whose answer was lost is charged once', async () => {
    shop.payers.set('lost', { paymentMethod: 'tok_visa' })
    await shop.simulator.faults({ on: 'create', do: 'drop-reply', times: 2 })
    assert.equal((await shop.press('lost')).status, 503)
    const { token } = await codeOf(await shop.press('lost'))
    assert.equal((await shop.status(token ?? '')).state, 'paid')
    assert.equal((await orders('lost')).length, 1)
  })

  test('402: a declined saved method is told by the status, with its reason and what may be done', async () => {
    shop.payers.set('poor', { paymentMethod: 'tok_insufficient_funds' })
    const { token } = await codeOf(await shop.press('poor'))
    const status = await shop.status(token ?? '')
    assert.deepEqual([status.state, status.reason, status.retry], ['failed', 'insufficient-balance', 'now'])
    shop.payers.set('poor', { paymentMethod: 'tok_limit_exceeded' })
    await shop.press('poor')
    assert.deepEqual([(await shop.status(token ?? '')).retry], ['later'])
    // Another way to pay is another attempt.
    shop.payers.delete('poor')
    assert.equal((await shop.open('poor')).token, token)
  })

  test('while the money is on its way another press leads to the status, not to a second order', async () => {
    const { token, reference } = await shop.open('transfer')
    await shop.simulator.act(await shop.orderId(reference), 'process')
    const answer = await codeOf(await shop.press('transfer'))
    assert.deepEqual(answer.code === 'already-paid' && answer.token, token)
    assert.equal((await shop.status(token)).state, 'processing')
    await shop.simulator.faults({ on: 'status', do: 'status', value: 500 })
    await shop.simulator.clock.advance(1_000)
    assert.equal((await codeOf(await shop.press('transfer'))).code, 'gateway-unavailable')
    assert.equal((await orders('transfer')).length, 1)
  })

  test('a challenge of a saved method is a page like any other', async () => {
    shop.payers.set('challenged', { paymentMethod: 'tok_3ds' })
    assert.match((await shop.open('challenged')).paymentUrl, /challenge/)
  })
})
