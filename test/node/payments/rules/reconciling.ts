import assert from 'node:assert/strict'
import { describe, test } from 'node:test'
import { until } from '../../../support/until.ts'
import type { Kit } from '../kit.ts'
import type { Database } from './databases.ts'
import { newKits } from './new-kit.ts'

const SECOND = 1_000
const MINUTE = 60 * SECOND
const HOUR = 60 * MINUTE

/** Presses purchases and returns their tokens. */
async function pressed(kit: Kit, carts: readonly string[]): Promise<string[]> {
  const tokens: string[] = []
  for (const cart of carts) tokens.push((await kit.press(cart)).reply.token)
  return tokens
}
const named = (name: string, count: number) => Array.from({ length: count }, (_, index) => `${name}-${index}`)
const payAll = (kit: Kit) => {
  for (const order of kit.gateway.orders) assert.ok(kit.gateway.move(order, 'paid', { force: true }))
}
const carts = (kit: Kit) => kit.handled.map(({ purchaseId }) => purchaseId).sort()
const reads = (kit: Kit) => kit.gateway.calls.filter(({ kind }) => kind === 'read')

export function reconcilingRules(database: Database): void {
  const newKit = newKits(database)
  const crowd = database.another ? 150 : 1_000

  describe(`reconciling, on ${database.name}`, () => {
    for (const back of [5 * MINUTE, HOUR, 48 * HOUR]) {
      test(`G12: a clock that is set back ${back / MINUTE} minutes keeps no paid order waiting for longer than two minutes`, async () => {
        const kit = await newKit()
        const [token = ''] = await pressed(kit, ['c1'])
        await kit.pass(MINUTE)
        const background = kit.start()
        kit.clock.jump(-back)
        payAll(kit)
        const since = kit.clock.now()
        await until('the handler to be called', async () => {
          if (!kit.handled.length) await kit.clock.advance(SECOND)
          return kit.handled.length > 0
        })
        assert.ok(kit.clock.now() - since <= 2 * MINUTE)
        await background.stop()
        assert.deepEqual(carts(kit), ['c1'])
        assert.equal((await kit.status(token)).state, 'paid')
      })

      test(`E7: a clock that is set back ${back / MINUTE} minutes does not keep a buyer who asks from the news`, async () => {
        const kit = await newKit()
        const [token = ''] = await pressed(kit, ['c1'])
        await kit.pass(20 * SECOND)
        await kit.status(token)
        kit.clock.jump(-back)
        const order = kit.gateway.orders[0] ?? assert.fail()
        kit.gateway.move(order, 'cancelled')
        await kit.clock.advance(5 * SECOND)
        assert.equal((await kit.status(token)).state, 'cancelled')
      })

      test(`F10: a clock that is set back ${back / MINUTE} minutes does not lengthen the claim of a dead holder by that`, async () => {
        const kit = await newKit()
        const dying = kit.twin({
          reached(point) {
            if (point === 'after-attempt-row') throw new Error('dead')
          },
        })
        await assert.rejects(dying.press('c1'), /dead/)
        kit.clock.jump(-back)
        await kit.clock.advance(MINUTE)
        assert.equal((await kit.run(kit.press('c1'))).created, true)
      })
    }

    test('of a crowd that asks for a status one waits for the gateway, and the others get what is known', async () => {
      const kit = await newKit()
      const [token = ''] = await pressed(kit, ['c1'])
      await kit.clock.advance(10 * SECOND)
      payAll(kit)
      kit.gateway.onRead({ replyMs: 2 * SECOND })
      const asker = kit.service.status(token)
      await until('the gateway is asked', () => reads(kit).length === 1)
      const since = kit.clock.now()
      const others = await kit.run(Promise.all(Array.from({ length: 20 }, () => kit.service.status(token))))
      assert.deepEqual(new Set(others.map((status) => status?.state)), new Set(['created']))
      assert.ok(kit.clock.now() - since < 100)
      assert.equal((await kit.run(asker))?.state, 'paid')
      assert.equal(reads(kit).length, 1)
    })

    test('G13: a clock that is set forward a day gives up no order that the gateway can still answer for', async () => {
      const kit = await newKit()
      const [token = ''] = await pressed(kit, ['c1'])
      kit.clock.jump(25 * HOUR)
      const order = kit.gateway.orders[0] ?? assert.fail()
      kit.gateway.move(order, 'paid', { force: true })
      await kit.pass(MINUTE)
      assert.equal((await kit.status(token)).state, 'paid')
      assert.deepEqual(carts(kit), ['c1'])
    })

    test('G12: a shop that starts again after a day finds what was paid, though the gateway does not answer at first', async () => {
      const kit = await newKit()
      await pressed(kit, named('cart', 12))
      payAll(kit)
      await kit.clock.advance(26 * HOUR)
      const after = kit.twin()
      kit.gateway.behave.read = () => ({ reply: { kind: 'unreachable', detail: 'HTTP 503' } })
      await after.pass(20 * SECOND)
      assert.deepEqual(carts(kit), [])
      kit.gateway.behave.read = () => ({})
      await after.pass(30 * MINUTE)
      assert.deepEqual(carts(kit), named('cart', 12).sort())
      assert.deepEqual(after.alarms, [])
    })

    test(`G12: ${crowd} orders that fall due at the same moment, shared by three instances, are asked about once each`, async () => {
      const kit = await newKit()
      const names = named('cart', crowd)
      for (let at = 0; at < crowd; at += 50) await Promise.all(names.slice(at, at + 50).map((cart) => kit.press(cart)))
      payAll(kit)
      await kit.clock.advance(30 * MINUTE)
      const own = async () => kit.twin(database.another ? { store: await database.another() } : {})
      const instances = [kit, await own(), await own()]
      const since = kit.clock.now()
      await kit.run(Promise.all(instances.map((instance) => instance.reconcile())))
      assert.ok(kit.clock.now() - since < 30 * SECOND, 'no lease had to run out')
      assert.equal(reads(kit).length, crowd)
      await kit.run(Promise.all(instances.map((instance) => instance.deliver())))
      // What a busy database turned away is taken up again when its lease has run out.
      for (let round = 0; round < crowd && kit.handled.length < crowd; round++) {
        await kit.clock.advance(SECOND)
        await kit.deliver()
      }
      assert.deepEqual(carts(kit), names.sort())
    })

    test('G21: orders whose question always fails by an exception keep no other one from being heard of', async () => {
      const kit = await newKit()
      await pressed(kit, [...named('poison', 120), 'healthy'])
      payAll(kit)
      const healthy = (await kit.store.rows.paymentByPurchase('healthy'))?.attempt_id
      const attempt = await kit.store.rows.attempt(healthy ?? '')
      const genuine = kit.gateway.read.bind(kit.gateway)
      kit.gateway.read = async (asked, call) => {
        if (asked.reference !== attempt?.reference) throw new TypeError('the adapter has a fault')
        return genuine(asked, call)
      }
      await kit.pass(2 * MINUTE)
      assert.deepEqual(carts(kit), ['healthy'])
      // Nothing is given up for that: with the adapter mended, all of them are found.
      kit.gateway.read = genuine
      await kit.pass(5 * MINUTE)
      assert.equal(kit.handled.length, 121)
    })

    test('G21: a paid order whose stored text is broken is told to the operator, and keeps no other one waiting', async () => {
      const kit = await newKit()
      await pressed(kit, ['broken', 'healthy'])
      payAll(kit)
      const { id, order_json } = (await kit.store.rows.paymentByPurchase('broken')) ?? assert.fail()
      await kit.store.transaction((rows) => rows.updatePayment(id, { order_json: '{"cart":' }))
      await kit.pass(5 * MINUTE)
      assert.deepEqual(carts(kit), ['healthy'])
      assert.deepEqual(
        kit.alarms.map(({ kind }) => kind),
        ['delivery-failing'],
      )
      await kit.store.transaction((rows) => rows.updatePayment(id, { order_json }))
      await kit.pass(15 * MINUTE)
      assert.deepEqual(carts(kit), ['broken', 'healthy'])
    })

    test('G21: a holder that slept through its lease does not call again what another one has delivered', async () => {
      const kit = await newKit()
      await pressed(kit, ['c1'])
      payAll(kit)
      await kit.clock.advance(10 * SECOND)
      await kit.reconcile()
      const warehouse = Promise.withResolvers<void>()
      const sleeper = kit.twin({ onPaid: () => warehouse.promise })
      const asleep = sleeper.start()
      // Its clock stands still, as that of a stopped process; for the others its lease has run out.
      const row = async () => kit.store.rows.delivery((await kit.store.rows.paymentByPurchase('c1'))?.id ?? '')
      await until('the sleeper has it', async () => (await row())?.lease)
      const { payment_id } = (await row()) ?? assert.fail()
      await kit.store.transaction((rows) => rows.updateDelivery(payment_id, { lease_until: 0 }))
      await kit.twin().deliver()
      assert.deepEqual(carts(kit), ['c1'])
      warehouse.reject(new Error('the connection to the warehouse is gone'))
      await asleep.stop()
      assert.notEqual((await row())?.done_at, null)
      await kit.pass(5 * MINUTE)
      assert.deepEqual(carts(kit), ['c1'])
      assert.equal((await row())?.last_error, null)
    })
  })
}
