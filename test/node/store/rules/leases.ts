import assert from 'node:assert/strict'
import { test } from 'node:test'
import type { AttemptRow, PaymentRow, Store } from '../../../../src/server/store/port.ts'
import { deliveryRow, NOW, same, stored } from '../rows.ts'

/** Work that is due: leased to one caller at a time, and freed again. */
export function leaseRules(empty: () => Promise<Store>): void {
  test('what was written at an hour that is still to come is brought forward, and nothing else', async () => {
    const store = await empty()
    const later = NOW + 3_600_000
    const { payment, attempts } = await stored(
      store,
      { next_check_at: later, lease: 'x', lease_until: later, updated_at: NOW + 60_001 },
      { next_check_at: later, lease: 'x', lease_until: later, updated_at: NOW + 60_000 },
      { next_check_at: null, updated_at: later },
    )
    await store.transaction(async (tx) => {
      const leased = { lease: 'x', lease_until: later }
      await tx.insertDelivery(deliveryRow(payment, { next_try_at: later, created_at: NOW + 60_001, ...leased }))
      await tx.bringForward(NOW)
    })
    const now = await Promise.all(attempts.map(({ id }) => store.rows.attempt(id)))
    same(
      now.map((row) => [row?.next_check_at, row?.lease_until]),
      [
        [NOW, 0],
        [later, later],
        [null, attempts[2]?.lease_until],
      ],
    )
    const delivery = await store.rows.delivery(payment.id)
    same([delivery?.next_try_at, delivery?.created_at, delivery?.lease, delivery?.lease_until], [NOW, NOW, null, 0])
    // Not ahead by more than instances' clocks may differ: left alone, and so is what is done.
    const left = { created_at: NOW + 60_000, next_try_at: later }
    for (const kept of [left, { created_at: NOW + 60_001, next_try_at: null }]) {
      const { next_try_at, created_at } = kept
      await store.transaction((tx) => tx.updateDelivery(payment.id, { next_try_at, created_at }))
      await store.transaction((tx) => tx.bringForward(NOW))
      const row = await store.rows.delivery(payment.id)
      same([row?.next_try_at, row?.created_at], [next_try_at, created_at])
    }
  })

  test('due attempts are leased most overdue first, to one caller each', async () => {
    const store = await empty()
    const { attempts } = await stored(
      store,
      { next_check_at: NOW - 1_000 },
      { next_check_at: NOW - 3_000 },
      { next_check_at: null },
      { next_check_at: NOW + 1 },
      { next_check_at: NOW - 2_000, lease: 'other', lease_until: NOW + 1 },
      { next_check_at: NOW - 2_500, lease: 'dead', lease_until: NOW },
      { next_check_at: NOW },
    )
    const claim = (limit: number, now = NOW) =>
      store.transaction((tx) => tx.claimDueAttempts({ owner: 'me', now, until: now + 30_000, limit }))
    const numbers = (rows: readonly AttemptRow[]) => rows.map(({ number }) => number)
    same(numbers(await claim(2)), [2, 6])
    const rest = await claim(10)
    same(numbers(rest), [1, 7])
    same([rest[0]?.lease, rest[0]?.lease_until], ['me', NOW + 30_000])
    same(await claim(10), [])
    const later = await claim(10, NOW + 30_000)
    same(
      numbers(later).sort(),
      attempts.map(({ number }) => number).filter((number) => number !== 3),
    )
  })

  test('F10: leases of many callers at once are disjoint and leave nothing out', async () => {
    const store = await empty()
    await stored(store, ...Array.from({ length: 60 }, (_, i) => ({ next_check_at: NOW - i })))
    const claims = await Promise.all(
      Array.from({ length: 12 }, (_, i) =>
        store.transaction((tx) =>
          tx.claimDueAttempts({ owner: `instance-${i}`, now: NOW, until: NOW + 30_000, limit: 10 }),
        ),
      ),
    )
    const rest = await store.transaction((tx) =>
      tx.claimDueAttempts({ owner: 'last', now: NOW, until: NOW + 30_000, limit: 100 }),
    )
    const ids = [...claims.flat(), ...rest].map(({ id }) => id)
    assert.equal(ids.length, 60)
    assert.equal(new Set(ids).size, 60)
  })

  test('due deliveries are leased in the same way, and one that is done never', async () => {
    const store = await empty()
    const payments: PaymentRow[] = []
    for (const next_try_at of [NOW - 5, NOW - 9, NOW + 1, null]) {
      const { payment } = await stored(store)
      payments.push(payment)
      await store.transaction((tx) => tx.insertDelivery(deliveryRow(payment, { next_try_at })))
    }
    const [late, latest] = payments as [PaymentRow, PaymentRow]
    const claim = () =>
      store.transaction((tx) =>
        tx.claimDueDeliveries({ owner: 'me', now: NOW, until: NOW + 45_000, limit: 10, retries: 10 }),
      )
    same(
      (await claim()).map((row) => row.payment_id),
      [latest.id, late.id],
    )
    same(await claim(), [])
    await store.transaction((tx) =>
      tx.updateDelivery(late.id, { done_at: NOW, next_try_at: null, lease: null, lease_until: 0 }),
    )
    assert.equal((await store.rows.delivery(late.id))?.done_at, NOW)
    // A payment is delivered once: a second row for it is no news.
    await store.transaction((tx) => tx.insertDelivery(deliveryRow(late, { next_try_at: NOW - 100 })))
    assert.equal((await store.rows.delivery(late.id))?.done_at, NOW)
  })

  test('of the due deliveries so many that were tried before come first, and leave the other places to new ones', async () => {
    const store = await empty()
    for (let i = 0; i < 8; i++) {
      const { payment } = await stored(store)
      // The tried ones are the most overdue.
      const row = deliveryRow(payment, { tries: i < 4 ? 1 : 0, next_try_at: NOW - 100 + i })
      await store.transaction((tx) => tx.insertDelivery(row))
    }
    const claimed = async (limit: number, retries: number) => {
      const lease = { owner: 'me', now: NOW, until: NOW + 45_000, limit, retries }
      const rows = await store.transaction((tx) => tx.claimDueDeliveries(lease))
      return rows.map(({ tries, next_try_at }) => `${tries ? 'tried' : 'new'} ${(next_try_at ?? 0) - NOW + 100}`)
    }
    same(await claimed(3, 1), ['tried 0', 'new 4', 'new 5'])
    same(await claimed(1, 2), ['tried 1'])
    same(await claimed(9, 0), ['new 6', 'new 7'])
    same(await claimed(9, 9), ['tried 2', 'tried 3'])
  })

  test('the lag is how late the most overdue question is, and how many are due', async () => {
    const store = await empty()
    same(await store.rows.dueLag(NOW), { lagMs: 0, due: 0 })
    await stored(store, { next_check_at: NOW - 700 }, { next_check_at: NOW }, { next_check_at: NOW + 1 })
    same(await store.rows.dueLag(NOW), { lagMs: 700, due: 2 })
  })

  test('claims and leases of a dead process can be taken away all at once', async () => {
    const store = await empty()
    const { payment, attempts } = await stored(store, { lease: 'dead', lease_until: NOW + 99_999 })
    await store.transaction(async (tx) => {
      await tx.updatePayment(payment.id, { claim: 'dead', claim_until: NOW + 99_999 })
      await tx.insertDelivery(deliveryRow(payment, { lease: 'dead', lease_until: NOW + 99_999 }))
    })
    await store.releaseClaims()
    const now = await store.rows.payment(payment.id)
    same([now?.claim, now?.claim_until], [null, 0])
    assert.equal((await store.rows.attempt(attempts[0]?.id ?? ''))?.lease_until, 0)
    assert.equal((await store.rows.delivery(payment.id))?.lease_until, 0)
  })
}
