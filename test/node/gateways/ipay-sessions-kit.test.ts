import assert from 'node:assert/strict'
import { after, before, describe, test } from 'node:test'
import { PaymentStatus } from '../../../src/contract/schemas.ts'
import {
  type IpaySessionsGateway,
  ipaySessionsGateway,
} from '../../../src/server/gateways/ipay-sessions/ipay-sessions-gateway.ts'
import { nextCheckAt } from '../../../src/server/payments/schedule.ts'
import { until } from '../../support/until.ts'
import { SECRET, startShop, type TestShop } from '../notifications/shop.ts'

describe('the kit over payment sessions', () => {
  let shop: TestShop<IpaySessionsGateway>
  before(async () => {
    shop = await startShop(({ url }) =>
      ipaySessionsGateway({
        environment: 'sandbox',
        baseUrl: `${url}/sessions/api`,
        apiKey: 'key',
        webhookSecret: SECRET,
      }),
    )
  })
  after(() => shop.stop())

  let made = 0
  const event = (reference: string, type: string) => {
    made += 1
    return { id: `evt_${made}`, event: type, external_id: reference, order_id: 'ord_x' }
  }
  const status = async (token: string) => PaymentStatus.parse(await shop.status(token))

  test('the status tells how far the parcel is, before and after it is paid', async () => {
    const { token, reference } = await shop.open('parcel')
    await shop.payments.check(token)
    const waiting = await status(token)
    assert.deepEqual([waiting.state, waiting.release?.state], ['created', 'waiting'])
    assert.ok(waiting.paymentUrl)
    const session = await shop.orderId(reference)
    await shop.simulator.act(session, 'pay')
    await shop.notify(event(reference, 'payment.confirmed'))
    await until('paid and authorised', async () => (await status(token)).release?.state === 'authorized')
    assert.equal((await status(token)).state, 'paid')
    await shop.simulator.control('POST', `/sessions/${session}/scan`, { scan: 'released' })
    await shop.notify(event(reference, 'parcel.released'))
    await until('released', async () => (await status(token)).release?.state === 'released')
    const trail = (await shop.payments.find({ token }))?.audit.filter(({ event: name }) => name === 'release') ?? []
    assert.deepEqual(
      trail.map(({ detail }) => JSON.parse(detail ?? '{}').state),
      ['waiting', 'authorized', 'released'],
    )
  })

  test('all notifications lost: the parcel of a paid order is asked about until it is handed over', async () => {
    const { token, reference } = await shop.open('mute')
    const session = await shop.orderId(reference)
    await shop.simulator.act(session, 'pay')
    await shop.payments.check(token)
    assert.equal((await status(token)).state, 'paid')
    await shop.simulator.control('POST', `/sessions/${session}/scan`, { scan: 'released' })
    const row = await shop.store.rows.attemptByReference(reference)
    assert.ok(row?.next_check_at)
    const next = shop.restart()
    next.start()
    await until('released', async () => {
      await shop.simulator.clock.advance(10_000)
      return (await status(token)).release?.state === 'released'
    })
    await next.stop()
    assert.equal((await shop.store.rows.attemptByReference(reference))?.next_check_at, null)
  })

  test('an order that is payable for days is asked about all the time, and not too often', async () => {
    const createdAt = 0
    const expiresAt = 7 * 86_400_000
    const asked: number[] = []
    for (let at: number | null = 0; at !== null && at < expiresAt; ) {
      at = nextCheckAt({ state: 'created', createdAt, expiresAt }, at)
      if (at !== null) asked.push(at)
    }
    assert.ok(asked.length > 400 && asked.length < 1_000, String(asked.length))
    assert.equal(asked.at(-1), expiresAt + 1_000)
    const longest = Math.max(...asked.map((at, index) => at - (asked[index - 1] ?? 0)))
    assert.ok(longest <= 7_200_000, String(longest))
  })

  test('an order that is payable for days is not given up after one, and is paid on the third', async () => {
    const { token, reference } = await shop.open('days')
    await shop.simulator.clock.advance(3 * 86_400_000)
    await shop.payments.check(token)
    assert.equal((await status(token)).state, 'created')
    await shop.simulator.act(await shop.orderId(reference), 'pay')
    await shop.payments.check(token)
    assert.equal((await status(token)).state, 'paid')
    assert.equal(
      shop.alarms.some((alarm) => alarm.reference === reference),
      false,
    )
  })

  test('money that a return gave back is shown', async () => {
    const { token, reference } = await shop.open('returned')
    const session = await shop.orderId(reference)
    await shop.simulator.act(session, 'pay')
    await shop.payments.check(token)
    const answer = await fetch(`${shop.simulator.url}/sessions/api/payment-sessions/${session}`, {
      headers: { authorization: 'Bearer key' },
    })
    const { order_id: orderId } = (await answer.json()) as { order_id: string }
    await shop.gateway.returns.create({ orderId, reason: 'damaged' })
    await shop.simulator.control('POST', `/sessions/${session}/scan`, { scan: 'returned' })
    await shop.notify(event(reference, 'refund.created'))
    await until('the refund', async () => (await status(token)).refunded === '1250.00')
    const now = await status(token)
    assert.deepEqual([now.state, now.release?.state], ['paid', 'returned'])
  })

  test('the history of a payment is told by the kit', async () => {
    const { token, reference } = await shop.open('history')
    await shop.simulator.act(await shop.orderId(reference), 'pay')
    const events = await shop.payments.events({ token })
    assert.deepEqual(
      events.map(({ type }) => type),
      ['requested', 'confirmed'],
    )
    await assert.rejects(shop.payments.events({ token: 'nobody' }), { code: 'not-found' })
    await shop.simulator.faults({ on: 'status', do: 'status', value: 503 })
    await assert.rejects(shop.payments.events({ token }), { code: 'unavailable' })
    await shop.simulator.faults()
  })

  test('a live event makes the kit ask at once', async () => {
    const { token, reference } = await shop.open('live')
    const session = await shop.orderId(reference)
    const next = shop.restart()
    next.start()
    // Whatever happens before the stream stands is not told by it: scans go on until one was heard.
    const checks = async () => (await shop.store.rows.attemptByReference(reference))?.checks ?? 0
    const before = await checks()
    await until('the stream', async () => {
      await shop.simulator.control('POST', `/sessions/${session}/scan`, { scan: 'out_for_delivery' })
      return (await checks()) > before
    })
    await shop.simulator.act(session, 'pay')
    await until('paid, without any clock', async () => (await status(token)).state === 'paid')
    const trail = (await shop.payments.find({ token }))?.audit ?? []
    assert.deepEqual(
      trail.filter(({ event: name }) => name === 'created -> paid').map(({ cause }) => cause),
      ['notification'],
    )
    await next.stop()
  })
})
