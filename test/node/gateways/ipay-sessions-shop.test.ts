import assert from 'node:assert/strict'
import { after, before, describe, test } from 'node:test'
import { bdt } from '../../../src/contract/money.ts'
import { GatewayError } from '../../../src/server/gateways/gateway-error.ts'
import {
  type IpaySessionsGateway,
  ipaySessionsGateway,
} from '../../../src/server/gateways/ipay-sessions/ipay-sessions-gateway.ts'
import { attempt, call, opened, type Simulator, sessionsOver, startSimulator } from './simulator.ts'

const failsWith = (code: GatewayError['code']) => (error: unknown) =>
  error instanceof GatewayError && error.code === code

describe('what a shop asks about orders, parcels and returns', () => {
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
})
