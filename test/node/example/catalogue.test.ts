import assert from 'node:assert/strict'
import { describe, test } from 'node:test'
import { findGood, priceOrder } from '../../../server-example/catalogue.ts'
import { GOODS } from '../../../server-example/goods.ts'

class Refused extends Error {}
const price = (order: unknown) => priceOrder(order, (why) => new Refused(why))
const cart = (...items: unknown[]) => ({ cart: 'c_81', items })

describe('catalogue of the example shop', () => {
  test('the mug costs ৳625.00 and the sari ৳1,25,000.00', () => {
    assert.equal(findGood('mug')?.poisha, 62_500)
    assert.equal(findGood('jamdani')?.poisha, 12_500_000)
  })

  test('every good has a sku of its own, a price in whole poisha and words in both languages', () => {
    assert.equal(new Set(GOODS.map(({ sku }) => sku)).size, GOODS.length)
    for (const { sku, poisha, name, note } of GOODS) {
      assert.match(sku, /^[a-z]+$/)
      assert.ok(Number.isSafeInteger(poisha) && poisha > 0)
      for (const words of [name, note]) {
        assert.match(words.en, /^[\x20-\x7e×]+$/)
        assert.match(words.bn, /[\u0980-\u09ff]/)
      }
    }
  })

  test('an order is priced from the catalogue, and the cart is the purchase', () => {
    assert.deepEqual(price(cart({ sku: 'mug', quantity: 2 }, { sku: 'tea', quantity: 1 })), {
      purchaseId: 'c_81',
      amount: { minor: 163_500, currency: 'BDT' },
      description: '2 × Terracotta mug, 1 × Sylhet black tea',
    })
  })

  test('the description is in the language of the buyer, digits too, and nothing else changes by it', () => {
    const order = cart({ sku: 'mug', quantity: 2 }, { sku: 'tea', quantity: 1 })
    const inBangla = priceOrder(order, (why) => new Refused(why), 'bn')
    assert.deepEqual(inBangla, { ...price(order), description: '২ × পোড়ামাটির মগ, ১ × সিলেটের চা-পাতা' })
  })

  test('the same sku on several lines adds up', () => {
    assert.equal(price(cart({ sku: 'mug', quantity: 99 }, { sku: 'mug', quantity: 1 })).amount.minor, 6_250_000)
  })

  test('F14: members that are not ours change nothing', () => {
    const order = {
      ...cart({ sku: 'mug', quantity: 1, price: 1, poisha: 1 }),
      amount: '0.01',
      paid: true,
      currency: 'USD',
    }
    assert.deepEqual(price(order).amount, { minor: 62_500, currency: 'BDT' })
  })

  test('quantities of 1 and 99 are sold', () => {
    assert.equal(price(cart({ sku: 'mug', quantity: 1 })).amount.minor, 62_500)
    assert.equal(price(cart({ sku: 'mug', quantity: 99 })).amount.minor, 6_187_500)
  })

  const mug = { sku: 'mug', quantity: 1 }
  const refused: [what: string, order: unknown][] = [
    ['no order', undefined],
    ['null', null],
    ['text', 'mug'],
    ['a list', [mug]],
    ['no cart', { items: [mug] }],
    ['an empty cart id', { cart: '', items: [mug] }],
    ['a cart id of 65 characters', { cart: 'c'.repeat(65), items: [mug] }],
    ['a cart id with a slash', { cart: 'c/1', items: [mug] }],
    ['a cart id with a line break', { cart: 'c_1\n', items: [mug] }],
    ['a cart id that is a number', { cart: 81, items: [mug] }],
    ['no items', { cart: 'c_1' }],
    ['no lines', cart()],
    ['items as text', { cart: 'c_1', items: JSON.stringify([mug]) }],
    ['an unknown sku', cart({ sku: 'gold', quantity: 1 })],
    ['a sku of the object prototype', cart({ sku: 'constructor', quantity: 1 })],
    ['a sku in capitals', cart({ sku: 'MUG', quantity: 1 })],
    ['one unknown among known', cart(mug, { sku: 'gold', quantity: 1 })],
    ['a line that is text', cart('mug')],
    ['no quantity', cart({ sku: 'mug' })],
    ...[0, -1, 100, 1.5, Number.NaN, Number.POSITIVE_INFINITY, 1e21, '2', '২', null, true, [1]].map(
      (quantity): [string, unknown] => [
        `a quantity of ${JSON.stringify(quantity) ?? quantity} (${typeof quantity})`,
        cart({ sku: 'mug', quantity }),
      ],
    ),
  ]
  for (const [what, order] of refused) {
    test(`refuses ${what}`, () => assert.throws(() => price(order), Refused))
  }

  test('a cart id of 64 characters is taken', () => {
    assert.equal(price({ cart: 'C-'.repeat(32), items: [mug] }).purchaseId, 'C-'.repeat(32))
  })
})
