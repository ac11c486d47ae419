import assert from 'node:assert/strict'
import { after, before, describe, test } from 'node:test'
import { readEvent, SESSION_EVENTS } from '../../../src/server/gateways/ipay-sessions/events.ts'
import {
  type IpaySessionsGateway,
  ipaySessionsGateway,
} from '../../../src/server/gateways/ipay-sessions/ipay-sessions-gateway.ts'
import { instantOf, OrderReply, releaseOf } from '../../../src/server/gateways/ipay-sessions/replies.ts'
import { attempt, call, opened, type Simulator, sessionsOver, startSimulator, toRead } from './simulator.ts'

describe('payment sessions', () => {
  let simulator: Simulator
  let gateway: IpaySessionsGateway
  before(async () => {
    simulator = await startSimulator()
    gateway = sessionsOver(simulator)
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
    assert.equal('incomplete' in reading, true, 'it is asked for again')
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
      const read = readEvent({
        id: 'e',
        event,
        order_id: 'ord_1',
        external_id: 'REF',
        payment: { status: 'confirmed' },
      })
      assert.deepEqual(read, { id: 'e', type: event, reference: 'REF', notifiedAs: 'ord_1', known: true })
    }
    const named = { metadata: { orderId: 'REF' } }
    for (const words of [named, { data: named }, { ...named, external_id: null }]) {
      assert.equal(readEvent({ id: 'e', event: 'payment.confirmed', ...words })?.reference, 'REF')
    }
    assert.equal(readEvent({ id: 'e', event: 'payment.confirmed', metadata: { orderId: 5 } })?.reference, null)
    for (const order_id of [undefined, null, 5, '', 'x'.repeat(65)]) {
      assert.equal(readEvent({ id: 'e', event: 'payment.confirmed', order_id })?.notifiedAs, null)
    }
    assert.equal(readEvent({ id: 'e', event: 'order.levitated', external_id: 'REF' })?.known, false)
    assert.equal(readEvent({ id: 'e', event: 'order.created', external_id: 5 })?.reference, null)
    for (const body of [null, [], {}, { id: 'e' }, { id: 'e', event: 5 }, 'x', 7])
      assert.equal(readEvent(body), undefined)
  })

  test('G4: an event without an id is known again by what is in it', () => {
    const paid = { event: 'payment.confirmed', order_id: 'ord_1', payment: { status: 'confirmed' } }
    const [first, again, other] = [paid, { ...paid }, { ...paid, order_id: 'ord_2' }].map(readEvent)
    assert.match(first?.id ?? '', /^[0-9a-f]{64}$/)
    assert.equal(first?.id, again?.id)
    assert.notEqual(first?.id, other?.id)
    for (const id of [null, 5, '', 'x'.repeat(129)]) {
      assert.match(readEvent({ ...paid, id })?.id ?? '', /^[0-9a-f]{64}$/, `${id}`)
    }
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
