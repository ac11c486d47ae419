import assert from 'node:assert/strict'
import { describe, test } from 'node:test'
import { setImmediate as turn } from 'node:timers/promises'
import { createDeliverer } from '../../../../src/server/payments/deliver.ts'
import { until } from '../../../support/until.ts'
import { createDesk } from '../desk.ts'
import { paidDesk, round, rowOf, written } from './paid-desk.ts'

const SECOND = 1_000

describe('one call of the paid handler', () => {
  test('that worked is written down, counted, and never made again', async () => {
    const calls: unknown[] = []
    const desk = await paidDesk((paid) => void calls.push(paid), { last_error: 'before', tries: 2 })
    await desk.clock.advance(SECOND)
    await round(desk)
    const now = desk.clock.now()
    assert.deepEqual(calls, [
      {
        id: 'p1',
        token: 'token-of-p1',
        purchaseId: 'c1',
        amount: { minor: 125_000, currency: 'BDT' },
        reference: 'REF1',
        transactionId: 'T-1',
        paidAt: new Date(1_234),
        order: { cart: 'c1' },
      },
    ])
    assert.deepEqual(rowOf(desk), {
      payment_id: 'p1',
      next_try_at: null,
      tries: 3,
      lease: null,
      lease_until: 0,
      last_error: null,
      created_at: desk.openedAt,
      done_at: now,
    })
    const line = { payment_id: 'p1', attempt_id: 'a1', at: now, cause: 'delivery' }
    assert.deepEqual(desk.audit(), [{ ...line, event: 'delivered', detail: null }])
    assert.deepEqual(desk.said, [
      ['reached', 'before-paid-handler'],
      ['reached', 'after-paid-handler'],
      ['count', 'ipay_deliveries_total', { outcome: 'done' }],
      ['reached', 'after-paid-acknowledged'],
    ])
    await round(desk)
    assert.equal(calls.length, 1)
  })

  test('that threw is tried again, with a short reason in the rows and its words in the log', async () => {
    const desk = await paidDesk(() => {
      throw new Error('the warehouse is closed')
    })
    await round(desk)
    const now = desk.clock.now()
    const row = rowOf(desk)
    assert.deepEqual(
      [row?.tries, row?.next_try_at, row?.last_error, row?.done_at, row?.lease, row?.lease_until],
      [1, now + SECOND, 'The paid handler threw', null, null, 0],
    )
    const line = { payment_id: 'p1', attempt_id: 'a1', at: now, cause: 'delivery' }
    assert.deepEqual(desk.audit(), [{ ...line, event: 'delivery-failed', detail: 'The paid handler threw' }])
    assert.deepEqual(desk.said, [
      ['reached', 'before-paid-handler'],
      ['log', 'error', 'paid-handler-failed', { payment: 'p1', error: 'Error: the warehouse is closed' }],
      ['count', 'ipay_deliveries_total', { outcome: 'failed' }],
    ])
  })

  test('G21: the fifth failure calls the operator, the fourth and the sixth do not', async () => {
    const alarms = async (tries: number) => {
      const desk = await paidDesk(() => Promise.reject(new Error('no')), { tries })
      await round(desk)
      return { desk, said: desk.said.filter(([what]) => what === 'alarm') }
    }
    const fifth = await alarms(4)
    assert.deepEqual(fifth.said, [['alarm', 'delivery-failing', { reference: 'REF1', tries: 5 }]])
    const [flag] = fifth.desk.store.tables.flags.values()
    assert.deepEqual(
      [flag?.kind, flag?.attempt_id, flag?.payment_id, flag?.detail],
      ['delivery-failing', 'a1', 'p1', 'The paid handler threw'],
    )
    for (const tries of [3, 5]) assert.deepEqual((await alarms(tries)).said, [])
  })

  test('G21: that hangs is given up after 30 s, told so by its signal, and may fail later without harm', async () => {
    const hanging = Promise.withResolvers<void>()
    let signal: AbortSignal | undefined
    const desk = await paidDesk((_paid, context) => {
      signal = context.signal
      return hanging.promise
    })
    const worker = createDeliverer(desk.deps)
    worker.start()
    await until('the handler was called', () => signal !== undefined)
    assert.deepEqual([rowOf(desk)?.lease, rowOf(desk)?.lease_until], ['instance-1', desk.openedAt + 45 * SECOND])
    await desk.clock.advance(30 * SECOND - 1)
    assert.equal(signal?.aborted, false)
    await desk.clock.advance(1)
    assert.equal(signal?.aborted, true)
    await until('the failure is written down', () => rowOf(desk)?.tries === 1)
    await worker.stop()
    assert.equal(rowOf(desk)?.last_error, 'The paid handler took longer than 30 s')
    hanging.reject(new Error('later'))
    await turn()
  })

  test('without an attempt that speaks for it, the payment stands for itself', async () => {
    const calls: { reference: string; paidAt: Date }[] = []
    const fails = (paid: (typeof calls)[number]) => {
      calls.push(paid)
      throw new Error('no')
    }
    const desk = createDesk({ onPaid: fails })
    await desk.payment({ state: 'paid', attempt_id: null, updated_at: 77 })
    await written(desk, { tries: 4 })
    const rows = { ...desk.store.rows, attempt: () => assert.fail('an attempt was looked for') }
    await round(desk, { store: { ...desk.store, rows } })
    assert.deepEqual(
      calls.map(({ reference, paidAt }) => [reference, paidAt.getTime()]),
      [['p1', 77]],
    )
    assert.equal([...desk.store.tables.flags.values()][0]?.attempt_id, 'p1')
    assert.deepEqual(desk.store.tables.audit[0]?.attempt_id, null)
  })

  test('is not made for a payment that is gone', async () => {
    const desk = createDesk()
    await written(desk)
    await round(desk)
    assert.deepEqual(desk.said, [])
  })
})
