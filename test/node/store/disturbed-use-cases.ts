import assert from 'node:assert/strict'
import { bdt } from '../../../src/contract/money.ts'
import { ProblemError } from '../../../src/server/problem-error.ts'
import type { Store } from '../../../src/server/store/port.ts'
import { createKit, type Kit } from '../payments/kit.ts'

const MINUTE = 60_000

/** A fault of the database that strikes one statement. */
export interface Strike {
  /** From now on counts statements, until the chosen one. */
  arm(): void
  /** Takes the fault back. True when it had struck. */
  disarm(): boolean
}

/** What the kit does for somebody, ready to be disturbed at each of its statements. */
export interface UseCase {
  /** Until right before the use case. */
  prepare(kit: Kit): Promise<void>
  act(kit: Kit): Promise<unknown>
}

export const pay = (kit: Kit) => {
  const order = kit.gateway.orders.at(-1)
  assert.ok(order)
  kit.gateway.move(order, 'paid')
}
const token = async (kit: Kit) => (await kit.store.rows.paymentByPurchase('c1'))?.token ?? ''

export const USE_CASES: Readonly<Record<string, UseCase>> = {
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
export async function checkRows(kit: Kit): Promise<void> {
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

/**
 * Runs a use case over an empty store with a fault at one statement, then the same again, and on to the end of the purchase.
 * False when the use case has fewer statements than that.
 */
export async function disturbed(store: Store, useCase: UseCase, strike: Strike): Promise<boolean> {
  const kit = createKit(store)
  await useCase.prepare(kit)
  strike.arm()
  let failure: unknown
  try {
    await useCase.act(kit)
  } catch (error) {
    failure = error
  }
  const hasStruck = strike.disarm()
  if (failure !== undefined) {
    assert.ok(failure instanceof ProblemError, String(failure))
    assert.equal(failure.code, 'unavailable')
    assert.ok((failure.extras.retryAfter ?? 0) >= 1)
  }
  await checkRows(kit)
  if (!hasStruck) {
    assert.equal(failure, undefined)
    return false
  }
  // The same again, once the database works, works; claims of the disturbed try run out.
  await kit.clock.advance(46_000)
  const isRound = useCase.act === USE_CASES['a round of the deliverer']?.act
  if (!isRound) await useCase.act(kit)
  await checkRows(kit)
  // And the purchase ends as it should: one fulfilment.
  const last = kit.gateway.orders.findLast((order) => kit.gateway.isPayable(order))
  const opened = await kit.press('c1', { key: 'key-of-the-end' }).catch((error: unknown) => error)
  if (!(opened instanceof ProblemError)) pay(kit)
  else assert.equal(opened.code, 'already-paid', String(last?.orderId))
  await kit.pass(45_000)
  await checkRows(kit)
  assert.equal((await kit.store.rows.paymentByPurchase('c1'))?.state, 'paid')
  assert.equal(new Set(kit.handled.map(({ id }) => id)).size, 1)
  assert.ok(kit.handled.length <= 2, 'the handler is called again at most once')
  return true
}
