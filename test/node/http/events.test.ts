import assert from 'node:assert/strict'
import { describe, test } from 'node:test'
import type { PaymentStatus } from '../../../src/contract/schemas.ts'
import { createLiveHub } from './live-hub.ts'
import { liveShop, messagesOf, paid, quiet, stateOf } from './live-shop.ts'
import { ENDPOINT, status, TOKEN } from './shop.ts'

describe('live status', () => {
  test('tells how to come again, the status now, and each change with a greater id', async () => {
    const { listen, hub } = liveShop()
    const answer = await listen()
    assert.equal(answer.status, 200)
    assert.equal(answer.headers.get('content-type'), 'text/event-stream')
    // Compression in front of the kit would keep the events to itself, but for the second word.
    assert.equal(answer.headers.get('cache-control'), 'no-store, no-transform')
    const messages = messagesOf(answer)
    assert.deepEqual(await messages.next(), { retry: '3000' })
    const first = await messages.next()
    assert.deepEqual([first?.['id'], first?.['event'], stateOf(first)], ['1', 'status', 'created'])
    hub.publish(paid)
    const second = await messages.next()
    assert.deepEqual([second?.['id'], stateOf(second)], ['2', 'paid'])
    await messages.cancel()
  })

  test('the status names its address, in the stream too', async () => {
    const shop = liveShop()
    const address = `${ENDPOINT}/${TOKEN}/events`
    const status = (await (await shop.send(`/${TOKEN}`)).json()) as PaymentStatus
    assert.equal(status.events, address)
    const messages = messagesOf(await shop.listen())
    await messages.next()
    assert.equal((JSON.parse((await messages.next())?.['data'] ?? '') as PaymentStatus).events, address)
    await messages.cancel()
  })

  test('a page that comes again goes on after its last id, with what happened in between', async () => {
    const { listen, world } = liveShop()
    world.now = paid
    const messages = messagesOf(await listen({ 'Last-Event-ID': '7' }))
    await messages.next()
    const message = await messages.next()
    assert.deepEqual([message?.['id'], stateOf(message)], ['8', 'paid'])
    await messages.cancel()
  })

  test('a last id that is none begins at the beginning', async () => {
    for (const id of ['x', '-1', '1e9', '9'.repeat(30), '1 2']) {
      const { listen } = liveShop()
      const messages = messagesOf(await listen({ 'Last-Event-ID': id }))
      await messages.next()
      assert.equal((await messages.next())?.['id'], '1', id)
      await messages.cancel()
    }
  })

  test('a comment comes every 15 s', async () => {
    const { listen, clock } = liveShop()
    const messages = messagesOf(await listen())
    await messages.next()
    await messages.next()
    for (let n = 0; n < 3; n++) {
      await clock.advance(15_000)
      assert.deepEqual(await messages.next(), { '': '' })
    }
    await messages.cancel()
  })

  test('a change that nobody told is found by asking, as often as the status says', async () => {
    const { listen, clock, world } = liveShop()
    world.now = { ...status, pollAfter: 3 }
    const messages = messagesOf(await listen())
    await messages.next()
    await messages.next()
    await clock.advance(2_999)
    assert.equal(world.reads, 1)
    world.now = paid
    await clock.advance(1)
    assert.equal(stateOf(await messages.next()), 'paid')
    await clock.advance(14_000)
    assert.equal(world.reads, 2)
    await messages.cancel()
  })

  test('the same status is not told twice, and paid is never taken back', async () => {
    const { listen, hub } = liveShop()
    const messages = messagesOf(await listen())
    await messages.next()
    await messages.next()
    hub.publish({ ...quiet, serverTime: '2026-11-21T10:01:00Z' })
    hub.publish(paid)
    const { data } = (await messages.next()) ?? {}
    assert.equal((JSON.parse(data ?? '') as PaymentStatus).state, 'paid')
    hub.publish(quiet)
    hub.publish({ ...paid, refunded: '1.00' })
    assert.match((await messages.next())?.['data'] ?? '', /"refunded":"1.00"/)
    await messages.cancel()
  })

  test('an answer that was under way when a change was told is older than the change', async () => {
    const slow = Promise.withResolvers<PaymentStatus>()
    let reads = 0
    const now = { ...status, pollAfter: 2 }
    const { listen, hub, clock } = liveShop({
      payments: { status: async () => (reads++ === 1 ? slow.promise : now) },
    })
    const messages = messagesOf(await listen())
    await messages.next()
    await messages.next()
    await clock.advance(2_000)
    assert.equal(reads, 2)
    hub.publish({ ...quiet, state: 'cancelled', retry: 'now' })
    assert.equal(stateOf(await messages.next()), 'cancelled')
    slow.resolve(now)
    await clock.advance(0)
    hub.publish(paid)
    assert.equal(stateOf(await messages.next()), 'paid')
    await messages.cancel()
  })

  test('a change between reading and listening is not lost', async () => {
    const hub = createLiveHub()
    const { listen } = liveShop({
      events: hub,
      payments: {
        async status() {
          hub.publish(paid)
          return quiet
        },
      },
    })
    const messages = messagesOf(await listen())
    await messages.next()
    assert.equal(stateOf(await messages.next()), 'paid')
    await messages.cancel()
  })
})
