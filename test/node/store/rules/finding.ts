import assert from 'node:assert/strict'
import { test } from 'node:test'
import type { Store } from '../../../../src/server/store/port.ts'
import { attemptRow, NOW, paymentRow, same, stored, unique } from '../rows.ts'

/** How payments and attempts are written, and found again. */
export function findingRules(empty: () => Promise<Store>): void {
  test('a payment is found by id, token and purchase, exactly as it was written', async () => {
    const store = await empty()
    const row = paymentRow({ lang: 'bn', amount: 999_999_999_999_999, paid_at: NOW, hold: 'unknown-outcome' })
    await store.transaction((tx) => tx.insertPayment(row))
    same(await store.rows.payment(row.id), row)
    same(await store.rows.paymentByToken(row.token), row)
    same(await store.rows.paymentByPurchase(row.purchase_id), row)
    same(await store.transaction((tx) => tx.lockPayment(row.id)), row)
    for (const other of ['', 'nobody', row.id.toUpperCase(), `${row.token} `]) {
      assert.equal(await store.rows.payment(other), undefined)
      assert.equal(await store.rows.paymentByToken(other), undefined)
      assert.equal(await store.rows.paymentByPurchase(other), undefined)
    }
  })

  test('nothing is found by what no row can hold', async () => {
    const store = await empty()
    await stored(store)
    for (const other of [
      'a\0b',
      '\0',
      '\ud800',
      undefined,
      null,
      1.5,
      Number.NaN,
      {},
      [],
      true,
    ] as readonly unknown[]) {
      const text = other as string
      assert.equal(await store.rows.paymentByToken(text), undefined)
      assert.equal(await store.rows.paymentByPurchase(text), undefined)
      assert.equal(await store.rows.attemptByReference(text), undefined)
      assert.equal(await store.rows.attemptNotifiedAs('scripted', text), undefined)
      assert.equal(await store.transaction((tx) => tx.clearFlag(text, NOW)), false)
    }
  })

  test('an attempt is found by id and by reference, and those of a payment come oldest first', async () => {
    const store = await empty()
    const { payment, attempts } = await stored(store, { number: 3 }, { number: 1 }, { number: 2 })
    same(
      (await store.rows.attempts(payment.id)).map(({ number }) => number),
      [1, 2, 3],
    )
    const [first] = attempts
    same(await store.rows.attempt(first?.id ?? ''), first)
    same(await store.rows.attemptByReference(first?.reference ?? ''), first)
    assert.equal(await store.rows.attemptByReference('nobody'), undefined)
    same(await store.rows.attempts('nobody'), [])
  })

  test('an attempt is found by what its gateway’s notifications call its order, and not by another gateway’s', async () => {
    const store = await empty()
    const name = unique('ord')
    const { attempts } = await stored(
      store,
      { number: 1, gateway: 'one', notified_as: name },
      { number: 2, gateway: 'two', notified_as: name },
      { number: 3, gateway: 'one', order_id: unique('other') },
    )
    for (const [gateway, attempt] of [
      ['one', attempts[0]],
      ['two', attempts[1]],
      ['three', undefined],
    ] as const) {
      same(await store.rows.attemptNotifiedAs(gateway, name), attempt)
      same(await store.transaction((tx) => tx.attemptNotifiedAs(gateway, name)), attempt)
    }
    assert.equal(await store.rows.attemptNotifiedAs('one', 'nobody'), undefined)
  })

  test('a purchase has one payment: the second insert says so and changes nothing', async () => {
    const store = await empty()
    const { payment } = await stored(store)
    const second = paymentRow({ purchase_id: payment.purchase_id })
    assert.equal(await store.transaction((tx) => tx.insertPayment(second)), false)
    same(await store.rows.paymentByPurchase(payment.purchase_id), payment)
    assert.equal(await store.rows.payment(second.id), undefined)
  })

  test('of fifty inserts of one purchase at once, one is the first', async () => {
    const store = await empty()
    const purchase_id = unique('cart')
    const results = await Promise.all(
      Array.from({ length: 50 }, () => store.transaction((tx) => tx.insertPayment(paymentRow({ purchase_id })))),
    )
    assert.equal(results.filter(Boolean).length, 1)
  })

  test('references and numbers of attempts are unique, and an attempt without a payment is refused', async () => {
    const store = await empty()
    const { payment, attempts } = await stored(store, {})
    const clashes = [
      attemptRow(payment, { number: 2, reference: attempts[0]?.reference ?? '' }),
      attemptRow(payment, { number: 1 }),
      attemptRow(paymentRow(), { number: 1 }),
    ]
    for (const row of clashes) {
      await assert.rejects(store.transaction((tx) => tx.insertAttempt(row)))
      assert.equal(await store.rows.attempt(row.id), undefined)
    }
  })

  test('text is text: quotes, NUL-free Unicode and SQL come back as they went in', async () => {
    const store = await empty()
    const row = paymentRow({ purchase_id: `'; drop table payments; -- ${unique('x')} 👩‍👩‍👧 ক্ষ \u202e` })
    await store.transaction((tx) => tx.insertPayment(row))
    same(await store.rows.paymentByPurchase(row.purchase_id), row)
  })
}
