import assert from 'node:assert/strict'
import { test } from 'node:test'
import type { NewKit } from '../new-kit.ts'
import { but, kinds, opened } from './opened.ts'

const SECOND = 1_000
const MINUTE = 60 * SECOND
const HOUR = 60 * MINUTE

/** Orders that nobody pays: when they end, and when nobody asks about them any more. */
export function endRules(newKit: NewKit): void {
  test('G13: an abandoned order ends when the gateway says so, and is not asked about for ever', async () => {
    const kit = await newKit()
    const { token, order } = await opened(kit)
    await kit.pass(14 * MINUTE)
    assert.equal((await kit.status(token)).state, 'created')
    await kit.pass(2 * MINUTE)
    const status = await kit.status(token)
    assert.equal(status.state, 'expired')
    assert.equal(status.retry, 'now')
    const attempt = () => kit.store.rows.attemptByReference(order.reference)
    for (let next = (await attempt())?.next_check_at; next; next = (await attempt())?.next_check_at) {
      await kit.clock.advance(Math.max(0, next - kit.clock.now()))
      await kit.reconcile()
    }
    assert.ok(kit.clock.now() - order.createdAt <= 24 * HOUR + MINUTE)
    assert.ok(kit.gateway.calls.length < 80, `${kit.gateway.calls.length} calls`)
    const asked = kit.gateway.calls.length
    await kit.clock.advance(48 * HOUR)
    await kit.reconcile()
    assert.equal(kit.gateway.calls.length, asked)
  })

  test('G13: past the end, with a gateway that says nothing, an order is processing and not expired', async () => {
    const kit = await newKit()
    const { token } = await opened(kit)
    kit.gateway.behave.read = () => ({ reply: { kind: 'unreachable', detail: 'HTTP 500' } })
    await kit.pass(20 * MINUTE)
    assert.equal((await kit.status(token)).state, 'processing')
  })

  test('G13: past the end no link is told before the gateway was heard again, and its first word is remembered', async () => {
    const kit = await newKit()
    const { token, order } = await opened(kit)
    const told = async () => {
      const { state, paymentUrl, expiresAt } = await kit.status(token)
      return [state, paymentUrl, expiresAt]
    }
    kit.gateway.behave.read = () => ({ reply: but({ state: 'created' }) })
    await kit.clock.advance(14 * MINUTE)
    assert.deepEqual((await told())[0], 'created')
    kit.gateway.behave.read = () => ({ reply: 'lost' })
    await kit.clock.advance(2 * MINUTE)
    assert.deepEqual(await told(), ['processing', null, null], 'while the question hangs')
    await kit.clock.advance(10 * SECOND)
    assert.deepEqual(await told(), ['processing', null, null], 'and when it got no answer')
    kit.gateway.behave.read = () => ({ reply: but({ state: 'created' }) })
    await kit.clock.advance(10 * SECOND)
    assert.deepEqual(await told(), ['created', order.paymentUrl, null])
    const { checks } = (await kit.store.rows.attemptByReference(order.reference)) ?? {}
    for (let visit = 0; visit < 5; visit++) {
      await kit.clock.advance(10 * SECOND)
      assert.deepEqual(await told(), ['created', order.paymentUrl, null])
    }
    assert.equal((await kit.store.rows.attemptByReference(order.reference))?.checks, checks, 'nothing new is written')
  })

  test('G13: past the end the first visit gives the link where the gateway says at once that it can be paid', async () => {
    const kit = await newKit()
    const { token, order } = await opened(kit)
    kit.gateway.behave.read = () => ({ reply: but({ state: 'created' }) })
    await kit.clock.advance(16 * MINUTE)
    assert.equal((await kit.status(token)).paymentUrl, order.paymentUrl)
  })

  test('G13: past our end, while the gateway still takes it, a press and the status give the same link', async () => {
    const kit = await newKit()
    const { token, order } = await opened(kit)
    const { reply: first } = await kit.press('c1')
    kit.gateway.behave.read = () => ({ reply: but({ state: 'created' }) })
    await kit.pass(16 * MINUTE)
    for (const key of [undefined, 'another-key']) {
      const { created, reply } = await kit.press('c1', key === undefined ? {} : { key })
      assert.deepEqual([created, reply.reference, reply.expiresAt], [false, order.reference, null])
      assert.equal(reply.paymentUrl, first.paymentUrl)
    }
    const { state, paymentUrl, expiresAt } = await kit.status(token)
    assert.deepEqual([state, paymentUrl, expiresAt], ['created', first.paymentUrl, null])
    kit.gateway.behave.read = () => ({ reply: { kind: 'unreachable', detail: 'HTTP 500' } })
    assert.equal((await kit.refusal('c1')).code, 'gateway-unavailable')
    assert.equal((await kit.status(token)).state, 'processing')
    kit.gateway.behave.read = () => ({ reply: but({ state: 'created' }) })
    assert.equal((await kit.press('c1')).reply.paymentUrl, first.paymentUrl, 'once the gateway speaks again')
  })

  test('G13: after a day without an answer the operator is called, once, and nobody asks any more', async () => {
    const kit = await newKit()
    const { token, order } = await opened(kit)
    kit.gateway.behave.read = () => ({ reply: { kind: 'unreachable', detail: 'HTTP 500' } })
    for (let hours = 0; hours < 26; hours++) {
      await kit.clock.advance(HOUR)
      await kit.reconcile()
    }
    assert.equal((await kit.status(token)).state, 'unresolved')
    assert.deepEqual(kinds(kit), ['unresolved-after-24h'])
    assert.equal((await kit.store.rows.attemptByReference(order.reference))?.next_check_at, null)
    assert.deepEqual(
      (await kit.operator.flagged()).map(({ kind, reference }) => [kind, reference]),
      [['unresolved-after-24h', order.reference]],
    )
  })

  for (const at of ['14:59', '15:01']) {
    test(`G14: a payment at ${at}, around the end of the order's life, wins and is never silent`, async () => {
      const kit = await newKit()
      const { token, order } = await opened(kit)
      const [minutes = 0, seconds = 0] = at.split(':').map(Number)
      await kit.pass(minutes * MINUTE + seconds * SECOND)
      kit.gateway.move(order, 'paid', { force: true })
      await kit.pass(30 * MINUTE)
      assert.equal((await kit.status(token)).state, 'paid')
      assert.equal(kit.handled.length, 1)
    })
  }
}
