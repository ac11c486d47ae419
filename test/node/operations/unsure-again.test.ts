import assert from 'node:assert/strict'
import { test } from 'node:test'
import { recordOperation } from '../../../src/server/payments/operations/record-operation.ts'
import type { OperationRow } from '../../../src/server/store/port.ts'
import { createDesk } from '../payments/desk.ts'

test('G23: of two refunds of one payment each is told to a person when nobody knows its outcome', async () => {
  const desk = createDesk()
  await desk.payment({ state: 'paid' })
  await desk.attempt({ state: 'paid' })
  const started = async (id: string) => {
    const row: OperationRow = {
      id,
      payment_id: 'p1',
      attempt_id: 'a1',
      kind: 'refund',
      amount: 10_000,
      reason: 'requested_by_customer',
      state: 'started',
      gateway_id: null,
      detail: null,
      created_at: desk.openedAt,
      updated_at: desk.openedAt,
    }
    await desk.store.transaction((rows) => rows.insertOperation(row))
    return row
  }
  const open = async () => (await desk.store.rows.openFlags(10)).map(({ kind }) => kind)
  const alarms = () => desk.said.filter(([what]) => what === 'alarm').length
  const lost = { kind: 'unknown', detail: 'timeout' } as const

  const first = await started('refund_1')
  await recordOperation(desk.deps, first, lost)
  await recordOperation(desk.deps, first, lost)
  assert.deepEqual([await open(), alarms()], [['refund-unknown'], 1])
  await recordOperation(desk.deps, first, { kind: 'done', id: 'R1', amount: { minor: 10_000, currency: 'BDT' } })
  assert.deepEqual(await open(), [])

  await recordOperation(desk.deps, await started('refund_2'), lost)
  assert.deepEqual([await open(), alarms()], [['refund-unknown'], 2])
})
