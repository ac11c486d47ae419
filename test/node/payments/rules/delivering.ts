import assert from 'node:assert/strict'
import { describe, test } from 'node:test'
import type { Store } from '../../../../src/server/store/port.ts'
import { until } from '../../../support/until.ts'
import { createKit, type Kit } from '../kit.ts'
import type { Database } from './databases.ts'
import { Died, diesAt } from './dying.ts'

const SECOND = 1_000
const MINUTE = 60 * SECOND

/** Presses and pays a purchase; nothing of ours knows of it yet. */
async function paid(kit: Kit, cart = 'c1'): Promise<string> {
  const { reply } = await kit.press(cart)
  kit.gateway.move(kit.gateway.order(reply.paymentUrl), 'paid')
  return reply.token
}

/**
 * The store as a process sees it that falls asleep while it delivers: right after it took the leases, or before it
 * writes down what came of the call.
 */
function sleepingStore(store: Store, moment: 'after the lease' | 'before the report') {
  const begun = Promise.withResolvers<void>()
  const awake = Promise.withResolvers<void>()
  let transactions = 0
  const sleep = () => {
    begun.resolve()
    return awake.promise
  }
  const sleeping: Store = {
    ...store,
    async transaction(work) {
      transactions += 1
      if (transactions === 2 && moment === 'before the report') await sleep()
      const result = await store.transaction(work)
      if (transactions === 1 && moment === 'after the lease') await sleep()
      return result
    },
  }
  return { store: sleeping, begun: begun.promise, wake: () => awake.resolve() }
}

export function deliveringRules(database: Database): void {
  const store = () => database.store()

  describe(`delivering, on ${database.name}`, () => {
    test('the paid handler gets what was paid, for what, and the id that makes a repeat harmless', async () => {
      const kit = createKit(await store())
      const token = await paid(kit)
      await kit.pass(MINUTE)
      const [payment, ...others] = kit.handled
      assert.equal(others.length, 0)
      const record = await kit.operator.find({ token })
      assert.deepEqual(payment, {
        id: record?.id,
        token,
        purchaseId: 'c1',
        amount: { minor: 125_000, currency: 'BDT' },
        reference: kit.gateway.orders[0]?.reference,
        transactionId: kit.gateway.orders[0]?.transactionId,
        paidAt: new Date(kit.gateway.orders[0]?.paidAt ?? 0),
        order: { cart: 'c1' },
      })
    })

    test('G21: a handler that throws is called again, with growing pauses, until it works', async () => {
      const calls: number[] = []
      const kit = createKit(await store(), {
        onPaid() {
          calls.push(kit.clock.now())
          if (calls.length <= 6) throw new Error('the warehouse is closed')
        },
      })
      const token = await paid(kit)
      await kit.pass(5 * MINUTE)
      assert.equal(calls.length, 7)
      assert.equal(kit.handled.length, 1)
      const pauses = calls.slice(1).map((at, i) => at - (calls[i] ?? 0))
      assert.ok(
        pauses.every((pause, i) => pause >= SECOND * 2 ** i),
        pauses.join(),
      )
      const { reference } = kit.gateway.orders[0] ?? assert.fail('nothing was opened')
      assert.deepEqual(kit.alarms, [{ kind: 'delivery-failing', reference }])
      const found = await kit.operator.find({ reference })
      assert.ok(found?.status.token === token && found.deliveredAt, 'the operator finds it by the alarm')
    })

    test('G21: what a handler throws stands in the log and not in the database', async () => {
      const kit = createKit(await store(), {
        onPaid() {
          throw new Error('password=hunter2')
        },
      })
      const token = await paid(kit)
      await kit.pass(10 * SECOND)
      const record = await kit.operator.find({ token })
      assert.ok(record?.audit.some(({ event }) => event === 'delivery-failed'))
      assert.doesNotMatch(JSON.stringify(record), /hunter2/)
      assert.ok(kit.said.some(({ event }) => event === 'paid-handler-failed'))
    })

    test('G21: a handler that hangs is given up after 30 s and called again', async () => {
      let calls = 0
      const signals: AbortSignal[] = []
      const kit = createKit(await store(), {
        onPaid(_payment, { signal }) {
          calls += 1
          signals.push(signal)
          return calls === 1 ? new Promise(() => {}) : undefined
        },
      })
      const token = await paid(kit)
      await kit.clock.advance(10 * SECOND)
      await kit.reconcile()
      const background = kit.start()
      const since = kit.clock.now()
      await kit.run(until('the handler worked', () => kit.handled.length === 1))
      assert.equal(calls, 2)
      assert.equal(signals[0]?.aborted, true)
      const seconds = ((kit.handledAt[0]?.at ?? 0) - since) / SECOND
      assert.ok(seconds >= 31 && seconds <= 33, `${seconds} s`)
      await background.stop()
      assert.ok((await kit.operator.find({ token }))?.audit.some(({ detail }) => /longer than 30 s/.test(detail ?? '')))
    })

    test('G21: forty handlers that hang do not keep a healthy one waiting for more than their deadline', async () => {
      const kit = createKit(await store(), {
        onPaid: ({ purchaseId }) => (purchaseId === 'healthy' ? undefined : new Promise(() => {})),
      })
      for (let i = 0; i < 40; i++) await paid(kit, `poison-${i}`)
      await paid(kit, 'healthy')
      await kit.clock.advance(10 * SECOND)
      await kit.reconcile()
      const background = kit.start()
      const since = kit.clock.now()
      await kit.run(until('the healthy one was handed over', () => kit.handled.length === 1))
      const seconds = ((kit.handledAt[0]?.at ?? 0) - since) / SECOND
      assert.ok(seconds <= 31, `${seconds} s`)
      await background.stop()
    })

    for (const point of ['before-paid-handler', 'after-paid-handler', 'after-paid-acknowledged'] as const) {
      test(`G8: after death ${point} the handler is called again at most once, and nothing is lost`, async () => {
        const kit = createKit(await store())
        await paid(kit)
        await kit.clock.advance(10 * SECOND)
        await kit.reconcile()
        const dying = kit.twin({ reached: diesAt(point) })
        await dying.deliver()
        // On PostgreSQL nobody takes a dead instance's leases away: they run out.
        if (!database.another) await kit.store.releaseClaims()
        await kit.pass(MINUTE)
        const calls = kit.handled.length
        assert.equal(calls, point === 'after-paid-handler' ? 2 : 1)
        assert.equal(new Set(kit.handled.map(({ id }) => id)).size, 1)
        await kit.pass(5 * MINUTE)
        assert.equal(kit.handled.length, calls)
      })
    }

    test('G21: a process that slept between its lease and the call leaves alone what another one has done', async () => {
      const kit = createKit(await store())
      await paid(kit)
      await kit.clock.advance(10 * SECOND)
      await kit.reconcile()
      const sleep = sleepingStore(kit.store, 'after the lease')
      const asleep = kit.twin({ store: sleep.store }).deliver()
      await sleep.begun
      await kit.clock.advance(MINUTE)
      await kit.deliver()
      sleep.wake()
      await asleep
      assert.equal(kit.handled.length, 1)
    })

    test('G21: a failure that is reported late does not undo what another process has done meanwhile', async () => {
      const kit = createKit(await store())
      const token = await paid(kit)
      await kit.clock.advance(10 * SECOND)
      await kit.reconcile()
      const sleep = sleepingStore(kit.store, 'before the report')
      const onPaid = () => {
        throw new Error('the warehouse is closed')
      }
      const asleep = kit.twin({ store: sleep.store, onPaid }).deliver()
      await sleep.begun
      await kit.clock.advance(MINUTE)
      await kit.deliver()
      const { deliveredAt } = (await kit.operator.find({ token })) ?? {}
      sleep.wake()
      await asleep
      await kit.pass(5 * MINUTE)
      assert.equal(kit.handled.length, 1)
      assert.ok(deliveredAt)
      assert.deepEqual((await kit.operator.find({ token }))?.deliveredAt, deliveredAt)
    })

    for (const point of ['before-settle', 'after-settle-read', 'after-settle-committed'] as const) {
      test(`G8: after death ${point} the paid order is still found and fulfilled once`, async () => {
        const kit = createKit(await store())
        const token = await paid(kit)
        const dying = kit.twin({ reached: diesAt(point) })
        const attempts = await kit.store.rows.attempts((await kit.store.rows.paymentByToken(token))?.id ?? '')
        await assert.rejects(dying.reader.read(attempts[0] ?? assert.fail(), 'return', 0), Died)
        await kit.pass(2 * MINUTE)
        assert.equal((await kit.status(token)).state, 'paid')
        assert.equal(kit.handled.length, 1)
      })
    }

    test('G4: a thousand repeats of news that a paid order is paid have no effect, after 40 days neither', async () => {
      const kit = createKit(await store())
      const token = await paid(kit)
      await kit.pass(MINUTE)
      const count = database.another ? 100 : 1_000
      const repeat = async () => {
        for (let i = 0; i < count; i++) await kit.operator.check(token)
      }
      await repeat()
      await kit.clock.advance(40 * 24 * 60 * MINUTE)
      await repeat()
      await kit.deliver()
      assert.equal(kit.handled.length, 1)
      assert.equal((await kit.status(token)).state, 'paid')
      assert.deepEqual(kit.alarms, [])
    })
  })
}
