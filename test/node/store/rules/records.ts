import assert from 'node:assert/strict'
import { test } from 'node:test'
import type { AttemptRow, NotificationRow, OperationRow, Store } from '../../../../src/server/store/port.ts'
import { flagRow, NOW, operationRow, same, stored, unique } from '../rows.ts'

/** What is kept beside payments and attempts: keys, the audit trail, flags, notifications, operations. */
export function recordRules(empty: () => Promise<Store>): void {
  test('a key is written once, and is forgotten only with its payment untouched since', async () => {
    const store = await empty()
    const { payment } = await stored(store)
    const { payment: busy } = await stored(store)
    const key = (name: string, payment_id: string, created_at: number) => ({
      key: name,
      fingerprint: `of ${name}`,
      payment_id,
      created_at,
    })
    await store.transaction(async (tx) => {
      assert.equal(await tx.insertKey(key('old-key-1', payment.id, NOW - 10)), true)
      assert.equal(await tx.insertKey({ ...key('old-key-1', busy.id, NOW), fingerprint: 'other' }), false)
      await tx.insertKey(key('old-key-2', busy.id, NOW - 10))
      await tx.insertKey(key('new-key-1', payment.id, NOW + 10))
      await tx.updatePayment(busy.id, { updated_at: NOW + 10 })
      await tx.updatePayment(payment.id, { updated_at: NOW - 5 })
      await tx.deleteKeysBefore(NOW)
    })
    const found = async (name: string) => (await store.transaction((tx) => tx.key(name)))?.fingerprint
    assert.equal(await found('old-key-1'), undefined)
    assert.equal(await found('old-key-2'), 'of old-key-2')
    assert.equal(await found('new-key-1'), 'of new-key-1')
  })

  test('the audit trail keeps its order, and belongs to one payment', async () => {
    const store = await empty()
    const { payment } = await stored(store)
    const { payment: other } = await stored(store)
    const line = (payment_id: string, event: string) => ({
      payment_id,
      attempt_id: null,
      at: NOW,
      cause: 'open',
      event,
      detail: null,
    })
    await store.transaction(async (tx) => {
      for (let i = 0; i < 12; i++) await tx.audit(line(i % 3 ? payment.id : other.id, `event ${i}`))
    })
    const trail = await store.rows.auditTrail(payment.id)
    same(
      trail.map(({ event }) => event),
      [1, 2, 4, 5, 7, 8, 10, 11].map((i) => `event ${i}`),
    )
    assert.ok(trail.every(({ id }) => Number.isSafeInteger(id)))
  })

  test('a flag stands once, is listed oldest first, and is cleared once', async () => {
    const store = await empty()
    const { payment } = await stored(store)
    const [young, old] = [flagRow(payment, { created_at: NOW }), flagRow(payment, { created_at: NOW - 5 })]
    await store.transaction(async (tx) => {
      assert.equal(await tx.insertFlag(young), true)
      assert.equal(await tx.insertFlag({ ...young, kind: 'other' }), false)
      assert.equal(await tx.insertFlag(old), true)
    })
    same(await store.rows.openFlags(10), [old, young])
    same(await store.rows.openFlags(1), [old])
    const clear = (id: string) => store.transaction((tx) => tx.clearFlag(id, NOW))
    same([await clear(old.id), await clear(old.id), await clear('nobody')], [true, false, false])
    same(await store.rows.openFlags(10), [young])
  })

  test('G4: a notification is stored once, for ever', async () => {
    const store = await empty()
    const row: NotificationRow = {
      id: unique('scripted:evt'),
      gateway: 'scripted',
      type: 'payment.paid',
      reference: null,
      received_at: NOW,
    }
    const insert = () => store.transaction((tx) => tx.insertNotification(row))
    same(await Promise.all([insert(), insert(), insert()]).then((all) => all.filter(Boolean)), [true])
    assert.equal(await insert(), false)
  })

  test('operations are written once, moved, and found while nobody knows their outcome', async () => {
    const store = await empty()
    const { payment, attempts } = await stored(store, {})
    const attempt = attempts[0] as AttemptRow
    const make = (more: Partial<OperationRow>) => operationRow(payment, attempt, more)
    const rows = [
      make({ created_at: NOW + 2, updated_at: NOW - 1 }),
      make({ created_at: NOW + 1, updated_at: NOW - 2, state: 'unknown' }),
      make({ created_at: NOW, state: 'done' }),
    ]
    await store.transaction(async (tx) => {
      for (const row of rows) assert.equal(await tx.insertOperation(row), true)
      assert.equal(await tx.insertOperation({ ...(rows[0] as OperationRow), amount: 7 }), false)
    })
    same(await store.rows.operations(payment.id), rows.toReversed())
    same(await store.rows.unfinishedOperations(NOW, 10), [rows[1], rows[0]])
    same(await store.rows.unfinishedOperations(NOW - 2, 10), [rows[1]])
    same(await store.rows.unfinishedOperations(NOW, 1), [rows[1]])
    await store.transaction((tx) => tx.updateOperation(rows[0]?.id ?? '', { state: 'done', gateway_id: 're_1' }))
    assert.equal((await store.transaction((tx) => tx.operation(rows[0]?.id ?? '')))?.gateway_id, 're_1')
  })
}
