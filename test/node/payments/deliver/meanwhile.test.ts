import assert from 'node:assert/strict'
import { describe, test } from 'node:test'
import type { Deps } from '../../../../src/server/payments/deps.ts'
import type { DeliveryRow, Rows } from '../../../../src/server/store/port.ts'
import type { Desk } from '../desk.ts'
import { change, paidDesk, round, rowOf } from './paid-desk.ts'

const SECOND = 1_000

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
