import assert from 'node:assert/strict'
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { test } from 'node:test'
import { newKey, paymentsSimulator, validPayment } from './payments-api.ts'

const DIRECT = { confirmation_token: false, return_url: undefined }

test('every write carries a key: a repeat gets the first answer, another request is refused', async (t) => {
  const sim = await paymentsSimulator(t)
  const order = validPayment()
  const key = { 'idempotency-key': newKey() }
  const first = await sim.post('/payments', order, key)
  const again = await sim.post('/payments', order, key)
  assert.deepEqual(again.body, first.body)
  assert.equal(again.headers.get('idempotent-replayed'), 'true')
  assert.equal(first.headers.get('idempotent-replayed'), null)
  assert.equal((await sim.post('/payments', { ...order, amount: 1 }, key)).status, 409)
  assert.equal((await sim.post('/customers', order, key)).status, 409)
  assert.equal((await sim.post('/payments', order, { 'idempotency-key': '' })).status, 400)
  assert.equal((await (await sim.control('GET', '/orders')).json()).length, 1)
})

test('a declined payment is declined again under the same key; a malformed one may be corrected', async (t) => {
  const sim = await paymentsSimulator(t)
  const key = { 'idempotency-key': newKey() }
  const declined = { ...validPayment(), ...DIRECT, payment_method: 'tok_card_declined' }
  const first = await sim.post('/payments', declined, key)
  assert.deepEqual((await sim.post('/payments', declined, key)).body, first.body)
  const other = { 'idempotency-key': newKey() }
  assert.equal((await sim.post('/payments', { ...validPayment(), amount: 1.5 }, other)).status, 400)
  assert.equal((await sim.post('/payments', validPayment(), other)).status, 200)
})

const WRONG: Readonly<Record<string, readonly unknown[]>> = {
  amount: [undefined, null, '100', 0, -1, 1.5, 1e300, true],
  currency: [undefined, 'bdt', 'TAKA', 5],
  metadata: ['x', { orderId: 5 }, { long: 'x'.repeat(501) }],
  confirm: ['yes'],
  confirmation_token: [1],
  return_url: [undefined, 'javascript:alert(1)', '/here'],
  capture_method: ['later'],
  statement_descriptor: ['x'.repeat(23)],
  description: ['half \ud83d'],
}

for (const [field, values] of Object.entries(WRONG)) {
  test(`a wrong ${field} is 400 and names the field`, async (t) => {
    const sim = await paymentsSimulator(t)
    for (const value of values) {
      const { status, body } = await sim.post('/payments', { ...validPayment(), [field]: value })
      assert.equal(status, 400, JSON.stringify(value))
      assert.equal(body.error?.['param'], field)
      assert.equal(body.error?.['type'], 'invalid_request_error')
    }
    assert.deepEqual(await (await sim.control('GET', '/orders')).json(), [])
  })
}

test('the control requests move a payment as they move an order', async (t) => {
  const sim = await paymentsSimulator(t)
  for (const [step, status] of [
    ['pay', 'succeeded'],
    ['cancel', 'canceled'],
    ['fail', 'failed'],
    ['expire', 'canceled'],
    ['error', 'failed'],
    ['process', 'processing'],
    ['authorize', 'requires_capture'],
  ]) {
    const { id } = await sim.payment()
    assert.equal((await sim.control('POST', `/orders/${id}/${step}`)).status, 200)
    assert.equal((await sim.get(`/payments/${id}`)).body['status'], status)
  }
  const { id } = await sim.payment()
  await sim.control('POST', `/orders/${id}/pay`, { amount: 1250.01, answer: { metadata: { orderId: 'another' } } })
  const { body } = await sim.get(`/payments/${id}`)
  assert.deepEqual([body['amount'], body['metadata']], [125001, { orderId: 'another' }])
})

test('faults strike the writes and the reads of payments, and a repeat finds the work done', async (t) => {
  const sim = await paymentsSimulator(t)
  const order = validPayment()
  const key = { 'idempotency-key': newKey() }
  await sim.faults({ on: 'create', do: 'drop-reply', times: 1 }, { on: 'status', do: 'status', value: 503, times: 1 })
  await assert.rejects(sim.post('/payments', order, key), TypeError)
  const { status, body, headers } = await sim.post('/payments', order, key)
  assert.deepEqual([status, headers.get('idempotent-replayed')], [200, 'true'])
  assert.equal((await sim.get(`/payments/${body.id}`)).status, 503)
  await sim.faults({ on: 'status', do: 'lag', ms: 60_000 })
  sim.clock.advance(1)
  await sim.control('POST', `/orders/${body.id}/pay`)
  assert.equal((await sim.get(`/payments/${body.id}`)).body['status'], 'requires_action')
  const { calls } = await sim.ledger(body.id)
  assert.deepEqual(
    calls.map((call) => call.status),
    [null, 503, 200],
  )
})

test('what the Payments API keeps survives in the journal', async (t) => {
  const folder = mkdtempSync(`${tmpdir()}/payments-`)
  t.after(() => rmSync(folder, { recursive: true, force: true }))
  const first = await paymentsSimulator(t, { journal: `${folder}/ledger.jsonl` })
  const key = { 'idempotency-key': newKey() }
  const order = { ...validPayment(), ...DIRECT, payment_method: 'tok_visa' }
  const { body: payment } = await first.post('/payments', order, key)
  const { body: refund } = await first.post('/refunds', { payment: payment.id, amount: 1 })
  await first.stop()
  const second = await paymentsSimulator(t, { journal: `${folder}/ledger.jsonl` })
  assert.deepEqual((await second.get(`/payments/${payment.id}`)).body, { ...payment, amount_refunded: 1 })
  assert.deepEqual((await second.get(`/refunds/${refund.id}`)).body, refund)
  assert.equal((await second.post('/payments', order, key)).headers.get('idempotent-replayed'), 'true')
  await second.control('DELETE', '')
  assert.equal((await second.get(`/payments/${payment.id}`)).status, 404)
  assert.equal((await second.post('/payments', order, key)).headers.get('idempotent-replayed'), null)
})
