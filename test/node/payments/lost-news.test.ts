import assert from 'node:assert/strict'
import { test } from 'node:test'
import { memoryStore } from '../../simulation/memory-store.ts'
import { createKit } from './kit.ts'

const SECOND = 1_000
const MINUTE = 60 * SECOND
const ORDERS = 10_000

test(`G12: ${ORDERS} orders whose returns are all lost are fulfilled within 2 minutes of being paid`, async () => {
  const kit = createKit(memoryStore())
  // One status question in twenty is answered with a fault, and answers take a tenth of a second.
  let asked = 0
  kit.gateway.behave.read = () => {
    asked += 1
    return asked % 20 === 0 ? { reply: { kind: 'unreachable', detail: 'HTTP 502' } } : { replyMs: 100 }
  }
  const { clock, gateway } = kit
  const startedAt = clock.now()
  /** Opened over five minutes, each paid at a time of its own within its first ten. */
  const dueAt = new Map<number, string[]>()
  let opened = 0
  const background = kit.start()
  while (kit.handled.length < ORDERS && clock.now() - startedAt < 20 * MINUTE) {
    for (let i = 0; i < 40 && opened < ORDERS; i++, opened++) {
      const { reply } = await kit.press(`c${opened}`)
      const second = Math.floor((clock.now() - startedAt) / SECOND) + ((opened * 7_919) % 600)
      dueAt.set(second, [...(dueAt.get(second) ?? []), reply.paymentUrl])
    }
    const second = Math.floor((clock.now() - startedAt) / SECOND)
    for (const address of dueAt.get(second) ?? []) assert.ok(gateway.move(gateway.order(address), 'paid'))
    await kit.clock.advance(SECOND)
  }
  await background.stop()

  assert.equal(kit.handled.length, ORDERS)
  assert.equal(new Set(kit.handled.map(({ purchaseId }) => purchaseId)).size, ORDERS)
  assert.deepEqual(kit.alarms, [])
  const paidAt = new Map(gateway.orders.map((order) => [order.reference, order.paidAt ?? 0]))
  const latest = Math.max(...kit.handledAt.map(({ reference, at }) => at - (paidAt.get(reference) ?? 0)))
  assert.ok(latest <= 2 * MINUTE, `the last one took ${latest / SECOND} s`)

  // One question per order and step: no attempt is asked about again before the shortest pause is over.
  const last = new Map<string, number>()
  for (const call of gateway.calls) {
    if (call.kind !== 'read') continue
    const before = last.get(call.reference)
    if (before !== undefined) assert.ok(call.at - before >= 5 * SECOND, `${call.at - before} ms`)
    last.set(call.reference, call.at)
  }
})
