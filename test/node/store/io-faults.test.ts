import assert from 'node:assert/strict'
import { after, describe, test } from 'node:test'
import { sql } from 'kysely'
import { bdt } from '../../../src/contract/money.ts'
import { ProblemError } from '../../../src/server/problem-error.ts'
import { openStore } from '../../../src/server/store/open-store.ts'
import { createKit, type Kit } from '../payments/kit.ts'
import { FAULTS, type FaultName, failingStatements } from './failing-statements.ts'

const MINUTE = 60_000
const FAULT_NAMES = Object.keys(FAULTS) as FaultName[]
const statements = failingStatements()
after(() => statements.restore())

/** What the kit does for somebody, ready to be disturbed at each of its statements. */
interface UseCase {
  /** Until right before the use case. */
  prepare(kit: Kit): Promise<void>
  act(kit: Kit): Promise<unknown>
}

const pay = (kit: Kit) => {
  const order = kit.gateway.orders.at(-1)
  assert.ok(order)
  kit.gateway.move(order, 'paid')
}
const token = async (kit: Kit) => (await kit.store.rows.paymentByPurchase('c1'))?.token ?? ''

const USE_CASES: Readonly<Record<string, UseCase>> = {
  'opening a new purchase': {
    prepare: async () => {},
    act: (kit) => kit.press('c1'),
  },
  'resuming with the same key': {
    prepare: async (kit) => void (await kit.press('c1')),
    act: (kit) => kit.press('c1'),
  },
  'opening after expiry': {
    async prepare(kit) {
      await kit.press('c1')
      await kit.clock.advance(16 * MINUTE)
    },
    act: (kit) => kit.press('c1', { key: 'key-of-later' }),
  },
  'opening at a new price': {
    async prepare(kit) {
      await kit.press('c1')
      kit.prices.set('c1', bdt('2000.00'))
    },
    act: (kit) => kit.press('c1', { key: 'key-of-later' }),
  },
  'coming back after paying': {
    async prepare(kit) {
      await kit.press('c1')
      pay(kit)
    },
    act: async (kit) => kit.run(kit.service.returned(await token(kit), { ask: true })),
  },
  'asking for the status after paying': {
    async prepare(kit) {
      await kit.press('c1')
      pay(kit)
      await kit.clock.advance(5_000)
    },
    act: async (kit) => kit.run(kit.service.status(await token(kit))),
  },
  'a round of the reconciler': {
    async prepare(kit) {
      await kit.press('c1')
      pay(kit)
      await kit.clock.advance(10_000)
    },
    act: (kit) => kit.reconcile(),
  },
  'a round of the deliverer': {
    async prepare(kit) {
      await kit.press('c1')
      pay(kit)
      await kit.run(kit.service.returned(await token(kit), { ask: true }))
    },
    act: (kit) => kit.deliver(),
  },
}

/** Everything that must be true of the rows at any moment, fault or not. */
async function checkRows(kit: Kit): Promise<void> {
  const payment = await kit.store.rows.paymentByPurchase('c1')
  if (!payment) return
  const attempts = await kit.store.rows.attempts(payment.id)
  const events = (await kit.store.rows.auditTrail(payment.id)).map(({ event }) => event)
  assert.ok(attempts.length > 0, 'a payment was written without its attempt')
  assert.equal(events.filter((event) => event === 'attempt-written').length, attempts.length)
  for (const attempt of attempts) {
    const ledger = kit.gateway.orders.find(({ reference }) => reference === attempt.reference)
    if (attempt.order_id !== null) assert.equal(attempt.order_id, ledger?.orderId)
    if (attempt.payment_url !== null) assert.equal(attempt.payment_url, ledger?.paymentUrl)
    if (attempt.state === 'opening') assert.equal(attempt.payment_url, null)
    assert.equal(attempt.paid_at !== null, attempt.state === 'paid')
  }
  const paid = attempts.some(({ state }) => state === 'paid')
  assert.equal(payment.state === 'paid', paid, 'a payment and its attempt disagree')
  assert.equal((await kit.store.rows.delivery(payment.id)) !== undefined, paid, 'paid and its delivery are one')
  for (const order of kit.gateway.orders) {
    assert.ok(await kit.store.rows.attemptByReference(order.reference), 'an order exists that no row knows')
  }
}

/** Runs a use case with a fault at its `nth` statement. False when it has fewer statements than that. */
async function disturbed(useCase: UseCase, nth: number, fault: FaultName, when: 'before' | 'after'): Promise<boolean> {
  const store = await openStore('file::memory:')
  try {
    const kit = createKit(store)
    await useCase.prepare(kit)
    statements.arm(nth, fault, when)
    let failure: unknown
    try {
      await useCase.act(kit)
    } catch (error) {
      failure = error
    }
    const hasStruck = statements.disarm()
    if (failure !== undefined) {
      assert.ok(failure instanceof ProblemError, String(failure))
      assert.equal(failure.code, 'unavailable')
    }
    await checkRows(kit)
    if (!hasStruck) {
      assert.equal(failure, undefined)
      return false
    }
    // The same again, once the disk has room, works; claims of the disturbed try run out.
    await kit.clock.advance(46_000)
    const isRound = useCase.act === USE_CASES['a round of the deliverer']?.act
    if (!isRound) await useCase.act(kit)
    await checkRows(kit)
    // And the purchase ends as it should: one fulfilment.
    const last = kit.gateway.orders.findLast((order) => kit.gateway.isPayable(order))
    const opened = await kit.press('c1', { key: 'key-of-the-end' }).catch((error: unknown) => error)
    if (!(opened instanceof ProblemError)) pay(kit)
    else assert.equal(opened.code, 'already-paid', String(last?.orderId))
    await kit.pass(2 * MINUTE)
    await checkRows(kit)
    assert.equal((await kit.store.rows.paymentByPurchase('c1'))?.state, 'paid')
    assert.equal(new Set(kit.handled.map(({ id }) => id)).size, 1)
    assert.ok(kit.handled.length <= 2, 'the handler is called again at most once')
    return true
  } finally {
    statements.disarm()
    await store.close()
  }
}

describe('a database that fails at one statement', () => {
  for (const [name, useCase] of Object.entries(USE_CASES)) {
    // Every kind where a fault may cost most; one kind elsewhere, for they take the same way through the store.
    const faults: readonly FaultName[] = name.startsWith('opening a new') ? FAULT_NAMES : ['disk full']
    for (const fault of faults) {
      test(`F11: ${fault} at every statement of ${name}, one after the other: nothing half-written, a repeat works`, async () => {
        for (const when of ['before', 'after'] as const) {
          let nth = 1
          while (await disturbed(useCase, nth, fault, when)) nth += 1
          assert.ok(nth > 3, `only ${nth - 1} statements were tried`)
          assert.ok(nth < 100)
        }
      })
    }
  }
})

describe('a database that really has no room, or takes no writes', () => {
  test('F11: a full disk answers `unavailable`, changes nothing, and is fine again with room', async () => {
    const store = await openStore('file::memory:')
    const kit = createKit(store)
    const { reply } = await kit.press('c1')
    const used = await sql<{ page_count: number }>`pragma page_count`.execute(store.db)
    await sql.raw(`pragma max_page_count = ${used.rows[0]?.page_count}`).execute(store.db)
    let refused = 0
    for (let i = 0; i < 200 && refused === 0; i++) {
      await kit.press(`filler-${i}`, { order: { cart: `filler-${i}`, note: 'x'.repeat(2_000) } }).catch((error) => {
        assert.ok(error instanceof ProblemError && error.code === 'unavailable', String(error))
        refused += 1
      })
    }
    assert.equal(refused, 1)
    await sql.raw('pragma max_page_count = 100000').execute(store.db)
    assert.equal((await kit.press('c1')).reply.paymentUrl, reply.paymentUrl)
    for (const order of kit.gateway.orders) assert.ok(await store.rows.attemptByReference(order.reference))
    await store.close()
  })

  test('F11: a database that became read-only answers what is known, opens nothing, and loses no paid order', async () => {
    const store = await openStore('file::memory:')
    const kit = createKit(store)
    const { reply } = await kit.press('c1')
    pay(kit)
    await sql.raw('pragma query_only = 1').execute(store.db)
    await assert.rejects(kit.press('c2'), (error) => error instanceof ProblemError && error.code === 'unavailable')
    assert.equal(kit.gateway.orders.length, 1)
    await kit.clock.advance(10_000)
    assert.equal((await kit.status(reply.token)).state, 'created')
    await sql.raw('pragma query_only = 0').execute(store.db)
    await kit.pass(MINUTE)
    assert.equal((await kit.status(reply.token)).state, 'paid')
    assert.equal(kit.handled.length, 1)
    await store.close()
  })
})
