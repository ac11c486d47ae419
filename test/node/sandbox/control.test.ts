import assert from 'node:assert/strict'
import { test } from 'node:test'
import { MEMBERS, PIN } from '../../../src/sandbox/index.ts'
import { KEY, simulator } from './simulator.ts'

const STEPS = [
  ['pay', 'paid', 200, 'Successfully paid'],
  ['cancel', 'cancelled', 300, 'Cancelled by member'],
  ['fail', 'failed', 400, 'Payment failed: declined'],
  ['expire', 'expired', 408, 'Order expired'],
  ['error', 'error', 500, 'Internal error'],
] as const

for (const [step, state, code, label] of STEPS) {
  test(`"${step}" makes an order ${state}, by order id or by reference`, async (t) => {
    const sim = await simulator(t)
    for (const by of ['orderId', 'referenceId'] as const) {
      const order = await sim.placed()
      const reply = await sim.control('POST', `/orders/${order[by]}/${step}`)
      assert.equal(reply.status, 200)
      assert.equal((await reply.json()).state, state)
      const status = await sim.status(order.orderId)
      assert.deepEqual([status['statusCode'], status['status']], [code, label])
      assert.equal(status['transactionId'] === null, step !== 'pay')
    }
  })
}

test('the address of the simulator itself says to people what is where, and who pays', async (t) => {
  const sim = await simulator(t)
  const reply = await fetch(`${sim.url}/`)
  const page = await reply.text()
  assert.match(reply.headers.get('content-type') ?? '', /^text\/html/)
  assert.match(reply.headers.get('content-security-policy') ?? '', /default-src 'none'/)
  for (const path of ['/api/pg', '/payments/api', '/sessions/api'])
    assert.ok(page.includes(`>${sim.url}${path}<`), path)
  for (const { number } of MEMBERS) assert.ok(page.includes(`data-member="${number}"`))
  assert.ok(page.includes(`PIN is ${PIN}.`))
  assert.deepEqual(await (await fetch(`${sim.url}/nothing`)).json(), { message: 'Not found' })
})

test('"fail" says why in the label', async (t) => {
  const sim = await simulator(t)
  for (const [reason, label] of [
    ['insufficient-balance', 'Payment failed: insufficient balance'],
    ['account-blocked', 'Payment failed: account blocked'],
    ['limit-exceeded', 'Payment failed: limit exceeded'],
    ['unknown', 'Payment failed'],
  ]) {
    const { orderId } = await sim.placed()
    await sim.control('POST', `/orders/${orderId}/fail`, { reason })
    assert.equal((await sim.status(orderId))['status'], label)
  }
})

test('E15: an order can be paid after it was cancelled or has expired', async (t) => {
  const sim = await simulator(t)
  const { orderId } = await sim.placed()
  await sim.control('POST', `/orders/${orderId}/cancel`)
  await sim.control('POST', `/orders/${orderId}/pay`)
  assert.equal((await sim.status(orderId))['statusCode'], 200)
  const late = await sim.placed()
  sim.clock.advance(15 * 60_000)
  assert.equal((await sim.status(late.orderId))['statusCode'], 408)
  await sim.control('POST', `/orders/${late.orderId}/pay`)
  assert.equal((await sim.status(late.orderId))['statusCode'], 200)
  const { history } = await sim.ledger(late.orderId)
  assert.deepEqual(
    (history as { state: string }[]).map(({ state }) => state),
    ['created', 'expired', 'paid'],
  )
})

test('G11: a paid order can report another amount, another reference or none', async (t) => {
  const sim = await simulator(t)
  const { orderId } = await sim.placed({ amount: 1250 })
  const pay = async (body: unknown) => {
    assert.equal((await sim.control('POST', `/orders/${orderId}/pay`, body)).status, 200)
    return await sim.status(orderId)
  }
  assert.equal((await pay({ amount: 1249.99 }))['orderAmount'], 1249.99)
  assert.equal('orderAmount' in (await pay({ orderAmount: null })), false)
  assert.equal((await pay({ answer: { referenceId: 'another' } }))['referenceId'], 'another')
  assert.equal((await pay({ statusCode: '200' }))['statusCode'], '200')
  assert.equal((await pay({ label: 'Odd' }))['status'], 'Odd')
  assert.equal((await pay({ transactionTime: 'yesterday' }))['transactionTime'], 'yesterday')
  assert.equal((await sim.ledger(orderId))['amount'], 1250)
})

test('the ledger lists orders with every call and what was answered', async (t) => {
  const sim = await simulator(t)
  const { orderId, referenceId } = await sim.placed({ amount: 1250.5 })
  await sim.order({ referenceId })
  await sim.status(orderId)
  await fetch(`${sim.url}/api/pg/order/${orderId}/status`)
  const orders = await (await sim.control('GET', '/orders')).json()
  assert.equal(orders.length, 1)
  const [order] = orders
  assert.deepEqual(
    [order.orderId, order.referenceId, order.amount, order.state, order.created],
    [orderId, referenceId, 1250.5, 'created', '2026-11-21T10:00:00.000Z'],
  )
  assert.deepEqual(
    order.calls.map((call: { method: string; path: string; status: number }) => [call.method, call.path, call.status]),
    [
      ['POST', '/api/pg/order', 200],
      ['POST', '/api/pg/order', 409],
      ['GET', `/api/pg/order/${orderId}/status`, 200],
      ['GET', `/api/pg/order/${orderId}/status`, 401],
    ],
  )
})

test('calls that name no order are kept too', async (t) => {
  const sim = await simulator(t)
  await sim.order({ amount: 'a lot' })
  await fetch(`${sim.url}/api/pg/order/IPAY-0/status`, { headers: KEY })
  const calls = await (await sim.control('GET', '/calls')).json()
  assert.deepEqual(
    calls.map((call: { status: number }) => call.status),
    [400, 404],
  )
})

test('DELETE forgets orders, calls and faults', async (t) => {
  const sim = await simulator(t)
  const { referenceId } = await sim.placed()
  await sim.faults({ on: 'create', do: 'status' })
  assert.equal((await sim.control('DELETE', '')).status, 204)
  assert.deepEqual(await (await sim.control('GET', '/orders')).json(), [])
  assert.deepEqual(await (await sim.control('GET', '/calls')).json(), [])
  assert.deepEqual(await (await sim.control('GET', '/faults')).json(), [])
  assert.equal((await sim.order({ referenceId })).status, 200)
})

test('an unknown order or step is 404, a wrong body 400', async (t) => {
  const sim = await simulator(t)
  const { orderId } = await sim.placed()
  assert.equal((await sim.control('POST', '/orders/IPAY-0/pay')).status, 404)
  assert.equal((await sim.control('POST', `/orders/${orderId}/constructor`)).status, 404)
  for (const body of [[], 'pay', { reason: 7 }, { surprise: 1 }, { answer: 'x' }]) {
    assert.equal((await sim.control('POST', `/orders/${orderId}/fail`, body)).status, 400, JSON.stringify(body))
  }
  assert.equal((await sim.ledger(orderId))['state'], 'created')
})

test('a page of another site cannot drive the simulator', async (t) => {
  const sim = await simulator(t)
  const { orderId } = await sim.placed()
  const pay = (headers: Record<string, string>) =>
    fetch(`${sim.url}/_sandbox/orders/${orderId}/pay`, { method: 'POST', headers })
  for (const site of ['cross-site', 'same-site']) assert.equal((await pay({ 'sec-fetch-site': site })).status, 403)
  assert.equal((await pay({ origin: 'https://evil.example' })).status, 403)
  assert.equal((await pay({ origin: 'null' })).status, 403)
  assert.equal((await sim.ledger(orderId))['state'], 'created')
  assert.equal((await pay({ origin: sim.url })).status, 200)
})
