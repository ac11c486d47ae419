import assert from 'node:assert/strict'
import { createHmac } from 'node:crypto'
import { once } from 'node:events'
import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import { type TestContext, test } from 'node:test'
import { type PaymentsSimulator, paymentsSimulator } from './payments-api.ts'

const SECRET = 'whsec-test'

interface Received {
  readonly body: string
  readonly signature: string
  readonly type: string
}

/** A merchant's address for webhooks, which answers with each of `answers` in turn, then 200. */
async function receiver(t: TestContext, answers: number[] = []) {
  const received: Received[] = []
  const server = createServer(async (request, reply) => {
    let body = ''
    try {
      for await (const chunk of request) body += chunk
    } catch {
      return
    }
    const signature = String(request.headers['ipay-signature'])
    received.push({ body, signature, type: String(request.headers['content-type']) })
    reply.writeHead(answers.shift() ?? 200).end()
    server.emit('received')
  })
  server.listen(0, '127.0.0.1')
  await once(server, 'listening')
  t.after(() => {
    server.close()
    server.closeAllConnections()
  })
  return {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}/hook`,
    received,
    async until(count: number) {
      while (received.length < count) await once(server, 'received')
      return received
    },
  }
}

const configure = async (sim: PaymentsSimulator, url: string, more: object = {}) => {
  const target = { sender: 'ipay-payments', url, secret: SECRET, ...more }
  assert.equal((await sim.control('PUT', '/webhooks', target)).status, 204)
}

const eventsOf = async (sim: PaymentsSimulator) =>
  (await (await sim.control('GET', '/events')).json()) as {
    id: string
    type: string
    deliveries: { status: number | null }[]
  }[]

const signed = (body: string) => createHmac('sha256', SECRET).update(body).digest('hex')

test("an event is signed over its exact bytes and leads back to the merchant's order", async (t) => {
  const sim = await paymentsSimulator(t)
  const hook = await receiver(t)
  await configure(sim, hook.url)
  const { id } = await sim.payment({ metadata: { orderId: 'cart-1' }, description: 'দুটি মগ' })
  await sim.control('POST', `/orders/${id}/pay`)
  const [event] = await hook.until(1)
  assert.equal(event?.signature, signed(event?.body ?? ''))
  assert.equal(event?.type, 'application/json')
  const body = JSON.parse(event?.body ?? '')
  assert.match(body.id, /^evt_/)
  assert.deepEqual([body.type, body.created], ['payment.succeeded', 1795255200])
  assert.deepEqual([body.data.id, body.data.status, body.data.metadata.orderId], [id, 'succeeded', 'cart-1'])
  assert.equal(body.data.client_secret, null)
})

test('each event has its moment', async (t) => {
  const sim = await paymentsSimulator(t)
  const failed = await sim.payment()
  await sim.control('POST', `/orders/${failed.id}/fail`, { reason: 'insufficient-balance' })
  const paid = await sim.payment({ confirmation_token: false, payment_method: 'tok_disputed' })
  await sim.post('/refunds', { payment: paid.id, amount: 100 })
  await sim.control('POST', `/payments/${paid.id}/refund`, { amount: 200 })
  await sim.control('POST', `/payments/${paid.id}/dispute`, { reason: 'product_not_received' })
  await sim.post('/customers', { email: 'a@b.example' })
  await sim.control('POST', '/events', {
    sender: 'ipay-payments',
    type: 'customer.subscription.updated',
    data: { id: 'sub_1' },
  })
  const events = (await (await sim.control('GET', '/events')).json()) as {
    type: string
    body: { data: Record<string, unknown> }
  }[]
  assert.deepEqual(
    events.map(({ type }) => type),
    [
      'payment.failed',
      'payment.succeeded',
      'payment.disputed',
      'payment.refunded',
      'payment.refunded',
      'payment.disputed',
      'customer.created',
      'customer.subscription.updated',
    ],
  )
  assert.equal(events[0]?.body.data['failure_code'], 'insufficient_funds')
  assert.equal(events[4]?.body.data['amount_refunded'], 300)
  assert.match(JSON.stringify(events[5]?.body.data['dispute']), /"reason":"product_not_received"/)
  assert.equal(((await sim.get(`/disputes?payment=${paid.id}`)).body['data'] as unknown[]).length, 2)
})

test('an event is sent again until it is taken', async (t) => {
  const sim = await paymentsSimulator(t)
  const hook = await receiver(t, [500, 503])
  await configure(sim, hook.url, { retryMs: [1, 1, 1] })
  const { id } = await sim.payment()
  await sim.control('POST', `/orders/${id}/pay`)
  const bodies = (await hook.until(3)).map(({ body }) => body)
  assert.equal(new Set(bodies).size, 1)
  while ((await eventsOf(sim))[0]?.deliveries.length !== 3) {}
  assert.deepEqual(
    (await eventsOf(sim))[0]?.deliveries.map(({ status }) => status),
    [500, 503, 200],
  )
})

test('an event can be sent several times over, and be replayed', async (t) => {
  const sim = await paymentsSimulator(t)
  const hook = await receiver(t)
  await configure(sim, hook.url, { duplicates: 2 })
  const { id } = await sim.payment()
  await sim.control('POST', `/orders/${id}/pay`)
  await hook.until(3)
  const [event] = await eventsOf(sim)
  const replay = await sim.control('POST', `/events/${event?.id}/replay`, { times: 5 })
  assert.deepEqual(
    await replay.json(),
    Array.from({ length: 5 }, () => ({ id: event?.id, status: 200 })),
  )
  assert.equal(hook.received.length, 8)
  assert.equal(new Set(hook.received.map(({ body }) => body)).size, 1)
  assert.equal((await sim.control('POST', '/events/evt_none/replay')).status, 404)
})

test('G6: events can be held back and released in any order', async (t) => {
  const sim = await paymentsSimulator(t)
  const hook = await receiver(t)
  await configure(sim, hook.url, { hold: true })
  const { id } = await sim.payment()
  for (const step of ['fail', 'pay']) await sim.control('POST', `/orders/${id}/${step}`)
  await sim.control('POST', `/payments/${id}/refund`)
  assert.equal(hook.received.length, 0)
  const released = await sim.control('POST', '/events/release', { sender: 'ipay-payments', reverse: true })
  assert.deepEqual(
    (await released.json()).map((answer: { status: number }) => answer.status),
    [200, 200, 200],
  )
  const types = hook.received.map(({ body }) => JSON.parse(body).type)
  assert.deepEqual(types, ['payment.refunded', 'payment.succeeded', 'payment.failed'])
  assert.deepEqual(await (await sim.control('POST', '/events/release', { sender: 'ipay-payments' })).json(), [])
  const ids = (await eventsOf(sim)).map((event) => event.id)
  await sim.control('POST', '/events/release', { sender: 'ipay-payments', ids: [ids[2], ids[0]] })
  assert.deepEqual(
    hook.received.slice(3).map(({ body }) => JSON.parse(body).id),
    [ids[2], ids[0]],
  )
})

test('a receiver that is named later gets what it has not got yet', async (t) => {
  const sim = await paymentsSimulator(t)
  const { id } = await sim.payment()
  await sim.control('POST', `/orders/${id}/pay`)
  const hook = await receiver(t)
  await configure(sim, hook.url)
  assert.equal(JSON.parse((await hook.until(1))[0]?.body ?? '').data.id, id)
})

test('faults of "notify" strike the sending', async (t) => {
  const sim = await paymentsSimulator(t)
  const hook = await receiver(t)
  await configure(sim, hook.url, { hold: true })
  const { id } = await sim.payment()
  await sim.control('POST', `/orders/${id}/pay`)
  const [event] = await eventsOf(sim)
  const send = async (fault: object) => {
    await sim.faults({ on: 'notify', ...fault })
    const before = hook.received.length
    const [answer] = await (await sim.control('POST', `/events/${event?.id}/replay`)).json()
    return { status: answer.status, got: hook.received.slice(before) }
  }
  const lost = await send({ do: 'hang' })
  assert.deepEqual([lost.status, lost.got.length], [null, 0])
  const unheard = await send({ do: 'drop-reply' })
  assert.deepEqual([unheard.status, unheard.got.length], [null, 1])
  const refused = await send({ do: 'status', value: 502 })
  assert.deepEqual([refused.status, refused.got.length], [502, 0])
  const page = await send({ do: 'html' })
  assert.match(page.got[0]?.type ?? '', /^text\/html/)
  const altered = await send({ do: 'garbage' })
  assert.notEqual(altered.got[0]?.signature, signed(altered.got[0]?.body ?? ''))
  const cut = await send({ do: 'cut', at: 10 })
  assert.deepEqual([cut.status, cut.got.length], [null, 0])
  const late = await send({ do: 'delay', ms: 1 })
  assert.deepEqual([late.status, late.got.length], [200, 1])
})

test('DELETE forgets a target that was set on the way, and the one that the simulator was started with stands again', async (t) => {
  const [own, other] = [await receiver(t), await receiver(t)]
  const sim = await paymentsSimulator(t, { webhooks: { 'ipay-payments': { url: own.url, secret: SECRET } } })
  await configure(sim, other.url)
  assert.equal((await sim.control('DELETE', '')).status, 204)
  const { id } = await sim.payment()
  await sim.control('POST', `/orders/${id}/pay`)
  const [event] = await own.until(1)
  assert.equal(event?.signature, signed(event?.body ?? ''))
  assert.deepEqual(other.received, [])
})

test('a target or an event that makes no sense is 400', async (t) => {
  const sim = await paymentsSimulator(t)
  const target = { sender: 'ipay-payments', url: 'http://127.0.0.1:9/', secret: 's' }
  for (const wrong of [
    { sender: 'ipay' },
    { url: 'ftp://x/' },
    { url: 5 },
    { secret: '' },
    { hold: 1 },
    { duplicates: -1 },
    { retryMs: ['1'] },
  ]) {
    assert.equal((await sim.control('PUT', '/webhooks', { ...target, ...wrong })).status, 400, JSON.stringify(wrong))
  }
  assert.equal((await sim.control('POST', '/events', { sender: 'ipay-payments' })).status, 400)
  assert.equal((await sim.control('POST', '/events/release', { sender: 'ipay-payments', ids: ['none'] })).status, 400)
})
