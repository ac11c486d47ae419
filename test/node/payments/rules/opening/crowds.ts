import assert from 'node:assert/strict'
import { test } from 'node:test'
import type { Kit } from '../../kit.ts'
import type { Database } from '../databases.ts'
import type { NewKit } from '../new-kit.ts'
import { together } from './together.ts'

const crowd = 100

/** Many presses at the same moment, at one instance and at several. */
export function crowdRules(newKit: NewKit, database: Database): void {
  test(`F8: ${crowd} presses with the same key at once make one call to the gateway (OWASP ASVS 5.0, 2.3.4)`, async () => {
    const kit = await newKit()
    kit.gateway.onOpen({ replyMs: 300 })
    const opened = await together(
      kit,
      Array.from({ length: crowd }, () => () => kit.press('c1')),
    )
    assert.equal(kit.gateway.calls.filter((call) => call.kind === 'open').length, 1)
    assert.equal(new Set(opened.map(({ reply }) => reply.paymentUrl)).size, 1)
    const later = await kit.press('c1')
    assert.equal(later.reply.paymentUrl, kit.gateway.orders[0]?.paymentUrl)
  })

  test(`D6: ${crowd} presses of one purchase with keys of their own make one call to the gateway`, async () => {
    const kit = await newKit()
    kit.gateway.onOpen({ replyMs: 300 })
    const opened = await together(
      kit,
      Array.from({ length: crowd }, (_, i) => () => kit.press('c1', { key: `key-of-tab-${i}` })),
    )
    assert.equal(kit.gateway.calls.filter((call) => call.kind === 'open').length, 1)
    assert.equal(new Set(opened.map(({ reply }) => reply.token)).size, 1)
  })

  test('F8: of a crowd with one new key nobody is given a link that was cancelled after it was last asked about', async () => {
    const kit = await newKit()
    const twin = kit.twin()
    const first = await kit.press('c1', { key: 'key-00000001' })
    await kit.clock.advance(100)
    await twin.press('c1', { key: 'key-00000001' })
    kit.gateway.move(kit.gateway.order(first.reply.reference), 'cancelled')
    await kit.clock.advance(100)
    kit.gateway.onRead({ replyMs: 50 })
    const opened = await together(
      kit,
      [kit, twin, twin].map((instance) => () => instance.press('c1', { key: 'key-00000002' })),
    )
    assert.equal(new Set(opened.map(({ reply }) => reply.paymentUrl)).size, 1)
    assert.notEqual(opened[0]?.reply.paymentUrl, first.reply.paymentUrl)
  })

  test('F9: three instances that share the database make one call to the gateway', async () => {
    const kit = await newKit()
    const instances = [kit, ...(await twins(kit, 2))]
    kit.gateway.onOpen({ replyMs: 300 })
    const presses = instances.flatMap((instance) => Array.from({ length: 12 }, () => () => instance.press('c1')))
    const opened = await together(kit, presses)
    assert.equal(kit.gateway.calls.filter((call) => call.kind === 'open').length, 1)
    assert.equal(new Set(opened.map(({ reply }) => reply.paymentUrl)).size, 1)
  })

  async function twins(kit: Kit, count: number): Promise<Kit[]> {
    const list: Kit[] = []
    for (let i = 0; i < count; i++) {
      list.push(kit.twin(database.another ? { store: await database.another() } : {}))
    }
    return list
  }
}
