import assert from 'node:assert/strict'
import { describe, test } from 'node:test'
import { liveShop, messagesOf, quiet, stateOf } from './live-shop.ts'
import { codeOf, status, TOKEN } from './shop.ts'

describe('live status', () => {
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
