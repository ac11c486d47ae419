import assert from 'node:assert/strict'
import { connect } from 'node:net'
import { test } from 'node:test'
import { createSandbox } from '../../../src/sandbox/index.ts'
import { KEY, type Simulator, simulator, validOrder } from './simulator.ts'

/** Sends an order over a bare socket; resolves with all bytes that came until the simulator closed the connection. */
function rawOrder(sim: Simulator, referenceId: string): Promise<string> {
  const body = JSON.stringify({ ...validOrder(), referenceId })
  const head = [
    'POST /api/pg/order HTTP/1.1',
    `Host: 127.0.0.1:${sim.port}`,
    `Authorization: ${KEY.authorization}`,
    'Content-Type: application/json',
    `Content-Length: ${Buffer.byteLength(body)}`,
    'Connection: close',
  ]
  return new Promise((resolve) => {
    const socket = connect(sim.port, '127.0.0.1', () => socket.write(`${head.join('\r\n')}\r\n\r\n${body}`))
    let received = ''
    socket.setEncoding('utf8')
    socket.on('data', (chunk) => {
      received += chunk
    })
    socket.on('error', () => {})
    socket.on('close', () => resolve(received))
  })
}

const placedUnder = async (sim: Simulator, referenceId: string) =>
  (await sim.control('GET', `/orders/${referenceId}`)).status === 200

test('"drop-reply" does the work and closes the connection without a byte', async (t) => {
  const sim = await simulator(t)
  await sim.faults({ on: 'create', do: 'drop-reply', times: 1 })
  assert.equal(await rawOrder(sim, 'dropped'), '')
  assert.equal(await placedUnder(sim, 'dropped'), true)
  assert.deepEqual(
    (await sim.ledger('dropped')).calls.map(({ status }) => status),
    [null],
  )
  assert.equal((await sim.order({ referenceId: 'dropped' })).status, 409)
})

test('"cut" sends the head and so many bytes of the body', async (t) => {
  const sim = await simulator(t)
  for (const at of [0, 1, 20]) {
    await sim.faults({ on: 'create', do: 'cut', at, times: 1 })
    const received = await rawOrder(sim, `cut-${at}`)
    const [head = '', body = ''] = received.split('\r\n\r\n')
    assert.match(head, /^HTTP\/1\.1 200 /)
    assert.equal(body, '{"message":"Order placed successfully"'.slice(0, at))
    assert.ok(Number(/content-length: (\d+)/i.exec(head)?.[1]) > at)
    assert.equal(await placedUnder(sim, `cut-${at}`), true)
  }
})

test('"hang" does the work and answers nothing until the client leaves', async (t) => {
  const sim = await simulator(t)
  await sim.faults({ on: 'create', do: 'hang', times: 1 })
  const left = new AbortController()
  const asked = fetch(`${sim.url}/api/pg/order`, {
    method: 'POST',
    headers: KEY,
    body: JSON.stringify({ ...validOrder(), referenceId: 'hung' }),
    signal: left.signal,
  })
  while (!(await placedUnder(sim, 'hung'))) {}
  left.abort()
  await assert.rejects(asked, { name: 'AbortError' })
  assert.deepEqual(
    (await sim.ledger('hung')).calls.map(({ status }) => status),
    [null],
  )
})

test('stopping ends hanging connections and frees the port', async (t) => {
  const sim = await simulator(t)
  await sim.faults({ on: 'create', do: 'hang' })
  const asked = rawOrder(sim, 'hung')
  while (!(await placedUnder(sim, 'hung'))) {}
  await sim.stop()
  assert.equal(await asked, '')
  await simulator(t, { port: sim.port })
})

test('"delay" does the work at once and answers after so many milliseconds', async (t) => {
  const sim = await simulator(t)
  await sim.faults({ on: 'create', do: 'delay', ms: 1_500, times: 1 })
  let answered = false
  const asked = sim.order({ referenceId: 'slow' }).then((reply) => {
    answered = true
    return reply
  })
  while (!(await placedUnder(sim, 'slow'))) {}
  assert.equal(answered, false)
  assert.equal((await asked).status, 200)
})

test('"status" answers that HTTP status and does no work', async (t) => {
  const sim = await simulator(t)
  for (const value of [204, 400, 401, 404, 429, 500, 503]) {
    await sim.faults({ on: 'create', do: 'status', value, times: 1 })
    const reply = await sim.order({ referenceId: `s-${value}` })
    assert.equal(reply.status, value)
    assert.equal(reply.headers.has('retry-after'), value === 429 || value === 503)
    assert.equal(await placedUnder(sim, `s-${value}`), false)
  }
})

test('"html" answers a page and does no work', async (t) => {
  const sim = await simulator(t)
  await sim.faults({ on: 'create', do: 'html' })
  const reply = await sim.order({ referenceId: 'page' })
  assert.equal(reply.status, 200)
  assert.match(reply.headers.get('content-type') ?? '', /^text\/html/)
  assert.match(await reply.text(), /<!doctype html>/)
  assert.equal(await placedUnder(sim, 'page'), false)
})

test('"garbage" does the work and answers JSON that is none, or what it is told', async (t) => {
  const sim = await simulator(t)
  await sim.faults({ on: 'create', do: 'garbage', times: 1 }, { on: 'create', do: 'garbage', value: '{"orderId":7}' })
  const reply = await sim.order({ referenceId: 'g-1' })
  assert.equal(reply.headers.get('content-type'), 'application/json')
  await assert.rejects(reply.json(), SyntaxError)
  assert.equal(await placedUnder(sim, 'g-1'), true)
  assert.deepEqual(await (await sim.order()).json(), { orderId: 7 })
})

test('"redirect" sends the client elsewhere and does no work', async (t) => {
  const sim = await simulator(t)
  await sim.faults(
    { on: 'create', do: 'redirect', value: 'http://127.0.0.1:9/trap', times: 1 },
    { on: 'create', do: 'redirect' },
  )
  const reply = await sim.order({ referenceId: 'r-1' })
  assert.deepEqual([reply.status, reply.headers.get('location')], [302, 'http://127.0.0.1:9/trap'])
  assert.equal((await sim.order()).headers.get('location'), '/elsewhere')
  assert.equal(await placedUnder(sim, 'r-1'), false)
})

test('E7: "lag" keeps the status as it was so many milliseconds ago', async (t) => {
  const sim = await simulator(t)
  const { orderId } = await sim.placed()
  await sim.faults({ on: 'status', do: 'lag', ms: 90_000 })
  sim.clock.advance(60_000)
  await sim.control('POST', `/orders/${orderId}/pay`)
  assert.equal((await sim.status(orderId))['statusCode'], 100)
  sim.clock.advance(89_999)
  assert.equal((await sim.status(orderId))['statusCode'], 100)
  assert.equal((await sim.ledger(orderId))['state'], 'paid')
  sim.clock.advance(1)
  assert.equal((await sim.status(orderId))['statusCode'], 200)
})

test('"lag" of what is no news is a delay', async (t) => {
  const sim = await simulator(t)
  await sim.faults({ on: 'create', do: 'lag', ms: 200, times: 1 })
  const startedAt = performance.now()
  assert.equal((await sim.order()).status, 200)
  assert.ok(performance.now() - startedAt >= 190)
})

test('`work` overrules whether the work is done', async (t) => {
  const sim = await simulator(t)
  await sim.faults(
    { on: 'create', do: 'status', value: 500, work: true, times: 1 },
    { on: 'create', do: 'drop-reply', work: false, times: 1 },
  )
  assert.equal((await sim.order({ referenceId: 'w-1' })).status, 500)
  assert.equal(await placedUnder(sim, 'w-1'), true)
  await rawOrder(sim, 'w-2')
  assert.equal(await placedUnder(sim, 'w-2'), false)
})

test('faults of one place strike in the order of the list, each as often as it says', async (t) => {
  const sim = await simulator(t)
  await sim.faults(
    { on: 'create', do: 'status', value: 500, times: 2 },
    { on: 'status', do: 'status', value: 502 },
    { on: 'create', do: 'status', value: 503, times: 1 },
  )
  const seen: number[] = []
  for (let i = 0; i < 4; i += 1) seen.push((await sim.order()).status)
  assert.deepEqual(seen, [500, 500, 503, 200])
  const { orderId } = await sim.placed()
  for (let i = 0; i < 3; i += 1) {
    assert.equal((await fetch(`${sim.url}/api/pg/order/${orderId}/status`, { headers: KEY })).status, 502)
  }
})

test('a fault script that makes no sense is 400 and changes nothing', async (t) => {
  const sim = await simulator(t)
  await sim.faults({ on: 'create', do: 'html' })
  const wrong = [
    {},
    [{}],
    [{ on: 'create' }],
    [{ on: 'somewhere', do: 'hang' }],
    [{ on: 'create', do: 'explode' }],
    [{ on: 'create', do: 'delay', ms: -1 }],
    [{ on: 'create', do: 'status', value: 99 }],
    [{ on: 'create', do: 'hang', times: 1.5 }],
    [{ on: 'create', do: 'hang', often: true }],
    [null],
  ]
  for (const script of wrong) {
    const reply = await sim.control('PUT', '/faults', script)
    assert.equal(reply.status, 400, JSON.stringify(script))
    assert.notEqual((await reply.json()).message, '')
  }
  assert.deepEqual(await (await sim.control('GET', '/faults')).json(), [{ on: 'create', do: 'html' }])
})

test('without a socket, faults end fetch as a lost connection does', async () => {
  const sandbox = createSandbox()
  const ask = (path: string, init: RequestInit) => sandbox.fetch(new Request(`http://simulator.test${path}`, init))
  const faults = async (...list: unknown[]) => {
    await ask('/_sandbox/faults', { method: 'PUT', body: JSON.stringify(list) })
  }
  const order = (init: RequestInit = {}) =>
    ask('/api/pg/order', { method: 'POST', headers: KEY, body: JSON.stringify(validOrder()), ...init })
  await faults({ on: 'create', do: 'drop-reply' })
  await assert.rejects(order(), TypeError)
  await faults({ on: 'create', do: 'cut', at: 5 })
  await assert.rejects((await order()).text(), TypeError)
  await faults({ on: 'create', do: 'hang' })
  await assert.rejects(order({ signal: AbortSignal.abort() }), { name: 'AbortError' })
  await faults()
  assert.match((await (await order()).json()).paymentUrl, /^http:\/\/simulator\.test\/pay\/IPAY-/)
})
