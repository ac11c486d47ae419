import assert from 'node:assert/strict'
import { describe, test } from 'node:test'
import { manualClock } from '../../support/clock.ts'
import { codeOf, ENDPOINT, KEY, openShop, TOKEN } from './shop.ts'

const order = { cart: 'c_81' }

describe('deadlines', () => {
  const never = () => new Promise<never>(() => {})

  test('an open request is answered within 15 s', async () => {
    const clock = manualClock()
    const waiting = openShop({ clock, payments: { open: never } }).open({ order })
    await clock.advance(14_999)
    const answer = await waiting
    assert.ok(answer.headers.has('retry-after'))
    assert.equal(await codeOf(answer), 'unavailable')
  })

  test('a status question is answered within 5 s', async () => {
    const clock = manualClock()
    const waiting = openShop({ clock, payments: { status: never } }).send(`/${TOKEN}`)
    await clock.advance(4_999)
    assert.equal(await codeOf(await waiting), 'unavailable')
  })

  test('H12: a body that does not come is not waited for, and leaves time for the answer', async () => {
    const clock = manualClock()
    let cancelled = false
    const body = new ReadableStream({
      cancel() {
        cancelled = true
      },
    })
    const headers = { 'Content-Type': 'application/json', 'Idempotency-Key': KEY }
    const waiting = openShop({ clock }).http(
      new Request(ENDPOINT, { method: 'POST', headers, body, duplex: 'half' } as RequestInit),
    )
    await clock.advance(10_000)
    assert.equal(await codeOf(await waiting), 'invalid-request')
    assert.ok(cancelled)
  })

  test('the time that a slow body took is not given again to the payments', async () => {
    const clock = manualClock()
    const body = new ReadableStream<Uint8Array>({
      start(controller) {
        clock.after(9_000, () => {
          controller.enqueue(new TextEncoder().encode('{"order":1}'))
          controller.close()
        })
      },
    })
    const headers = { 'Content-Type': 'application/json', 'Idempotency-Key': KEY }
    const shop = openShop({ clock, payments: { open: never } })
    let status = 0
    const request = new Request(ENDPOINT, { method: 'POST', headers, body, duplex: 'half' } as RequestInit)
    const waiting = shop.http(request).then((answer) => {
      status = answer.status
    })
    await clock.advance(9_000)
    assert.equal(shop.opened.length, 1)
    await clock.advance(5_999)
    await waiting
    assert.equal(status, 503)
  })

  test('a timer is left behind by no request', async () => {
    const clock = manualClock()
    const shop = openShop({ clock })
    await shop.open({ order })
    await shop.send(`/${TOKEN}`)
    await shop.send(`/${TOKEN}/return/success`)
    await clock.advance(0)
    assert.equal(clock.waiting, 0)
  })

  test('an answer that comes too late does no harm', async () => {
    const clock = manualClock()
    const late = Promise.withResolvers<never>()
    const waiting = openShop({ clock, payments: { open: () => late.promise } }).open({ order })
    await clock.advance(15_000)
    assert.equal((await waiting).status, 503)
    late.reject(new Error('too late'))
    await clock.advance(1)
  })
})
