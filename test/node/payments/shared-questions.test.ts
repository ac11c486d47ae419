import assert from 'node:assert/strict'
import { describe, test } from 'node:test'
import { pause } from '../../../src/server/payments/deadline.ts'
import { memoryStore } from '../../simulation/memory-store.ts'
import { createKit } from './kit.ts'

describe('questions that are shared', () => {
  test('F8: a press with a new key waits for no answer that was asked for before the key was used', async () => {
    const kit = createKit(memoryStore())
    const first = await kit.press('c1', { key: 'key-00000001' })
    await kit.clock.advance(5_000)
    kit.gateway.onRead({ replyMs: 2_000 })
    // The gateway has given its word, and it is still on its way when the buyer cancels.
    const status = kit.service.status(first.reply.token)
    await kit.clock.advance(100)
    kit.gateway.move(kit.gateway.order(first.reply.reference), 'cancelled')
    await kit.clock.advance(400)
    const one = kit.press('c1', { key: 'key-00000002' })
    await kit.clock.advance(100)
    const two = kit.press('c1', { key: 'key-00000002' })
    const opened = await kit.run(Promise.all([one, two, status]))
    assert.equal(opened[0].reply.paymentUrl, opened[1].reply.paymentUrl)
    assert.notEqual(opened[1].reply.paymentUrl, first.reply.paymentUrl)
  })

  test('F8: a press that was decided before an answer was written down is decided again after it', async () => {
    const store = memoryStore()
    const slowly: number[] = []
    const kit = createKit({
      ...store,
      async transaction(work) {
        const value = await store.transaction(work)
        const ms = slowly.shift()
        if (ms !== undefined) await pause(kit.clock, ms)
        return value
      },
    })
    const first = await kit.press('c1', { key: 'key-00000001' })
    await kit.clock.advance(5_000)
    kit.gateway.move(kit.gateway.order(first.reply.reference), 'cancelled')
    kit.gateway.onRead({ replyMs: 150 })
    slowly.push(100, 40)
    const one = kit.press('c1', { key: 'key-00000002' })
    // Its claim is committed before the answer is, and heard of after it.
    await kit.clock.advance(245)
    const two = kit.press('c1', { key: 'key-00000002' })
    await kit.clock.advance(5_000)
    const opened = await Promise.all([one, two])
    assert.equal(opened[0].reply.paymentUrl, opened[1].reply.paymentUrl)
    assert.notEqual(opened[1].reply.paymentUrl, first.reply.paymentUrl)
  })
})
