import assert from 'node:assert/strict'
import { describe, test } from 'node:test'
import type {
  AttemptRow,
  DeliveryRow,
  FlagRow,
  NotificationRow,
  OperationRow,
  PaymentRow,
  Store,
} from '../../../src/server/store/port.ts'
import { until } from '../../support/until.ts'

const NOW = Date.UTC(2026, 10, 21, 12)
let made = 0
const unique = (name: string) => {
  made += 1
  return `${name}-${made}`
}

export function paymentRow(more: Partial<PaymentRow> = {}): PaymentRow {
  return {
    id: unique('payment'),
    token: unique('token'),
    purchase_id: unique('cart'),
    state: 'processing',
    amount: 125_000,
    currency: 'BDT',
    description: 'Two mugs, দুটি মগ',
    order_json: '{"cart":"c1"}',
    return_to: '/thanks',
    lang: null,
    attempt_id: null,
    reason: null,
    transaction_id: null,
    paid_at: null,
    refunded: 0,
    hold: null,
    claim: null,
    claim_until: 0,
    version: 0,
    created_at: NOW,
    updated_at: NOW,
    ...more,
  }
}

export function attemptRow(payment: PaymentRow, more: Partial<AttemptRow> = {}): AttemptRow {
  return {
    id: unique('attempt'),
    payment_id: payment.id,
    number: 1,
    gateway: 'scripted',
    reference: unique('REF'),
    amount: payment.amount,
    currency: payment.currency,
    state: 'created',
    order_id: null,
    payment_url: null,
    expires_at: null,
    reason: null,
    transaction_id: null,
    paid_at: null,
    refunded: 0,
    captured: null,
    read_at: 0,
    next_check_at: NOW,
    checks: 0,
    lease: null,
    lease_until: 0,
    last_answer: null,
    asked: null,
    release: null,
    created_at: NOW,
    updated_at: NOW,
    ...more,
  }
}

export const deliveryRow = (payment: PaymentRow, more: Partial<DeliveryRow> = {}): DeliveryRow => ({
  payment_id: payment.id,
  next_try_at: NOW,
  tries: 0,
  lease: null,
  lease_until: 0,
  last_error: null,
  created_at: NOW,
  done_at: null,
  ...more,
})

const flagRow = (payment: PaymentRow, more: Partial<FlagRow> = {}): FlagRow => ({
  id: unique('flag'),
  payment_id: payment.id,
  attempt_id: null,
  kind: 'paid-twice',
  detail: null,
  created_at: NOW,
  cleared_at: null,
  ...more,
})

const operationRow = (payment: PaymentRow, attempt: AttemptRow, more: Partial<OperationRow> = {}): OperationRow => ({
  id: unique('operation'),
  payment_id: payment.id,
  attempt_id: attempt.id,
  kind: 'refund',
  amount: 100,
  reason: null,
  state: 'started',
  detail: null,
  gateway_id: null,
  created_at: NOW,
  updated_at: NOW,
  ...more,
})

/** Writes a payment, with as many attempts as `attempts` has entries. */
export async function stored(store: Store, ...attempts: Partial<AttemptRow>[]) {
  const payment = paymentRow()
  const rows = attempts.map((more, i) => attemptRow(payment, { number: i + 1, ...more }))
  await store.transaction(async (tx) => {
    assert.equal(await tx.insertPayment(payment), true)
    for (const row of rows) await tx.insertAttempt(row)
  })
  return { payment, attempts: rows }
}

class Refused extends Error {}

/** Rows of a database have no prototype: only what they hold counts. */
const plain = (value: unknown): unknown => JSON.parse(JSON.stringify(value ?? null))
const same = (actual: unknown, expected: unknown) => assert.deepEqual(plain(actual), plain(expected))

/**
 * What every store promises.
 * @param empty an empty store of the kind under test
 */
export function storeSuite(name: string, empty: () => Promise<Store>): void {
  describe(`the store's promises, ${name}`, () => {
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

    test('what was written at an hour that is still to come is brought forward, and nothing else', async () => {
      const store = await empty()
      const later = NOW + 3_600_000
      const { payment, attempts } = await stored(
        store,
        { next_check_at: later, lease: 'x', lease_until: later, updated_at: later },
        { next_check_at: later, lease: 'x', lease_until: later, updated_at: NOW },
        { next_check_at: null, updated_at: later },
      )
      await store.transaction(async (tx) => {
        await tx.insertDelivery(deliveryRow(payment, { next_try_at: later, created_at: later }))
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
      same((await store.rows.delivery(payment.id))?.next_try_at, NOW)
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
        store.transaction((tx) => tx.claimDueDeliveries({ owner: 'me', now: NOW, until: NOW + 45_000, limit: 10 }))
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

    test('text is text: quotes, NUL-free Unicode and SQL come back as they went in', async () => {
      const store = await empty()
      const row = paymentRow({ purchase_id: `'; drop table payments; -- ${unique('x')} 👩‍👩‍👧 ক্ষ \u202e` })
      await store.transaction((tx) => tx.insertPayment(row))
      same(await store.rows.paymentByPurchase(row.purchase_id), row)
    })

    test('it answers when it is asked whether it is there', async () => {
      await (await empty()).ping()
    })
  })
}
