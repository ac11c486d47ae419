import assert from 'node:assert/strict'
import { describe, test } from 'node:test'
import { fingerprintOf } from '../../../../src/server/payments/ids.ts'
import type { Rows } from '../../../../src/server/store/port.ts'
import { createDesk, type Desk } from '../desk.ts'
import { INPUT } from '../press-input.ts'
import { CHEAPER, decide, problem } from './claim.ts'

describe('keys', () => {
  const used = async (desk: Desk, fingerprint = fingerprintOf('c1', INPUT.order)) => {
    await desk.payment()
    await desk.attempt()
    const row = { key: 'key-1', fingerprint, payment_id: 'p1', created_at: 0 }
    await desk.store.transaction((rows) => rows.insertKey(row))
  }

  test('F6: the same key again is given the live attempt, and its age', async () => {
    const desk = createDesk()
    await used(desk)
    const ageOf = async (key: string | null) => {
      const decision = await decide(desk, { input: { key } })
      assert.ok(decision.kind === 'resume')
      return decision.keyAgeMs
    }
    assert.equal(await ageOf('key-1'), desk.clock.now())
    assert.equal(await ageOf('key-2'), 0)
    assert.equal(await ageOf('key-2'), 0)
    await desk.clock.advance(250)
    assert.equal(await ageOf('key-2'), 250)
    assert.equal(await ageOf(null), 0)
  })

  test('F7: a key of another order is refused before anything is noted', async () => {
    const desk = createDesk()
    await used(desk, 'of another order')
    assert.equal((await problem(desk, { input: { key: 'key-1' }, quote: CHEAPER })).code, 'key-reused')
    assert.equal(desk.store.tables.payments.get('p1')?.amount, 125_000)
  })

  test('F7: a new key that somebody else writes in the same moment stands for what was written first', async () => {
    for (const fingerprint of [fingerprintOf('c1', INPUT.order), 'of another order', undefined]) {
      const desk = createDesk()
      const row = fingerprint && { key: 'key-1', fingerprint, payment_id: 'p1', created_at: 0 }
      let looks = 0
      const beaten = (rows: Rows): Rows => ({
        ...rows,
        key: async () => (looks++ === 0 ? undefined : row || undefined),
        insertKey: async () => false,
      })
      const decision = await decide(desk, { input: { key: 'key-1' }, rows: beaten }).catch((error) => error)
      if (fingerprint === fingerprintOf('c1', INPUT.order)) assert.equal(decision.kind, 'open')
      else assert.equal(decision.code, 'key-reused')
    }
  })
})
