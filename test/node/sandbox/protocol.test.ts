import assert from 'node:assert/strict'
import { test } from 'node:test'
import { KEY, simulator, validOrder } from './simulator.ts'

test('an order is answered with its id, its reference and a payment page on the same origin', async (t) => {
  const sim = await simulator(t)
  const reply = await sim.order({ referenceId: 'cart-1' })
  assert.equal(reply.status, 200)
  const body = await reply.json()
  assert.deepEqual(Object.keys(body).sort(), ['message', 'orderId', 'paymentUrl', 'referenceId'])
  assert.equal(body.message, 'Order placed successfully')
  assert.equal(body.referenceId, 'cart-1')
  assert.match(body.orderId, /^IPAY-\d+$/)
  assert.ok(body.orderId.length <= 25)
  assert.equal(body.paymentUrl, `${sim.url}/pay/${body.orderId}`)
})

test('a public address of its own is what payment pages are on', async (t) => {
  const sim = await simulator(t, { publicUrl: 'https://pay.test/' })
  const { paymentUrl, orderId } = await sim.placed()
  assert.equal(paymentUrl, `https://pay.test/pay/${orderId}`)
})

test('a reference is used once, for ever', async (t) => {
  const sim = await simulator(t)
  const { orderId } = await sim.placed({ referenceId: 'cart-1' })
  await sim.control('POST', `/orders/${orderId}/cancel`)
  sim.clock.advance(365 * 24 * 3600_000)
  const reply = await sim.order({ referenceId: 'cart-1' })
  assert.equal(reply.status, 409)
  assert.deepEqual(await reply.json(), { message: "Reference Id 'cart-1' has already been used" })
})

test('every key is accepted but "invalid", after exactly one space', async (t) => {
  const sim = await simulator(t)
  const { orderId } = await sim.placed()
  for (const authorization of [
    undefined,
    '',
    'Bearer',
    'Bearer invalid',
    'Basic a2V5',
    'bearer key',
    'Bearer  key',
    'Bearer a b',
  ]) {
    const headers: Record<string, string> = authorization === undefined ? {} : { authorization }
    const create = await sim.order({}, headers)
    assert.equal(create.status, 401, `create with ${authorization}`)
    assert.deepEqual(await create.json(), { message: 'Invalid API key' })
    const status = await fetch(`${sim.url}/api/pg/order/${orderId}/status`, { headers })
    assert.equal(status.status, 401, `status with ${authorization}`)
  }
  assert.equal((await sim.order({}, { authorization: 'Bearer any-other' })).status, 200)
})

const REFUSED: readonly (readonly [field: string, ...values: unknown[]])[] = [
  ['amount', undefined, null, '100', 100.234, 0.001, 0, -1, true, [5], {}, 1e21, 1e15],
  ['referenceId', undefined, '', '   ', 7, 'x'.repeat(51), 'nul\0'],
  ['description', undefined, '', 'x'.repeat(256), '😀'.repeat(128), 'half \ud83d'],
  ['successCallbackUrl', undefined, '', '/relative', 'javascript:alert(1)', `https://a.example/${'x'.repeat(512)}`],
  ['failureCallbackUrl', undefined, 'data:text/html,x', 5],
  ['cancelCallbackUrl', undefined, 'shop.example/cancel', null],
]

for (const [field, ...values] of REFUSED) {
  test(`a wrong ${field} is 400 and names the field`, async (t) => {
    const sim = await simulator(t)
    for (const value of values) {
      const reply = await sim.order({ [field]: value })
      assert.equal(reply.status, 400, `${field} ${JSON.stringify(value)}`)
      assert.match((await reply.json()).message, new RegExp(`^${field} `))
    }
    assert.deepEqual(await (await sim.control('GET', '/orders')).json(), [])
  })
}

test('a body that is not a JSON object is 400', async (t) => {
  const sim = await simulator(t)
  for (const body of ['', '{', 'null', '[]', '"text"']) {
    const reply = await fetch(`${sim.url}/api/pg/order`, { method: 'POST', headers: KEY, body })
    assert.equal(reply.status, 400)
  }
})

test('the longest allowed fields and amounts of zero to two decimals pass', async (t) => {
  const sim = await simulator(t)
  const base = 'https://shop.example/'
  const long = base + 'x'.repeat(512 - base.length)
  for (const amount of [100, 100.2, 100.23, 0.01, 8.2, 19.99, 1e3, 9999999999999.99]) {
    const { orderId } = await sim.placed({ amount })
    assert.equal((await sim.status(orderId))['orderAmount'], amount)
  }
  await sim.placed({
    referenceId: 'r'.repeat(50),
    description: 'ক'.repeat(255),
    successCallbackUrl: long,
    failureCallbackUrl: long,
    cancelCallbackUrl: long,
  })
})

test('the status by order id and by reference are the same', async (t) => {
  const sim = await simulator(t)
  const { orderId, referenceId } = await sim.placed({ referenceId: 'a/b?c#d..%2F é', amount: 625.5 })
  const byReference = await fetch(`${sim.url}/api/pg/order/referenceId/${encodeURIComponent(referenceId)}/status`, {
    headers: KEY,
  })
  assert.equal(byReference.status, 200)
  const status = await byReference.json()
  assert.deepEqual(status, await sim.status(orderId))
  assert.deepEqual(status, {
    statusCode: 100,
    status: 'Order created',
    orderId,
    referenceId,
    orderAmount: 625.5,
    transactionId: null,
    transactionTime: null,
  })
})

test('a paid order has a transaction id and its time in Bangladesh', async (t) => {
  const sim = await simulator(t)
  const { orderId } = await sim.placed()
  sim.clock.advance(8 * 3600_000 + 749)
  await sim.control('POST', `/orders/${orderId}/pay`)
  // Paid after the 15 minutes on purpose: the time is what counts here, one minute past midnight in Dhaka.
  const status = await sim.status(orderId)
  assert.equal(status['statusCode'], 200)
  assert.equal(status['status'], 'Successfully paid')
  assert.match(String(status['transactionId']), /^\d\d[A-Z]\d-\d{8}$/)
  assert.equal(status['transactionTime'], '22 Nov 2026 00:00:00.749 BDT')
})

test("an unknown order is 404 in the gateway's words", async (t) => {
  const sim = await simulator(t)
  for (const path of ['IPAY-0', 'referenceId/none']) {
    const reply = await fetch(`${sim.url}/api/pg/order/${path}/status`, { headers: KEY })
    assert.equal(reply.status, 404)
    assert.deepEqual(await reply.json(), { message: 'Order not found' })
  }
})

test('E14: an order expires fifteen minutes after it was placed, not a moment sooner', async (t) => {
  const sim = await simulator(t)
  const { orderId } = await sim.placed()
  sim.clock.advance(15 * 60_000 - 1)
  assert.equal((await sim.status(orderId))['statusCode'], 100)
  sim.clock.advance(1)
  const status = await sim.status(orderId)
  assert.deepEqual([status['statusCode'], status['status']], [408, 'Order expired'])
  assert.equal((await sim.ledger(orderId))['state'], 'expired')
})

test('an order that was paid does not expire', async (t) => {
  const sim = await simulator(t)
  const { orderId } = await sim.placed()
  await sim.control('POST', `/orders/${orderId}/pay`)
  sim.clock.advance(24 * 3600_000)
  assert.equal((await sim.status(orderId))['statusCode'], 200)
})

test('two simulators in one process do not share orders', async (t) => {
  const [one, two] = [await simulator(t), await simulator(t)]
  const order = validOrder()
  assert.equal((await one.order(order)).status, 200)
  assert.equal((await two.order(order)).status, 200)
})
