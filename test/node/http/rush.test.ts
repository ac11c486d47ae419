import assert from 'node:assert/strict'
import { test } from 'node:test'
import { setImmediate as turn } from 'node:timers/promises'
import { manualClock } from '../../support/clock.ts'
import { codeOf, openShop, reply } from './shop.ts'

test('H13: beyond 500 opens under way buyers are told to come back, and are let in when some have ended', {
  timeout: 30_000,
}, async () => {
  const waiting: (() => void)[] = []
  let isOver = false
  const clock = manualClock()
  const shop = openShop({
    opensPerMinute: 0,
    clock,
    payments: {
      open: async () => {
        if (!isOver) await new Promise<void>((resolve) => waiting.push(resolve))
        return { created: true, reply }
      },
    },
  })
  const admitted = Array.from({ length: 500 }, (_, index) => shop.open({ order: { index } }))
  const surplus = await shop.open({ order: { index: 500 } })
  assert.equal(surplus.status, 503)
  assert.equal(surplus.headers.get('retry-after'), '2')
  assert.equal(await codeOf(surplus), 'unavailable')
  assert.equal(waiting.length, 500)

  waiting[0]?.()
  assert.equal((await admitted[0])?.status, 201)
  await turn()
  admitted.push(shop.open({ order: { index: 501 } }))
  assert.equal(await codeOf(await shop.open({ order: { index: 502 } })), 'unavailable')

  // An answer that came too late for its buyer is still work.
  await clock.advance(60_000)
  assert.equal((await admitted[1])?.status, 503)
  assert.equal(await codeOf(await shop.open({ order: { index: 503 } })), 'unavailable')
  isOver = true
  for (const end of waiting) end()
  await turn()
  assert.equal((await shop.open({ order: { index: 504 } })).status, 201)
})
