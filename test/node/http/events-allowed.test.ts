import assert from 'node:assert/strict'
import { describe, test } from 'node:test'
import { createStreamLimits } from '../../../src/server/http/stream-limits.ts'
import { liveShop, quiet } from './live-shop.ts'
import { codeOf, FRIEND, openShop, TOKEN } from './shop.ts'

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
