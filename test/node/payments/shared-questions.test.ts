import assert from 'node:assert/strict'
import { describe, test } from 'node:test'
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
})
