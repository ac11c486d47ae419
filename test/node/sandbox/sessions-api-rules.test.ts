import assert from 'node:assert/strict'
import { test } from 'node:test'
import { sessionsSimulator, unique, validOrder } from './sessions-api.ts'
import { KEY } from './simulator.ts'

test('every write carries a key, every request a token', async (t) => {
  const sim = await sessionsSimulator(t)
  const key = { 'idempotency-key': unique() }
  const order = validOrder()
  const first = await sim.post('/orders', order, key)
  const again = await sim.post('/orders', order, key)
  assert.deepEqual([again.body, again.replayed], [first.body, true])
  assert.equal((await sim.post('/orders', validOrder(), key)).status, 409)
  assert.equal((await sim.post('/orders', validOrder(), { 'idempotency-key': '' })).status, 400)
  for (const authorization of ['', 'Bearer invalid', 'Basic a2V5OnM=']) {
    assert.equal((await sim.get(`/orders/${first.body.id}`, { authorization })).status, 401)
    assert.equal((await sim.post('/orders', validOrder(), { authorization })).status, 401)
  }
})

test('faults and lag strike sessions as they strike orders', async (t) => {
  const sim = await sessionsSimulator(t)
  const { session } = await sim.opened()
  await sim.faults({ on: 'status', do: 'lag', ms: 1000 })
  sim.clock.advance(1)
  await sim.control('POST', `/orders/${session.id}/pay`, { amount: 1 })
  assert.equal((await sim.get(`/payment-sessions/${session.id}`)).body['status'], 'requested')
  sim.clock.advance(1000)
  const { status, amount } = (await sim.get(`/payment-sessions/${session.id}`)).body
  assert.deepEqual([status, amount], ['confirmed', '1.00'])
  assert.equal((await sim.ledger(session.id)).calls.length, 3)
})

/** Reads a stream until `enough` says so. */
async function readUntil(reply: Response, enough: (text: string) => boolean): Promise<string> {
  let text = ''
  const decoder = new TextDecoder()
  for await (const chunk of reply.body ?? []) {
    text += decoder.decode(chunk, { stream: true })
    if (enough(text)) break
  }
  return text
}

test('live events come as they happen, and go on after the last one that was seen', async (t) => {
  const sim = await sessionsSimulator(t)
  const stream = (headers: Record<string, string> = {}, query = '') =>
    fetch(`${sim.url}/sessions/api/events${query}`, { headers: { ...KEY, ...headers } })
  assert.equal((await stream({ authorization: 'Bearer invalid' })).status, 401)
  const live = await stream()
  assert.match(live.headers.get('content-type') ?? '', /^text\/event-stream/)
  const { order, session } = await sim.opened()
  const first = await readUntil(live, (text) => text.includes('event: payment.requested'))
  const [, id] = /id: (evt_\w+)\nevent: order\.created\ndata: \{.*\}\n\n/.exec(first) ?? []
  assert.ok(id, first)
  await sim.control('POST', `/orders/${session.id}/pay`)
  const other = await sim.opened()
  const rest = await readUntil(await stream({ 'last-event-id': id }, `?order_id=${order.id}`), (text) =>
    text.includes('release.authorized'),
  )
  assert.deepEqual(
    [...rest.matchAll(/^event: (.*)$/gm)].map((match) => match[1]),
    ['payment.requested', 'payment.confirmed', 'release.authorized'],
  )
  assert.equal(rest.includes(other.order.id), false)
})
