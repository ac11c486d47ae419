import assert from 'node:assert/strict'
import { after, before, describe, test } from 'node:test'
import { bdt } from '../../../src/contract/money.ts'
import { GatewayError } from '../../../src/server/gateways/gateway-error.ts'
import { readEvent, SESSION_EVENTS } from '../../../src/server/gateways/ipay-sessions/events.ts'
import {
  type IpaySessionsGateway,
  ipaySessionsGateway,
} from '../../../src/server/gateways/ipay-sessions/ipay-sessions-gateway.ts'
import { instantOf, OrderReply, releaseOf } from '../../../src/server/gateways/ipay-sessions/replies.ts'
import { type ServerSentEvent, serverSentEvents } from '../../../src/server/gateways/ipay-sessions/sse.ts'
import { until } from '../../support/until.ts'
import { attempt, call, opened, type Simulator, startSimulator, toRead } from './simulator.ts'

const failsWith = (code: GatewayError['code']) => (error: unknown) =>
  error instanceof GatewayError && error.code === code

describe('payment sessions', () => {
  let simulator: Simulator
  let gateway: IpaySessionsGateway
  before(async () => {
    simulator = await startSimulator()
    gateway = ipaySessionsGateway({ environment: 'sandbox', baseUrl: `${simulator.url}/sessions/api`, apiKey: 'key' })
  })
  after(() => simulator.stop())

  async function open() {
    const wanted = attempt()
    return { wanted, ...opened(await gateway.open(wanted, call())) }
  }
  async function release({ wanted, orderId }: Awaited<ReturnType<typeof open>>) {
    const reading = await gateway.read(toRead(wanted, orderId), call())
    assert.equal(reading.kind, 'payment')
    return reading.kind === 'payment' ? reading.release : undefined
  }
  const scan = (id: string, what: string) => simulator.control('POST', `/sessions/${id}/scan`, { scan: what })

  test('an open session lasts for days: the parcel has to arrive first', async () => {
    const { expiresAt } = await open()
    assert.ok((expiresAt ?? 0) - simulator.clock.now() > 86_400_000)
  })

  test('the parcel is read with the session: waiting, authorised, released, on its way back, back', async () => {
    const session = await open()
    assert.deepEqual(await release(session), { state: 'waiting', carrier: 'Test Carrier', authorizedAt: null })
    await scan(session.orderId, 'out_for_delivery')
    assert.equal((await release(session))?.state, 'waiting')
    await simulator.act(session.orderId, 'pay')
    const authorizedAt = new Date(simulator.clock.now()).toISOString()
    assert.deepEqual(await release(session), { state: 'authorized', carrier: 'Test Carrier', authorizedAt })
    for (const state of ['released', 'returning', 'returned']) {
      await scan(session.orderId, state)
      assert.equal((await release(session))?.state, state)
    }
  })

  test('a parcel that cannot be read holds up no payment, and is left as it was known', async () => {
    const session = await open()
    await simulator.act(session.orderId, 'pay')
    await simulator.faults({ on: 'status', do: 'delay', ms: 0, times: 1 }, { on: 'status', do: 'status', value: 500 })
    const reading = await gateway.read(toRead(session.wanted, session.orderId), call())
    await simulator.faults()
    assert.equal(reading.kind === 'payment' && reading.state, 'paid')
    assert.equal('release' in reading, false)
  })

  test('an order or a session that is another one is not believed', async () => {
    const wanted = attempt()
    const other = { id: 'ps_1', order_id: 'ord_1', merchant_reference: 'OTHER', url: `${simulator.url}/pay/ps_1` }
    const first = { on: 'create', do: 'delay', ms: 0, times: 1 } as const
    await simulator.faults(first, { on: 'create', do: 'garbage', value: JSON.stringify(other) })
    assert.equal((await gateway.open(wanted, call())).kind, 'unknown')
    const { merchant_reference: _, ...nameless } = other
    await simulator.faults(first, { on: 'create', do: 'garbage', value: JSON.stringify(nameless) })
    assert.equal((await gateway.open(attempt(), call())).kind, 'unknown')
    await simulator.faults({
      on: 'create',
      do: 'garbage',
      value: JSON.stringify({ id: 'ord_1', external_id: 'OTHER' }),
    })
    assert.equal((await gateway.open(attempt(), call())).kind, 'unknown')

    await simulator.faults()
    const session = await open()
    const parcel = {
      id: 'ord_other',
      external_id: 'x',
      currency: 'BDT',
      amount_refunded: '5.00',
      parcel: { state: 'released' },
    }
    const garbage = { on: 'status', do: 'garbage', value: JSON.stringify(parcel) } as const
    await simulator.faults({ on: 'status', do: 'delay', ms: 0, times: 1 }, garbage)
    const reading = await gateway.read(toRead(session.wanted, session.orderId), call())
    assert.equal(reading.kind, 'payment')
    assert.equal('release' in reading || 'refunded' in reading, false)
    await simulator.faults()
  })

  test('release is authorised at a door, a pickup point and a locker once it is paid, and not before', async () => {
    const { orderId } = await open()
    for (const handover of ['door', 'pickup_point', 'locker'] as const) {
      assert.equal(await gateway.isReleaseAuthorized(orderId, { handover }), false)
    }
    await simulator.act(orderId, 'pay')
    const order = (
      (await (
        await fetch(`${simulator.url}/sessions/api/payment-sessions/${orderId}`, {
          headers: { authorization: 'Bearer key' },
        })
      ).json()) as { order_id: string }
    ).order_id
    for (const id of [orderId, order]) {
      assert.equal(await gateway.isReleaseAuthorized(id), true)
      for (const handover of ['door', 'pickup_point', 'locker'] as const) {
        assert.equal(await gateway.isReleaseAuthorized(id, { handover }), true)
      }
    }
  })

  test('release: whatever is not a clear yes is no yes', async () => {
    const { orderId } = await gateway.orders
      .create({ externalId: 'door-1', amount: bdt('10.00') })
      .then(({ id }) => ({ orderId: id }))
    const answers = [
      '{}',
      'null',
      `{"order_id":"${orderId}","authorized":"true"}`,
      `{"order_id":"${orderId}","authorized":1}`,
      '{"order_id":"ord_other","authorized":true}',
    ]
    for (const value of answers) {
      await simulator.faults({ on: 'status', do: 'garbage', value })
      assert.equal(await gateway.isReleaseAuthorized(orderId), false, value)
    }
    await simulator.faults({ on: 'status', do: 'garbage' })
    await assert.rejects(gateway.isReleaseAuthorized(orderId), failsWith('unavailable'))
    await simulator.faults({ on: 'status', do: 'status', value: 503 })
    await assert.rejects(gateway.isReleaseAuthorized(orderId), failsWith('unavailable'))
    await simulator.faults()
    await assert.rejects(gateway.isReleaseAuthorized('ord_nobody'), failsWith('missing'))
  })

  test('many orders are imported, what is wrong with one keeps no other out, and a repeat imports nothing', async () => {
    const orders = Array.from({ length: 1_203 }, (_, index) => ({
      externalId: `imp-${index}`,
      amount: bdt('5.00'),
      handover: 'locker' as const,
    }))
    orders[7] = { externalId: 'imp-0', amount: bdt('5.00'), handover: 'locker' }
    const results = await gateway.orders.importMany(orders, { key: 'import-1' })
    assert.deepEqual(
      results.map(({ externalId }) => externalId),
      orders.map(({ externalId }) => externalId),
    )
    assert.deepEqual(
      results.flatMap((result, index) => ('error' in result ? [[index, result.error]] : [])),
      [[7, 'external_id_used']],
    )
    assert.deepEqual(await gateway.orders.importMany(orders, { key: 'import-1' }), results)
    assert.deepEqual(await gateway.orders.importMany([]), [])
    const two = orders.slice(0, 2).map((order, index) => ({ ...order, externalId: `two-${index}` }))
    const mixed = {
      results: [
        { external_id: 'two-1', id: 'ord_b' },
        { external_id: 'two-0', id: 'ord_a' },
      ],
    }
    await simulator.faults({ on: 'create', do: 'garbage', value: JSON.stringify(mixed) })
    const told = await gateway.orders.importMany(two)
    await simulator.faults()
    assert.deepEqual(
      told.map((result) => 'error' in result && result.error),
      ['not-answered', 'not-answered'],
    )
  })

  test('an order is read with its amount, its hand-over and its parcel, by either of its ids', async () => {
    const { wanted, orderId: session } = await open()
    const details = await gateway.orders.read(session)
    assert.deepEqual(details, {
      id: details.id,
      externalId: wanted.reference,
      amount: wanted.amount,
      refunded: { minor: 0, currency: 'BDT' },
      handover: 'door',
      release: { state: 'waiting', carrier: 'Test Carrier', authorizedAt: null },
    })
    assert.deepEqual(await gateway.orders.read(details.id), details)
    await simulator.act(session, 'pay')
    assert.equal((await gateway.orders.read(session)).release.state, 'authorized')
    await assert.rejects(gateway.orders.read('ord_nobody'), failsWith('missing'))
    const good = { id: details.id, external_id: 'x', amount: '1.00', currency: 'BDT' }
    for (const odd of [{ amount: '1.505' }, { amount: 1 }, { currency: null }, { id: 'ord_another' }]) {
      await simulator.faults({ on: 'status', do: 'garbage', value: JSON.stringify({ ...good, ...odd }) })
      await assert.rejects(gateway.orders.read(details.id), failsWith('unavailable'))
    }
    await simulator.faults()
  })

  test('a return goes from its reason and label to an offer that the buyer takes', async () => {
    const { id } = await gateway.orders.create({ externalId: 'ret-1', amount: bdt('100.00') })
    const created = await gateway.returns.create({ orderId: id })
    assert.deepEqual(
      [created.orderId, created.reason, created.state, created.label, created.offer],
      [id, null, 'initiated', null, null],
    )
    assert.equal((await gateway.returns.setReason(created.id, 'damaged')).reason, 'damaged')
    assert.equal((await gateway.returns.issueLabel(created.id, 'qr')).label?.format, 'qr')
    assert.equal((await gateway.returns.issueLabel(created.id, 'label')).label?.format, 'label')
    const offered = await gateway.returns.offerToKeep(created.id, bdt('20.00'))
    assert.deepEqual(offered.offer, { amount: bdt('20.00'), accepted: false })
    const kept = await gateway.returns.acceptOffer(created.id)
    assert.deepEqual([kept.state, kept.offer?.accepted], ['kept', true])
    assert.deepEqual(await gateway.returns.read(created.id), kept)
    await assert.rejects(gateway.returns.issueLabel(created.id, 'qr'), failsWith('conflict'))
    await assert.rejects(gateway.returns.read('rtn_nobody'), failsWith('missing'))
    const { orderId: session } = await open()
    const bySession = await gateway.returns.create({ orderId: session, reason: 'late' })
    assert.match(bySession.orderId, /^ord_/, 'the id that an attempt keeps is enough')
    await assert.rejects(gateway.returns.create({ orderId: 'ps_nobody' }), failsWith('missing'))
    await assert.rejects(gateway.returns.offerToKeep(created.id, bdt('999.00')), GatewayError)
  })

  const CODES = {
    400: 'invalid',
    401: 'unauthorized',
    402: 'declined',
    404: 'missing',
    409: 'conflict',
    429: 'busy',
    500: 'unavailable',
    503: 'unavailable',
  }
  for (const [status, code] of Object.entries(CODES)) {
    test(`the errors' table: ${status} on what a shop asks itself is ${code}`, async () => {
      const asking = ipaySessionsGateway({
        environment: 'sandbox',
        baseUrl: `${simulator.url}/sessions/api`,
        apiKey: 'key',
        live: false,
      })
      const { id } = await asking.orders.create({ externalId: `table-${status}`, amount: bdt('10.00') })
      const fault = { do: 'status', value: Number(status) } as const
      await simulator.faults({ on: 'create', ...fault }, { on: 'status', ...fault })
      const order = { externalId: 'never', amount: bdt('1.00') }
      for (const ask of [
        () => asking.orders.create(order),
        () => asking.orders.importMany([order]),
        () => asking.returns.create({ orderId: id }),
        () => asking.returns.read('rtn_1'),
        () => asking.isReleaseAuthorized(id),
      ]) {
        await assert.rejects(ask, (error) => {
          assert.ok(error instanceof GatewayError)
          assert.deepEqual([error.code, error.retryable], [code, code === 'busy' || code === 'unavailable'])
          return true
        })
      }
      await simulator.faults()
    })
  }

  test('the history of a session is told step by step', async () => {
    const { wanted, orderId } = await open()
    await simulator.act(orderId, 'process')
    await simulator.act(orderId, 'pay')
    const entries = await gateway.history.entries(toRead(wanted, orderId), call())
    assert.deepEqual(
      entries?.map(({ type }) => type),
      ['requested', 'processing', 'confirmed'],
    )
    assert.ok(entries?.every(({ at }) => at === simulator.clock.now()))
    assert.equal(await gateway.history.entries(toRead(wanted, 'ps_nobody'), call()), undefined)
    assert.equal(await gateway.history.entries(toRead(wanted, null), call()), undefined)
  })

  test('the sandbox has no public address: without one it does not start', () => {
    assert.throws(() => ipaySessionsGateway({ environment: 'sandbox', apiKey: 'key' }), TypeError)
    assert.equal(ipaySessionsGateway({ environment: 'production', apiKey: 'key' }).environment, 'production')
  })

  test('all eleven events are about the order that they name, and any other is unknown', () => {
    assert.equal(SESSION_EVENTS.length, 11)
    for (const event of SESSION_EVENTS) {
      const read = readEvent({ id: 'e', event, external_id: 'REF', payment: { status: 'confirmed' } })
      assert.deepEqual(read, { id: 'e', type: event, reference: 'REF', known: true })
    }
    assert.equal(readEvent({ id: 'e', event: 'order.levitated', external_id: 'REF' })?.known, false)
    assert.equal(readEvent({ id: 'e', event: 'order.created', external_id: 5 })?.reference, null)
    for (const body of [null, [], {}, { id: 'e' }, { id: 5, event: 'x' }, 'x', 7])
      assert.equal(readEvent(body), undefined)
  })

  test('G4: an event without an id is known again by what is in it', () => {
    const paid = { event: 'payment.confirmed', order_id: 'ord_1', payment: { status: 'confirmed' } }
    const [first, again, other] = [paid, { ...paid }, { ...paid, order_id: 'ord_2' }].map(readEvent)
    assert.match(first?.id ?? '', /^[0-9a-f]{64}$/)
    assert.equal(first?.id, again?.id)
    assert.notEqual(first?.id, other?.id)
  })

  test('a parcel in a state that nobody knows is as far as its release says', () => {
    const order = (changes: object) => releaseOf(OrderReply.parse({ id: 'o', external_id: 'r', ...changes }))
    assert.equal(order({}).state, 'waiting')
    assert.equal(order({ parcel: { state: 'lost' } }).state, 'waiting')
    assert.equal(order({ parcel: { state: 'toString' }, release: { authorized: true } }).state, 'authorized')
    assert.equal(order({ release: { authorized: 'true' } }).state, 'waiting')
    assert.equal(order({ parcel: 7, release: 7, carrier: 7 }).carrier, null)
  })

  test('instants need a zone', () => {
    assert.equal(instantOf('2026-11-21T10:00:00Z'), Date.UTC(2026, 10, 21, 10))
    assert.equal(instantOf('2026-11-21T16:00:00+06:00'), Date.UTC(2026, 10, 21, 10))
    for (const text of ['2026-11-21T10:00:00', '21 Nov 2026', '', null, 5, '2026-99-99T10:00:00Z'])
      assert.equal(instantOf(text), null)
  })
})

describe('live events', () => {
  let simulator: Simulator
  let gateway: IpaySessionsGateway
  before(async () => {
    simulator = await startSimulator()
    gateway = ipaySessionsGateway({ environment: 'sandbox', baseUrl: `${simulator.url}/sessions/api`, apiKey: 'key' })
  })
  after(() => simulator.stop())

  type Heard = { readonly id: string | undefined; readonly reference: string | null }

  /** Listens, while `act` is done again and again, until `enough` was heard. */
  async function listen(
    lastEventId: string | undefined,
    enough: (heard: Heard[]) => boolean,
    act: () => Promise<void>,
  ) {
    const heard: Heard[] = []
    const controller = new AbortController()
    const listening = gateway.hints?.listen({
      signal: controller.signal,
      lastEventId,
      heard: (event) => void heard.push(event),
    })
    await until('the events', async () => {
      if (enough(heard)) return true
      await act()
      return false
    })
    controller.abort()
    await listening
    return heard
  }

  test('tell which order to ask about, and resume after the last one that was heard', async () => {
    const opens: string[] = []
    // The stream begins with what happens once it stands, and nobody knows from outside when it does.
    const heard = await listen(
      undefined,
      (events) => events.length > 0,
      async () => {
        const wanted = attempt()
        opens.push(wanted.reference)
        opened(await gateway.open(wanted, call()))
      },
    )
    assert.ok(heard.every(({ id, reference }) => id && opens.includes(reference ?? '')))
    await gateway.orders.create({ externalId: 'missed', amount: bdt('1.00') })
    const resumed = await listen(
      heard.at(-1)?.id,
      (events) => events.some(({ reference }) => reference === 'missed'),
      async () => {},
    )
    assert.equal(
      resumed.some(({ id }) => heard.some((event) => event.id === id)),
      false,
    )
  })

  test('a stream that is none ends quietly: asking goes on anyway', async () => {
    for (const baseUrl of [`${simulator.url}/elsewhere`, 'http://127.0.0.1:1']) {
      const other = ipaySessionsGateway({ environment: 'sandbox', baseUrl, apiKey: 'key' })
      await other.hints?.listen({
        signal: AbortSignal.timeout(3_000),
        lastEventId: undefined,
        heard: () => assert.fail('nothing can be heard'),
      })
    }
    const refused = ipaySessionsGateway({
      environment: 'sandbox',
      baseUrl: `${simulator.url}/sessions/api`,
      apiKey: 'invalid',
    })
    await refused.hints?.listen({
      signal: AbortSignal.timeout(3_000),
      lastEventId: undefined,
      heard: () => assert.fail('nothing can be heard'),
    })
  })

  test('can be left off', () => {
    const off = ipaySessionsGateway({ environment: 'sandbox', baseUrl: simulator.url, apiKey: 'key', live: false })
    assert.equal('hints' in off, false)
  })
})

describe('server-sent events', () => {
  /** Reads a text that comes in pieces of this many bytes. */
  async function read(text: string, size: number): Promise<ServerSentEvent[]> {
    const bytes = new TextEncoder().encode(text)
    async function* pieces() {
      for (let at = 0; at < bytes.length; at += size) yield bytes.subarray(at, at + size)
    }
    const events: ServerSentEvent[] = []
    for await (const event of serverSentEvents(pieces())) events.push(event)
    return events
  }

  test('are read whatever the line ends and wherever the network cuts', async () => {
    const lines = [
      ': hello',
      'retry: 2000',
      '',
      'id: 1',
      'event: a',
      'data: {"x":',
      'data: "৳"}',
      '',
      'data:two',
      '',
      'id: 3',
      '',
      'data: cut',
    ]
    for (const end of ['\n', '\r\n', '\r']) {
      for (const size of [1, 2, 3, 7, 1_000]) {
        assert.deepEqual(
          await read(lines.join(end) + end, size),
          [
            { id: '1', data: '{"x":\n"৳"}' },
            { id: '1', data: 'two' },
          ],
          JSON.stringify([end, size]),
        )
      }
    }
  })

  test('end at an event that is larger than any gateway sends', async () => {
    assert.deepEqual(await read(`data: ok\n\ndata: ${'x'.repeat(100_000)}\n\ndata: after\n\n`, 1_000), [
      { id: undefined, data: 'ok' },
    ])
    assert.deepEqual(await read(`data: ok\n\n${'data: xxxxxxxxxxxxxxxx\n'.repeat(10_000)}\n\n`, 1_000), [
      { id: undefined, data: 'ok' },
    ])
  })
})
