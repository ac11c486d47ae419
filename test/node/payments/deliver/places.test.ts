import assert from 'node:assert/strict'
import { describe, test } from 'node:test'
import { createDeliverer } from '../../../../src/server/payments/deliver.ts'
import { createDesk } from '../desk.ts'
import { settled, written } from './paid-desk.ts'

const SECOND = 1_000

/** A shop whose handler hangs until a test ends the call, unless the payment's id begins with `good`. */
function hangingShop() {
  const calls = new Map<string, { readonly signal: AbortSignal; readonly end: () => void }>()
  const called: string[] = []
  const desk = createDesk({
    onPaid({ id }, { signal }) {
      called.push(id)
      if (id.startsWith('good')) return
      const { promise, resolve } = Promise.withResolvers<void>()
      calls.set(id, { signal, end: resolve })
      return promise
    },
  })
  return {
    desk,
    calls,
    called,
    worker: createDeliverer(desk.deps),
    rowOf: (id: string) => desk.store.tables.deliveries.get(id),
    async paid(id: string, tries = 0) {
      await desk.payment({ id, token: id, purchase_id: id, attempt_id: null })
      await written(desk, { payment_id: id, tries })
    },
  }
}

describe('the places of the deliverer', () => {
  test('G21: a handler that hangs holds up nobody else: a new payment is handed over at once', async () => {
    const { desk, called, worker, paid, rowOf } = hangingShop()
    await paid('hangs-1')
    await paid('hangs-2')
    worker.start()
    await settled()
    await paid('good')
    worker.wake()
    await settled()
    assert.deepEqual(called, ['hangs-1', 'hangs-2', 'good'])
    assert.equal(rowOf('good')?.done_at, desk.openedAt)
  })

  test('G21: a place is taken again as soon as its handler ends, and no sooner', async () => {
    const { calls, called, worker, paid } = hangingShop()
    for (let i = 0; i < 40; i++) await paid(`hangs-${i}`)
    worker.start()
    await settled()
    worker.wake()
    await settled()
    assert.equal(called.length, 32)
    calls.get('hangs-3')?.end()
    await settled()
    assert.equal(called.length, 33)
  })

  test('G21: however many are tried again, half of the places are for new payments', async () => {
    const { calls, called, worker, paid } = hangingShop()
    for (let i = 0; i < 40; i++) await paid(`hangs-${i}`, 3)
    worker.start()
    await settled()
    assert.equal(called.length, 16)
    await paid('good')
    worker.wake()
    await settled()
    assert.equal(called.at(-1), 'good')
    calls.get('hangs-0')?.end()
    await settled()
    assert.equal(called.length, 18)
  })

  test('what is tried again is not kept waiting by new payments either', async () => {
    const { calls, called, worker, paid } = hangingShop()
    for (let i = 0; i < 40; i++) await paid(`hangs-${i}`)
    worker.start()
    await settled()
    await paid('good', 1)
    calls.get('hangs-0')?.end()
    await settled()
    assert.equal(called[32], 'good')
  })
})

describe('a stop of the deliverer', () => {
  test('lets running handlers end, and writes down that they did', async () => {
    const { desk, calls, worker, paid, rowOf } = hangingShop()
    await paid('slow')
    worker.start()
    await settled()
    const stopped = worker.stop()
    await desk.clock.advance(4 * SECOND - 1)
    assert.equal(calls.get('slow')?.signal.aborted, false)
    calls.get('slow')?.end()
    await stopped
    assert.equal(rowOf('slow')?.done_at, desk.clock.now())
  })

  test('G21: takes 5 s at most when a handler hangs; its lease runs out, and it is called again', async () => {
    const { desk, calls, called, worker, paid, rowOf } = hangingShop()
    await paid('hangs')
    worker.start()
    await settled()
    const leased = rowOf('hangs')
    let hasStopped = false
    const stopped = worker.stop().then(() => {
      hasStopped = true
    })
    await settled()
    await desk.clock.advance(4 * SECOND)
    assert.equal(calls.get('hangs')?.signal.aborted, true)
    assert.equal(hasStopped, false)
    await desk.clock.advance(SECOND)
    await stopped
    // What it will come to is not known: nothing is written, so that nobody else calls it while it may still run.
    assert.deepEqual(rowOf('hangs'), leased)
    await desk.clock.advance(40 * SECOND)
    assert.deepEqual(rowOf('hangs'), leased)
    const next = createDeliverer({ ...desk.deps, instance: 'instance-2' })
    next.start()
    await settled()
    assert.deepEqual(called, ['hangs', 'hangs'])
  })

  test('a handler that gives up as its signal says is a failed try like any other', async () => {
    const desk = createDesk({
      onPaid: (_paid, { signal }) =>
        new Promise((_resolve, reject) => signal.addEventListener('abort', () => reject(signal.reason))),
    })
    await desk.payment({ attempt_id: null })
    await written(desk)
    const worker = createDeliverer(desk.deps)
    worker.start()
    await settled()
    const stopped = worker.stop()
    await settled()
    await desk.clock.advance(4 * SECOND)
    await stopped
    const row = desk.store.tables.deliveries.get('p1')
    assert.deepEqual([row?.tries, row?.lease, row?.last_error], [1, null, 'The paid handler threw'])
  })
})
