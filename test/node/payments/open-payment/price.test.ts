import assert from 'node:assert/strict'
import { describe, test } from 'node:test'
import { bdt, money } from '../../../../src/contract/money.ts'
import { OrderRefused, type Price } from '../../../../src/server/payments/deps.ts'
import { ProblemError } from '../../../../src/server/problem-error.ts'
import { createDesk } from '../desk.ts'
import { INPUT, QUOTE } from '../press-input.ts'
import { press, problemOf, standing } from './press.ts'

const SECOND = 1_000
const MINUTE = 60 * SECOND

describe('the price of the shop', () => {
  const priced = (price: Price) => press(createDesk(), { deps: { price } })

  test('that takes longer than 4 s is not waited for', async () => {
    const desk = createDesk()
    const late = (ms: number): Price => {
      return () => new Promise((resolve) => desk.clock.after(ms, () => resolve(QUOTE)))
    }
    assert.equal((await press(desk, { deps: { price: late(4 * SECOND - 1) } })).opened?.created, true)
    const startedAt = desk.clock.now()
    const told = await problemOf(desk, { deps: { price: late(MINUTE) } })
    assert.deepEqual(told, ['unavailable', { retryAfter: 2 }])
    assert.equal(desk.clock.now() - startedAt, 4 * SECOND)
  })

  test('that is no price at all is a mistake of the shop, and not a slow answer', async () => {
    for (const nothing of [undefined, null, 0, '']) {
      const { problem } = await priced(async () => nothing as unknown as typeof QUOTE)
      assert.ok(problem instanceof TypeError, String(problem))
    }
  })

  test('is asked with the order and the request', async () => {
    const seen: unknown[] = []
    await priced((...asked) => {
      seen.push(...asked)
      return QUOTE
    })
    assert.deepEqual(seen, [INPUT.order, { request: INPUT.request }])
  })

  test('is refused where the shop does not sell, with the shop’s words and fault', async () => {
    const fault = new OrderRefused('Sold out')
    const { problem } = await priced(() => {
      throw fault
    })
    assert.ok(problem instanceof ProblemError && problem.code === 'order-refused')
    assert.deepEqual([problem.message, problem.cause, problem.extras], ['Sold out', fault, {}])
  })

  test('F7: for an order that is not sold, under the key of another one, is key-reused', async () => {
    const desk = await standing()
    await press(desk, { input: { key: 'key-1' } })
    const price = () => Promise.reject(new OrderRefused())
    const reused = await problemOf(desk, { input: { key: 'key-1', order: { cart: 7 } }, deps: { price } })
    assert.equal(reused[0], 'key-reused')
  })

  test('that fails by a fault of the shop passes the fault on', async () => {
    const fault = new Error('the database is down')
    const { problem } = await priced(() => Promise.reject(fault))
    assert.equal(problem, fault)
  })

  const wrong: readonly (readonly [string, object])[] = [
    ['without an id', { purchaseId: '' }],
    ['with an id that is no text', { purchaseId: 7 }],
    ['with an id of 201 characters', { purchaseId: 'x'.repeat(201) }],
    ['of nothing', { amount: { minor: 0, currency: 'BDT' } }],
    ['below nothing', { amount: { minor: -1, currency: 'BDT' } }],
    ['of half a poisha', { amount: { minor: 0.5, currency: 'BDT' } }],
    ['beyond whole numbers', { amount: { minor: 2 ** 53, currency: 'BDT' } }],
    ['in text', { amount: { minor: '1', currency: 'BDT' } }],
    ['left out', { amount: undefined }],
    ['in no currency', { amount: { minor: 1, currency: 'taka' } }],
    ['in four letters', { amount: { minor: 1, currency: 'BDTX' } }],
    ['in a currency after something', { amount: { minor: 1, currency: 'XBDT' } }],
  ]
  for (const [what, changes] of wrong) {
    test(`H1: a quote ${what} opens nothing`, async () => {
      const { problem } = await priced(() => ({ ...QUOTE, ...changes }))
      assert.ok(problem instanceof TypeError, String(problem))
    })
  }

  test('H1: a quote in a currency that the gateway does not take opens nothing, and names the one that it takes', async () => {
    const desk = createDesk()
    const price: Price = () => ({ ...QUOTE, amount: money('12.50', 'USD') })
    const gateway = { ...desk.deps.gateway, currency: 'BDT' }
    const { problem } = await press(desk, { deps: { price, gateway } })
    assert.ok(problem instanceof TypeError && /BDT/.test(problem.message), String(problem))
    assert.equal((await press(desk, { deps: { gateway } })).opened?.created, true)
  })

  test('an id of 200 characters and a price of one poisha are taken', async () => {
    const quote = { ...QUOTE, purchaseId: 'x'.repeat(200), amount: bdt('0.01') }
    assert.equal((await priced(() => quote)).opened?.created, true)
  })
})
