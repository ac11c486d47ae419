import assert from 'node:assert/strict'
import { describe, test } from 'node:test'
import { bdt } from '../../../../src/contract/money.ts'
import type { Deps, Price } from '../../../../src/server/payments/deps.ts'
import { createDesk } from '../desk.ts'
import { QUOTE } from '../press-input.ts'
import { press, problemOf, standing } from './press.ts'

const SECOND = 1_000

const opening = { state: 'opening', order_id: null, payment_url: null, expires_at: null } as const

describe('a press while somebody else is opening', () => {
  test('looks again at first soon, then less often, and after a good second says so', async () => {
    const desk = createDesk()
    await desk.payment({ claim: 'a1', claim_until: desk.openedAt + 10 * SECOND })
    await desk.attempt(opening)
    const looks: number[] = []
    const reached = () => void looks.push(desk.clock.now() - desk.openedAt)
    assert.deepEqual(await problemOf(desk, { deps: { reached } }), ['in-progress', { retryAfter: 1 }])
    assert.deepEqual(looks, [0, 50, 100, 200, 400, 650, 900])
    assert.equal(desk.clock.now() - desk.openedAt, 1_150)
  })

  /** A purchase that somebody else opens, and whose price somebody else changes `times` while this press waits. */
  async function contested(times: number, price: Price) {
    const desk = createDesk()
    await desk.payment({ claim: 'a1', claim_until: desk.openedAt + 10 * SECOND })
    let looks = 0
    let changes = 0
    const transaction: Deps['store']['transaction'] = (work) =>
      desk.store.transaction(async (rows) => {
        looks += 1
        if (looks % 2 === 0 && changes < times) {
          changes += 1
          await rows.updatePayment('p1', { amount: 1_000 + looks })
        }
        return work(rows)
      })
    const told = await problemOf(desk, { deps: { store: { ...desk.store, transaction }, price } })
    return { told, took: desk.clock.now() - desk.openedAt }
  }

  test('F13: asks the shop again for each price that somebody else was told, three times', async () => {
    for (const times of [0, 1, 2, 3, 4]) {
      let prices = 0
      const { told, took } = await contested(times, () => {
        prices += 1
        return QUOTE
      })
      assert.deepEqual(told, ['in-progress', { retryAfter: 1 }])
      assert.equal(prices, 1 + Math.min(times, 3), `${times} changes`)
      // With the fourth it is the other request's to settle, at once.
      assert.equal(took, times < 4 ? 1_150 : 400)
    }
  })

  test('F13: the first look takes the shop’s new price as it is', async () => {
    let prices = 0
    const price = () => {
      prices += 1
      return { ...QUOTE, amount: bdt('999.00') }
    }
    const desk = await standing()
    assert.equal((await press(desk, { deps: { price } })).opened?.created, true)
    assert.equal(prices, 1)
  })

  test('F13: a price other than the shown one ends it', async () => {
    const desk = await standing()
    const [code, extras] = await problemOf(desk, { input: { shown: bdt('1.00') } })
    assert.deepEqual([code, extras], ['price-changed', { amount: '1250.00', currency: 'BDT' }])
  })
})
