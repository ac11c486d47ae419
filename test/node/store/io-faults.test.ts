import assert from 'node:assert/strict'
import { after, describe, test } from 'node:test'
import { sql } from 'kysely'
import { ProblemError } from '../../../src/server/problem-error.ts'
import { openStore } from '../../../src/server/store/open-store.ts'
import { createKit } from '../payments/kit.ts'
import { disturbed, pay, USE_CASES, type UseCase } from './disturbed-use-cases.ts'
import { FAULTS, type FaultName, failingStatements } from './failing-statements.ts'

const MINUTE = 60_000
const FAULT_NAMES = Object.keys(FAULTS) as FaultName[]
const statements = failingStatements()
after(() => statements.restore())

/** Runs a use case with a fault at its `nth` statement. False when it has fewer statements than that. */
async function struck(useCase: UseCase, nth: number, fault: FaultName, when: 'before' | 'after'): Promise<boolean> {
  const store = await openStore('file::memory:')
  try {
    return await disturbed(store, useCase, {
      arm: () => statements.arm(nth, fault, when),
      disarm: () => statements.disarm(),
    })
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
      test(`F11: ${fault} at every statement of ${name}, one after the other: nothing half-written, a repeat works (OWASP ASVS 5.0, 2.3.3)`, async () => {
        for (const when of ['before', 'after'] as const) {
          let nth = 1
          while (await struck(useCase, nth, fault, when)) nth += 1
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
