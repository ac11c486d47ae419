import assert from 'node:assert/strict'
import { type TestContext, test } from 'node:test'
import { PIN } from '../../../src/sandbox/index.ts'
import { KEY, type Simulator, simulator } from './simulator.ts'
import { press, visit } from './wallet-browser.ts'

interface Answer {
  readonly status: number
  readonly body: Record<string, unknown> & { readonly id: string }
  readonly replayed: boolean
}

interface SessionsSimulator extends Simulator {
  post(path: string, body?: unknown, headers?: Readonly<Record<string, string>>): Promise<Answer>
  get(path: string, headers?: Readonly<Record<string, string>>): Promise<Answer>
  /** An order and its open payment session. */
  opened(): Promise<{ order: Answer['body']; session: Answer['body'] }>
  /** Names of all events so far. */
  events(): Promise<string[]>
}

let counter = 0
function unique(): string {
  counter += 1
  return `cart-${process.pid}-${counter}`
}

const validOrder = () => ({ external_id: unique(), amount: '1250.00', currency: 'BDT', description: 'Two mugs' })
const URLS = {
  success_url: 'https://shop.example/return/success',
  failure_url: 'https://shop.example/return/failure',
  cancel_url: 'https://shop.example/return/cancel',
}

async function sessionsSimulator(t: TestContext): Promise<SessionsSimulator> {
  const sim = await simulator(t)
  const ask = async (
    method: string,
    path: string,
    headers: Record<string, string>,
    body?: unknown,
  ): Promise<Answer> => {
    const reply = await fetch(`${sim.url}/sessions/api${path}`, {
      method,
      headers: { ...KEY, ...headers },
      ...(body !== undefined && { body: JSON.stringify(body) }),
    })
    return { status: reply.status, body: await reply.json(), replayed: reply.headers.has('idempotent-replayed') }
  }
  const post: SessionsSimulator['post'] = (path, body = {}, headers = {}) =>
    ask('POST', path, { 'idempotency-key': unique(), ...headers }, body)
  return {
    ...sim,
    post,
    get: (path, headers = {}) => ask('GET', path, headers),
    async opened() {
      const order = await post('/orders', validOrder())
      assert.equal(order.status, 200, JSON.stringify(order.body))
      const session = await post(`/orders/${order.body.id}/payment-sessions`, URLS)
      assert.equal(session.status, 200, JSON.stringify(session.body))
      return { order: order.body, session: session.body }
    },
    async events() {
      const events = (await (await sim.control('GET', '/events')).json()) as { type: string }[]
      return events.map(({ type }) => type)
    },
  }
}

test("an order is kept with its amount in decimal text and can be found by the merchant's id", async (t) => {
  const sim = await sessionsSimulator(t)
  const wanted = { ...validOrder(), handover: 'locker', carrier: 'Paperfly', metadata: { orderId: 'ref-1' } }
  const { status, body } = await sim.post('/orders', wanted)
  assert.equal(status, 200)
  assert.match(body.id, /^ord_/)
  assert.deepEqual(
    [body['external_id'], body['amount'], body['handover'], body['carrier'], body['metadata'], body['payment_status']],
    [wanted.external_id, '1250.00', 'locker', 'Paperfly', { orderId: 'ref-1' }, 'none'],
  )
  assert.deepEqual((await sim.get(`/orders/${body.id}`)).body, body)
  assert.deepEqual((await sim.get(`/orders?external_id=${wanted.external_id}`)).body['data'], [body])
  assert.equal((await sim.post('/orders', wanted)).status, 409)
  assert.equal((await sim.get('/orders/ord_none')).status, 404)
  assert.deepEqual(await sim.events(), ['order.created'])
})

test('what is wrong with an order is 400 and named', async (t) => {
  const sim = await sessionsSimulator(t)
  for (const [field, values] of Object.entries({
    external_id: [undefined, '', 5, 'x'.repeat(65)],
    amount: [undefined, 1250, '0', '0.00', '-1.00', '1.234', '1e3', '1,000.00'],
    currency: [undefined, 'bdt', 'TAKA'],
    handover: ['window'],
    metadata: [[]],
  })) {
    for (const value of values) {
      const { status, body } = await sim.post('/orders', { ...validOrder(), [field]: value })
      assert.equal(status, 400, `${field} ${JSON.stringify(value)}`)
      // A currency that is none leaves no way to read the amount.
      const { param } = body['error'] as { param: string }
      assert.ok(param === field || (field === 'currency' && param === 'amount'), `${field}: ${param}`)
    }
  }
})

test('an import takes what is right and says what is wrong', async (t) => {
  const sim = await sessionsSimulator(t)
  const [one, two] = [validOrder(), validOrder()]
  const { status, body } = await sim.post('/orders/import', {
    orders: [one, { ...two, amount: 'free' }, one, null, two],
  })
  assert.equal(status, 200)
  assert.deepEqual([body['imported'], body['failed']], [2, 3])
  const results = body['results'] as { external_id: string; id?: string; error?: { code: string } }[]
  assert.deepEqual(
    results.map(({ id, error }) => (id ? 'kept' : error?.code)),
    ['kept', 'parameter_invalid', 'external_id_used', 'parameter_invalid', 'kept'],
  )
  assert.equal((await sim.post('/orders/import', { orders: 'all' })).status, 400)
})

test('a payment session is paid in the wallet, and only then is the release authorized', async (t) => {
  const sim = await sessionsSimulator(t)
  const { order, session } = await sim.opened()
  assert.match(session.id, /^ps_/)
  assert.match(String(session['reference']), /^IPAY-[0-9A-F]{12}$/)
  assert.deepEqual(
    [session['status'], session['amount'], session['merchant_reference'], session['url']],
    ['requested', '1250.00', order['external_id'], `${sim.url}/pay/${session.id}`],
  )
  const release = async () => (await sim.get(`/orders/${order.id}/release?handover=door`)).body
  assert.deepEqual([(await release())['authorized'], (await release())['authorized_at']], [false, null])

  const login = await visit(`${sim.url}/pay/${session.id}`)
  const code = await press(login, 'login', { member: '01700000001', pin: PIN })
  const confirmation = await press(code, 'verify', { code: /data-code="(\d+)"/.exec(code.text)?.[1] ?? '' })
  assert.match(confirmation.text, /৳1,250\.00/)
  assert.equal((await press(confirmation, 'pay')).url, URLS.success_url)

  const paid = (await sim.get(`/payment-sessions/${session.id}`)).body
  assert.deepEqual([paid['status'], paid['url'], paid['confirmed_at']], ['confirmed', null, '2026-11-21T10:00:00.000Z'])
  assert.deepEqual(paid['provider'], { name: 'mock', status: 'succeeded' })
  assert.deepEqual([(await release())['authorized'], (await release())['method']], [true, 'door'])
  assert.equal((await sim.get(`/orders/${order.id}/release?handover=roof`)).status, 400)
  const { body } = await sim.get(`/payment-sessions/${session.id}/events`)
  assert.deepEqual(
    (body['data'] as { status: string }[]).map(({ status }) => status),
    ['requested', 'confirmed'],
  )
  assert.deepEqual(await sim.events(), [
    'order.created',
    'payment.requested',
    'payment.confirmed',
    'release.authorized',
  ])
})

test('one session is open at a time, a failed one can be followed by another, a paid one by none', async (t) => {
  const sim = await sessionsSimulator(t)
  const { order, session } = await sim.opened()
  const again = () => sim.post(`/orders/${order.id}/payment-sessions`, URLS)
  assert.equal((await again()).status, 409)
  await sim.control('POST', `/orders/${session.id}/fail`, { reason: 'limit-exceeded' })
  const failed = (await sim.get(`/payment-sessions/${session.id}`)).body
  assert.deepEqual([failed['status'], failed['failure_reason']], ['failed', 'limit-exceeded'])
  const second = await again()
  assert.deepEqual([second.status, second.body['merchant_reference']], [200, `${order['external_id']}#2`])
  const found = await sim.get(`/payment-sessions?merchant_reference=${encodeURIComponent(`${order['external_id']}#2`)}`)
  assert.deepEqual(
    (found.body['data'] as { id: string }[]).map(({ id }) => id),
    [second.body.id],
  )
  await sim.control('POST', `/orders/${second.body.id}/pay`)
  assert.equal((await again()).status, 409)
  assert.equal((await sim.post(`/orders/${order.id}/payment-sessions`, { success_url: 'javascript:1' })).status, 400)
})

test('a session waits seven days for the parcel', async (t) => {
  const sim = await sessionsSimulator(t)
  const { session } = await sim.opened()
  sim.clock.advance(7 * 24 * 3600_000 - 1)
  assert.equal((await sim.get(`/payment-sessions/${session.id}`)).body['status'], 'requested')
  sim.clock.advance(1)
  assert.equal((await sim.get(`/payment-sessions/${session.id}`)).body['status'], 'expired')
})

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

test('a session of this gateway is a wallet page; a payment of the Payments API is not', async (t) => {
  const sim = await sessionsSimulator(t)
  const { session } = await sim.opened()
  assert.equal((await fetch(`${sim.url}/pay/${session.id}`)).status, 200)
  const payment = await fetch(`${sim.url}/payments/api/payments`, {
    method: 'POST',
    headers: { authorization: `Basic ${Buffer.from('k:s').toString('base64')}`, 'idempotency-key': unique() },
    body: JSON.stringify({ amount: 100, currency: 'BDT' }),
  })
  assert.equal((await fetch(`${sim.url}/pay/${(await payment.json()).id}`)).status, 404)
})

test('the payment page speaks the language that the merchant named, and counts the days that are left', async (t) => {
  const sim = await sessionsSimulator(t)
  const page = async (lang: string) => {
    const order = await sim.post('/orders', { ...validOrder(), metadata: { lang } })
    const session = await sim.post(`/orders/${order.body.id}/payment-sessions`, URLS)
    return (await visit(String(session.body['url']))).text
  }
  assert.match(await page('en'), /<html lang="en">[\s\S]*7 days left to pay/)
  assert.match(await page('bn'), /<html lang="bn">[\s\S]*৭ দিন বাকি/)
})
