import assert from 'node:assert/strict'
import { describe, test } from 'node:test'
import { setImmediate as turn } from 'node:timers/promises'
import { createDeliverer } from '../../../src/server/payments/deliver.ts'
import type { Deps, OnPaid } from '../../../src/server/payments/deps.ts'
import type { DeliveryRow, Lease, Rows } from '../../../src/server/store/port.ts'
import { until } from '../../support/until.ts'
import { createDesk, type Desk } from './desk.ts'

const SECOND = 1_000

const written = async (desk: Desk, changes: Partial<DeliveryRow> = {}) => {
  const row: DeliveryRow = {
    payment_id: 'p1',
    next_try_at: desk.openedAt,
    tries: 0,
    lease: null,
    lease_until: 0,
    last_error: null,
    created_at: desk.openedAt,
    done_at: null,
    ...changes,
  }
  await desk.store.transaction((rows) => rows.insertDelivery(row))
}
const rowOf = (desk: Desk) => desk.store.tables.deliveries.get('p1')
const change = (desk: Desk, changes: Partial<DeliveryRow>) =>
  desk.store.transaction((rows) => rows.updateDelivery('p1', changes))

/** A paid payment whose delivery is due. */
async function paidDesk(onPaid: OnPaid = () => {}, changes: Partial<DeliveryRow> = {}) {
  const desk = createDesk({ onPaid })
  await desk.payment({ state: 'paid', transaction_id: 'T-1', paid_at: 1_234 })
  await desk.attempt({ state: 'paid' })
  await written(desk, changes)
  return desk
}

/** One round of a worker that is stopped at once. */
async function round(desk: Desk, deps: Partial<Deps> = {}): Promise<void> {
  const worker = createDeliverer({ ...desk.deps, ...deps })
  worker.start()
  await worker.stop()
}

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
    assert.deepEqual(fifth.said, [['alarm', 'delivery-failing', { reference: 'p1', tries: 5 }]])
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
    const done = round(desk)
    await until('the handler was called', () => signal !== undefined)
    assert.deepEqual([rowOf(desk)?.lease, rowOf(desk)?.lease_until], ['instance-1', desk.openedAt + 45 * SECOND])
    await desk.clock.advance(30 * SECOND - 1)
    assert.equal(signal?.aborted, false)
    await desk.clock.advance(1)
    await done
    assert.equal(signal?.aborted, true)
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

describe('what happened meanwhile', () => {
  /** The rows as a process sees them that looks again right before the call. */
  async function called(look: Partial<DeliveryRow> | undefined, sleepMs = 0): Promise<boolean> {
    let calls = 0
    const desk = await paidDesk(() => {
      calls += 1
    })
    const { rows } = desk.store
    const delivery = async (id: string) => {
      desk.clock.jump(sleepMs)
      const row = await rows.delivery(id)
      return look && row && { ...row, ...look }
    }
    await round(desk, { store: { ...desk.store, rows: { ...rows, delivery } } })
    return calls === 1
  }

  test('G21: a lease that somebody else has by now, or that ran out, makes no call', async () => {
    assert.equal(await called({}), true)
    assert.equal(await called(undefined), false)
    for (const other of [{ done_at: 1 }, { lease: 'instance-2' }, { lease_until: 1 }]) {
      assert.equal(await called(other), false, JSON.stringify(other))
    }
    assert.deepEqual([await called({}, 45 * SECOND - 1), await called({}, 45 * SECOND)], [true, false])
  })

  const meanwhile = async (changes: Partial<DeliveryRow>, how: 'works' | 'throws') => {
    const desk: Desk = await paidDesk(async () => {
      await change(desk, changes)
      if (how === 'throws') throw new Error('no')
    })
    await round(desk)
    assert.ok(!desk.said.some(([what]) => what === 'alarm'))
    return { row: rowOf(desk), audit: desk.audit() }
  }

  test('G21: what another process has done meanwhile stays as that one wrote it', async () => {
    for (const how of ['works', 'throws'] as const) {
      const { row, audit } = await meanwhile({ done_at: 5, tries: 9 }, how)
      assert.deepEqual([row?.done_at, row?.tries, audit], [5, 9, []], how)
    }
  })

  test('G21: a failure says nothing about a call that another process has under way; a success does', async () => {
    for (const lease of [{ lease: 'instance-2' }, { lease_until: 9 }]) {
      const failed = await meanwhile(lease, 'throws')
      assert.deepEqual([failed.row?.tries, failed.audit], [0, []])
      const worked = await meanwhile(lease, 'works')
      assert.equal(worked.row?.tries, 1)
      assert.notEqual(worked.row?.done_at, null)
    }
  })

  test('what came of the call is written under the payment’s lock', async () => {
    const desk = await paidDesk()
    const order: string[] = []
    const transaction: Deps['store']['transaction'] = (work) =>
      desk.store.transaction((rows) =>
        work({
          ...rows,
          lockPayment: (id) => {
            order.push(`lock ${id}`)
            return rows.lockPayment(id)
          },
          delivery: (id) => {
            order.push(`read ${id}`)
            return rows.delivery(id)
          },
        }),
      )
    await round(desk, { store: { ...desk.store, transaction } })
    assert.deepEqual(order, ['lock p1', 'read p1'])
  })

  test('a delivery that vanished meanwhile is left alone', async () => {
    const desk = await paidDesk()
    const blind = (rows: Rows): Rows => ({ ...rows, delivery: async () => undefined })
    await round(desk, {
      store: { ...desk.store, transaction: (work) => desk.store.transaction((rows) => work(blind(rows))) },
    })
    assert.deepEqual(desk.audit(), [])
    assert.equal(rowOf(desk)?.done_at, null)
  })
})

describe('the rounds of the deliverer', () => {
  /** A desk with so many deliveries due, whose leases are counted. */
  async function crowdedDesk(count: number, overrides: Partial<Deps> = {}) {
    const handled: string[] = []
    const leases: Lease[] = []
    const desk = createDesk({ onPaid: ({ id }) => void handled.push(id), ...overrides })
    for (let i = 0; i < count; i++) {
      const id = `p${i}`
      await desk.payment({ id, token: id, purchase_id: id, attempt_id: null })
      await written(desk, { payment_id: id })
    }
    const watched = (rows: Rows): Rows => ({
      ...rows,
      claimDueDeliveries(lease) {
        leases.push(lease)
        return rows.claimDueDeliveries(lease)
      },
    })
    const worker = createDeliverer({
      ...desk.deps,
      store: { ...desk.store, transaction: (work) => desk.store.transaction((rows) => work(watched(rows))) },
    })
    return { desk, handled, leases, worker }
  }
  const settled = async () => {
    for (let i = 0; i < 200; i++) await turn()
  }

  test('take sixteen at a time for 45 s, and go on at once while there are more', async () => {
    const { desk, handled, leases, worker } = await crowdedDesk(17)
    worker.start()
    await settled()
    assert.equal(handled.length, 17)
    const lease = { owner: 'instance-1', now: desk.openedAt, until: desk.openedAt + 45 * SECOND, limit: 16 }
    assert.deepEqual(leases, [lease, lease])
    await worker.stop()
  })

  test('come every second', async () => {
    const { desk, leases, worker } = await crowdedDesk(1)
    worker.start()
    await settled()
    await desk.clock.advance(SECOND - 1)
    await settled()
    assert.equal(leases.length, 1)
    await desk.clock.advance(1)
    await settled()
    assert.equal(leases.length, 2)
    await worker.stop()
  })

  test('that are all in vain wait for the next second, and say why', async () => {
    const reached = () => {
      throw new Error('dead')
    }
    const { desk, leases, worker } = await crowdedDesk(16, { reached })
    worker.start()
    await settled()
    assert.equal(leases.length, 1)
    const line = ['log', 'error', 'delivery-round-failed', { error: 'Error: dead' }]
    assert.deepEqual(desk.said, Array(16).fill(line))
    await worker.stop()
  })
})
