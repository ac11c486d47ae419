import assert from 'node:assert/strict'
import { describe, test } from 'node:test'
import type { PaymentStatus } from '../../../src/contract/schemas.ts'
import { createStreamLimits } from '../../../src/server/http/stream-limits.ts'
import { manualClock } from '../../support/clock.ts'
import { createLiveHub } from './live-hub.ts'
import { codeOf, ENDPOINT, FRIEND, openShop, type ShopOptions, status, TOKEN } from './shop.ts'

const paid: PaymentStatus = {
  ...status,
  state: 'paid',
  retry: 'no',
  paymentUrl: null,
  pollAfter: null,
  transactionId: 'T1',
}
const quiet: PaymentStatus = { ...status, pollAfter: null }

/** A shop with a hub, whose status is what `now` says. */
function liveShop(options: ShopOptions = {}) {
  const hub = createLiveHub()
  const clock = manualClock()
  const world = { now: quiet, reads: 0 }
  const shop = openShop({
    clock,
    events: hub,
    ...options,
    payments: {
      async status(token) {
        world.reads += 1
        return token === TOKEN ? world.now : undefined
      },
      ...options.payments,
    },
  })
  const listen = (headers: Record<string, string> = {}) => shop.send(`/${TOKEN}/events`, { headers })
  return { ...shop, hub, clock, world, listen }
}

/** Reads a stream message by message. */
function messagesOf(answer: Response) {
  const reader = (answer.body ?? assert.fail('no body')).pipeThrough(new TextDecoderStream()).getReader()
  let buffer = ''
  return {
    cancel: () => reader.cancel(),
    /** The next message as its fields; undefined at the end. */
    async next(): Promise<Record<string, string> | undefined> {
      while (!buffer.includes('\n\n')) {
        const { done, value } = await reader.read()
        if (done) return undefined
        buffer += value
      }
      const [message = '', ...rest] = buffer.split('\n\n')
      buffer = rest.join('\n\n')
      return Object.fromEntries(
        message.split('\n').map((line) => [line.split(':')[0], line.slice(line.indexOf(':') + 1).trim()]),
      )
    },
  }
}

const stateOf = (message: Record<string, string> | undefined) =>
  (JSON.parse(message?.['data'] ?? '{}') as PaymentStatus).state

describe('live status', () => {
  test('tells how to come again, the status now, and each change with a greater id', async () => {
    const { listen, hub } = liveShop()
    const answer = await listen()
    assert.equal(answer.status, 200)
    assert.equal(answer.headers.get('content-type'), 'text/event-stream')
    assert.equal(answer.headers.get('cache-control'), 'no-store')
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

  test('a page that takes nothing gets only the newest status, and is left after 30 s', async () => {
    const { listen, hub, clock } = liveShop()
    const answer = await listen()
    for (let n = 0; n < 1_000; n++) hub.publish({ ...quiet, reference: `ref-${n}` })
    await clock.advance(30_000)
    assert.equal(hub.isHeard(TOKEN), false)
    assert.equal(clock.waiting, 0)
    const text = await answer.text()
    assert.ok(text.length < 2_000, `${text.length} characters were kept`)
  })

  test('a reading page gets the newest of many changes at once', async () => {
    const { listen, hub } = liveShop()
    const messages = messagesOf(await listen())
    await messages.next()
    for (let n = 0; n < 1_000; n++) hub.publish({ ...quiet, reference: `ref-${n}` })
    let seen = 0
    for (let data = ''; !data.includes('"ref-999"'); seen++)
      data = (await messages.next())?.['data'] ?? assert.fail('ended')
    assert.ok(seen < 10)
    await messages.cancel()
  })

  test('a page that leaves leaves nothing behind', async () => {
    const { listen, hub, clock } = liveShop()
    const leaving = messagesOf(await listen())
    await leaving.next()
    assert.ok(hub.isHeard(TOKEN))
    await leaving.cancel()
    assert.equal(hub.isHeard(TOKEN), false)
    assert.equal(clock.waiting, 0)
  })

  test('a connection that is cut leaves nothing behind', async () => {
    const { send, hub, clock } = liveShop()
    const controller = new AbortController()
    await send(`/${TOKEN}/events`, { signal: controller.signal })
    controller.abort()
    await clock.advance(0)
    assert.equal(hub.isHeard(TOKEN), false)
  })

  test('closing ends every stream and takes no new one', async () => {
    const { listen, http, hub } = liveShop()
    const messages = messagesOf(await listen())
    await messages.next()
    await messages.next()
    http.close()
    assert.equal(await messages.next(), undefined)
    assert.equal(hub.isHeard(TOKEN), false)
    assert.equal(await codeOf(await listen()), 'unavailable')
  })

  test('a stream ends after ten minutes, so that pages move to new instances', async () => {
    const { listen, clock } = liveShop()
    const messages = messagesOf(await listen())
    const reading = (async () => {
      while (await messages.next());
      return 'ended'
    })()
    await clock.advance(10 * 60_000)
    assert.equal(await reading, 'ended')
  })

  test('a status that cannot be read for a while does not end the stream', async () => {
    let isDown = false
    const now = { ...status, pollAfter: 2 }
    const { listen, clock } = liveShop({
      payments: { status: async () => (isDown ? Promise.reject(new Error('store')) : now) },
    })
    const messages = messagesOf(await listen())
    await messages.next()
    await messages.next()
    isDown = true
    await clock.advance(6_000)
    isDown = false
    now.state = 'paid'
    await clock.advance(2_000)
    assert.equal(stateOf(await messages.next()), 'paid')
    await messages.cancel()
  })
})

describe('who may listen', () => {
  test('an unknown token is 404, and nothing is kept for it', async () => {
    const { send, hub } = liveShop()
    assert.equal(await codeOf(await send(`/${'x'.repeat(22)}/events`)), 'not-found')
    assert.equal(hub.isHeard('x'.repeat(22)), false)
  })

  test('without a source there is no such route', async () => {
    assert.equal(await codeOf(await openShop().send(`/${TOKEN}/events`)), 'not-found')
  })

  test('HEAD opens no stream', async () => {
    const { send, hub, clock } = liveShop()
    const answer = await send(`/${TOKEN}/events`, { method: 'HEAD' })
    assert.equal(answer.headers.get('content-type'), 'text/event-stream')
    assert.deepEqual([hub.isHeard(TOKEN), clock.waiting], [false, 0])
  })

  test('other sites may not, allowed pages may', async () => {
    const { listen, http } = liveShop()
    assert.equal(await codeOf(await listen({ Origin: 'https://evil.example' })), 'cross-site')
    assert.equal((await listen({ Origin: FRIEND })).headers.get('access-control-allow-origin'), FRIEND)
    http.close()
  })

  test('one payment has eight streams at most, and a closed one makes room', async () => {
    const { listen, http } = liveShop()
    const first = await listen()
    for (let n = 1; n < 8; n++) assert.equal((await listen()).status, 200)
    const refused = await listen()
    assert.ok(refused.headers.has('retry-after'))
    assert.equal(await codeOf(refused), 'too-many-requests')
    await first.body?.cancel()
    assert.equal((await listen()).status, 200)
    http.close()
  })

  test('one client has a hundred streams at most, all together two thousand', async () => {
    const { send, http } = liveShop({ payments: { status: async (token) => ({ ...quiet, token }) } })
    const open = (n: number, clientAddress: string) =>
      send(`/${`token-${n}`.padEnd(20, '-')}/events`, {}, { clientAddress })
    for (let n = 0; n < 2_000; n++) {
      const answer = await open(n, `192.0.2.${Math.floor(n / 100)}`)
      assert.equal(answer.status, 200)
    }
    assert.equal(await codeOf(await open(2_001, '198.51.100.1')), 'unavailable')
    http.close()
    const fresh = liveShop({ payments: { status: async (token) => ({ ...quiet, token }) } })
    for (let n = 0; n <= 100; n++) {
      const answer = await fresh.send(`/${`token-${n}`.padEnd(20, '-')}/events`, {}, { clientAddress: '192.0.2.1' })
      assert.equal(answer.status, n < 100 ? 200 : 429)
    }
    fresh.http.close()
  })

  test('a place that is given back twice is one place', () => {
    const limits = createStreamLimits()
    const [first] = Array.from({ length: 8 }, () => limits.take(null, TOKEN))
    first?.()
    first?.()
    limits.take(null, TOKEN)
    assert.throws(() => limits.take(null, TOKEN), { code: 'too-many-requests' })
  })
})
