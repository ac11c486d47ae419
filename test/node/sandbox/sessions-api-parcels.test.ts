import assert from 'node:assert/strict'
import { test } from 'node:test'
import { sessionsSimulator, unique } from './sessions-api.ts'

test('a carrier hands a parcel over only when it is paid', async (t) => {
  const sim = await sessionsSimulator(t)
  const { order, session } = await sim.opened()
  const scan = async (what: string, id = order.id) =>
    (await sim.control('POST', `/sessions/${id}/scan`, { scan: what })).status
  assert.equal(await scan('out_for_delivery'), 204)
  assert.equal(await scan('arrived', session.id), 204)
  assert.equal(await scan('released'), 409)
  await sim.control('POST', `/orders/${session.id}/pay`)
  assert.equal(await scan('released'), 204)
  assert.equal(await scan('lost'), 400)
  assert.equal(await scan('released', 'ord_none'), 404)
  const { parcel, release } = (await sim.get(`/orders/${order.id}`)).body as Record<string, { [name: string]: unknown }>
  assert.equal(parcel?.['state'], 'released')
  assert.equal(release?.['released_at'], '2026-11-21T10:00:00.000Z')
  assert.deepEqual((await sim.events()).slice(2), [
    'carrier.out_for_delivery',
    'payment.confirmed',
    'release.authorized',
    'parcel.released',
  ])
})

test('a return has a reason and a label, and its arrival refunds what was paid', async (t) => {
  const sim = await sessionsSimulator(t)
  const { order, session } = await sim.opened()
  await sim.control('POST', `/orders/${session.id}/pay`)
  const made = (await sim.post('/returns', { order_id: order.id })).body
  assert.deepEqual([made['state'], made['reason'], made['label']], ['initiated', null, null])
  assert.equal((await sim.post('/returns', { order_id: order.id })).status, 409)
  assert.equal((await sim.post(`/returns/${made.id}/reason`, { reason: 'bored' })).status, 400)
  assert.equal((await sim.post(`/returns/${made.id}/reason`, { reason: 'damaged' })).body['reason'], 'damaged')
  const { label } = (await sim.post(`/returns/${made.id}/label`, { format: 'qr' })).body
  assert.match(JSON.stringify(label), /^\{"format":"qr","code":"RTN-[0-9A-F]{12}"\}$/)
  await sim.control('POST', `/sessions/${order.id}/scan`, { scan: 'returned' })
  assert.equal((await sim.get(`/returns/${made.id}`)).body['state'], 'received')
  assert.equal((await sim.get(`/orders/${order.id}`)).body['amount_refunded'], '1250.00')
  assert.equal((await sim.post(`/returns/${made.id}/label`)).status, 409)
  assert.deepEqual((await sim.events()).slice(-3), ['return.initiated', 'return.received', 'refund.created'])
})

test('a buyer who takes the offer keeps the parcel and gets what was offered', async (t) => {
  const sim = await sessionsSimulator(t)
  const { order, session } = await sim.opened()
  await sim.control('POST', `/orders/${session.id}/pay`)
  const { id } = (await sim.post('/returns', { order_id: order.id, reason: 'changed_mind' })).body
  assert.equal((await sim.post(`/returns/${id}/offer/accept`)).status, 409)
  assert.equal((await sim.post(`/returns/${id}/offer`, { amount: '1250.01' })).status, 400)
  await sim.post(`/returns/${id}/offer`, { amount: '200.00' })
  const accept = { 'idempotency-key': unique() }
  const kept = await sim.post(`/returns/${id}/offer/accept`, {}, accept)
  assert.deepEqual(kept.body['offer'], { amount: '200.00', currency: 'BDT', accepted: true })
  assert.equal((await sim.post(`/returns/${id}/offer/accept`, {}, accept)).replayed, true)
  assert.equal((await sim.get(`/orders/${order.id}`)).body['amount_refunded'], '200.00')
  assert.deepEqual((await sim.events()).slice(-2), ['retention.offer.accepted', 'refund.created'])
  // A later return gives back what is left, not the whole price again.
  await sim.post('/returns', { order_id: order.id })
  await sim.control('POST', `/sessions/${order.id}/scan`, { scan: 'returned' })
  assert.equal((await sim.get(`/orders/${order.id}`)).body['amount_refunded'], '1250.00')
  await sim.control('POST', `/sessions/${order.id}/settle`)
  assert.equal((await sim.events()).at(-1), 'settlement.created')
})
