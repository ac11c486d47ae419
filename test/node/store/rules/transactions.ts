import assert from 'node:assert/strict'
import { test } from 'node:test'
import type { AttemptRow, Store } from '../../../../src/server/store/port.ts'
import { until } from '../../../support/until.ts'
import { attemptRow, deliveryRow, flagRow, NOW, paymentRow, Refused, same, stored } from '../rows.ts'

/** What a transaction holds together, and who is told of it. */
export function transactionRules(empty: () => Promise<Store>): void {
  test('a transaction that throws has changed nothing, whatever it wrote', async () => {
    const store = await empty()
    const { payment, attempts } = await stored(store, {})
    const attempt = attempts[0] as AttemptRow
    const before = [await store.rows.payment(payment.id), await store.rows.attempts(payment.id)]
    const fresh = paymentRow()
    const refused = new Refused()
    const failing = store.transaction(async (tx) => {
      await tx.updatePayment(payment.id, { state: 'paid', claim: 'me' })
      await tx.updateAttempt(attempt.id, { state: 'paid', next_check_at: null })
      await tx.insertPayment(fresh)
      await tx.insertAttempt(attemptRow(fresh))
      await tx.insertKey({ key: 'key-00000001', fingerprint: 'f', payment_id: payment.id, created_at: NOW })
      await tx.insertDelivery(deliveryRow(payment))
      await tx.insertFlag(flagRow(payment))
      await tx.audit({ payment_id: payment.id, attempt_id: null, at: NOW, cause: 'open', event: 'x', detail: null })
      throw refused
    })
    await assert.rejects(failing, (error) => error === refused)
    same([await store.rows.payment(payment.id), await store.rows.attempts(payment.id)], before)
    assert.equal(await store.rows.payment(fresh.id), undefined)
    assert.equal(await store.rows.delivery(payment.id), undefined)
    same(await store.rows.openFlags(10), [])
    same(await store.rows.auditTrail(payment.id), [])
    assert.equal(await store.transaction((tx) => tx.key('key-00000001')), undefined)
  })

  test('a transaction sees what it wrote, and nobody else does before it ends', async () => {
    const store = await empty()
    const { payment } = await stored(store)
    const seen = await store.transaction(async (tx) => {
      await tx.updatePayment(payment.id, { state: 'created' })
      return tx.payment(payment.id)
    })
    assert.equal(seen?.state, 'created')
    assert.equal((await store.rows.payment(payment.id))?.state, 'created')
  })

  test('every change of a payment raises its version, and is told to listeners once it is committed', async () => {
    const store = await empty()
    const { payment } = await stored(store)
    const told: string[] = []
    const stop = store.onChange((id) => told.push(id))
    await store.transaction(async (tx) => {
      await tx.updatePayment(payment.id, { state: 'created' })
      await tx.updatePayment(payment.id, { state: 'paid' })
    })
    await assert.rejects(
      store.transaction(async (tx) => {
        await tx.updatePayment(payment.id, { state: 'failed' })
        throw new Refused()
      }),
    )
    await until('the change to be told', () => told.length > 0)
    stop()
    same(told, [payment.id])
    const now = await store.rows.payment(payment.id)
    same([now?.state, now?.version], ['paid', 2])
  })

  test('who is opening something is told to nobody', async () => {
    const store = await empty()
    const one = await stored(store)
    const other = await stored(store)
    const told: string[] = []
    const stop = store.onChange((id) => told.push(id))
    await store.transaction((tx) => tx.updatePayment(one.payment.id, { claim: 'c', claim_until: 5, updated_at: 5 }))
    await store.transaction((tx) => tx.updatePayment(other.payment.id, { state: 'created' }))
    await until('the other change to be told', () => told.includes(other.payment.id))
    stop()
    same(told, [other.payment.id])
  })

  test('two transactions that read and write one locked payment do not lose a write', async () => {
    const store = await empty()
    const { payment } = await stored(store)
    const add = () =>
      store.transaction(async (tx) => {
        const row = await tx.lockPayment(payment.id)
        await tx.updatePayment(payment.id, { refunded: (row?.refunded ?? 0) + 1 })
      })
    await Promise.all(Array.from({ length: 30 }, add))
    const now = await store.rows.payment(payment.id)
    same([now?.refunded, now?.version], [30, 30])
  })
}
