import assert from 'node:assert/strict'
import { describe, test } from 'node:test'
import {
  cartInCookie,
  cartQuery,
  changed,
  cookieOfCart,
  quantitiesInAddress,
  readQuantity,
  withQuantity,
} from '../../../server-example/cart.ts'
import { amountText, languageOf } from '../../../server-example/language.ts'

const SKUS = ['mug', 'tea']
const at = (query: string) => quantitiesInAddress(new URLSearchParams(query), SKUS)
const id = 'c_0123456789abcdefghijklmn'

describe("the shop's cart", () => {
  test('a quantity is read in either digits, at most 99, and from nothing else', () => {
    const table: [string, number | undefined][] = [
      ['2', 2],
      ['০', 0],
      ['১২', 12],
      [' 7 ', 7],
      ['100', 99],
      ['', undefined],
      ['-1', undefined],
      ['1.5', undefined],
      ['1e1', undefined],
      ['٣', undefined],
    ]
    for (const [text, quantity] of table) assert.equal(readQuantity(text), quantity, JSON.stringify(text))
  })

  test('the address says what is in the cart; one that names no good says nothing', () => {
    assert.deepEqual(
      at('mug=2&tea=১&gold=4'),
      new Map([
        ['mug', 2],
        ['tea', 1],
      ]),
    )
    assert.equal(at('lang=bn'), undefined)
    assert.deepEqual(at('mug=0'), new Map())
    assert.deepEqual(at('mug=x'), new Map())
  })

  test('an address written from a cart reads as that cart, the empty one too', () => {
    for (const quantities of [
      new Map([
        ['tea', 3],
        ['mug', 1],
      ]),
      new Map<string, number>(),
    ]) {
      assert.deepEqual(at(cartQuery(quantities)), quantities)
    }
  })

  test('a cookie written from a cart reads as that cart', () => {
    const cart = {
      id,
      quantities: new Map([
        ['mug', 2],
        ['tea', 99],
      ]),
    }
    assert.deepEqual(cartInCookie(cookieOfCart(cart), SKUS), cart)
  })

  test('a cookie that somebody wrote by hand cannot choose a short id, an unknown good or a silly quantity', () => {
    assert.equal(cartInCookie('c_1.mug-2', SKUS), undefined)
    assert.equal(cartInCookie('', SKUS), undefined)
    assert.deepEqual(cartInCookie(`${id}.gold-2.mug-0.tea-500.__proto__-1`, SKUS), {
      id,
      quantities: new Map([['tea', 99]]),
    })
  })

  test('the buttons beside a line add one, take one and take all, within 0 to 99', () => {
    const two = new Map([['mug', 2]])
    assert.deepEqual(changed(two, 'more', 'mug'), new Map([['mug', 3]]))
    assert.deepEqual(
      changed(two, 'more', 'tea'),
      new Map([
        ['mug', 2],
        ['tea', 1],
      ]),
    )
    assert.deepEqual(changed(two, 'less', 'mug'), new Map([['mug', 1]]))
    assert.deepEqual(changed(new Map([['mug', 1]]), 'less', 'mug'), new Map())
    assert.deepEqual(changed(two, 'drop', 'mug'), new Map())
    assert.deepEqual(changed(withQuantity(two, 'mug', 99), 'more', 'mug'), new Map([['mug', 99]]))
  })
})

describe("the shop's language", () => {
  test('amounts are grouped by lakh in the digits of the language', () => {
    const sari = { minor: 12_500_000, currency: 'BDT' }
    assert.equal(amountText(sari, 'en'), '৳1,25,000.00')
    assert.equal(amountText(sari, 'bn'), '৳১,২৫,০০০.০০')
  })

  test('the address wins over the choice kept, that over the browser, and English is the rest', () => {
    const language = (query: string, kept?: string, accept?: string) =>
      languageOf(new URLSearchParams(query), kept, accept)
    assert.equal(language('lang=bn', 'en', 'en'), 'bn')
    assert.equal(language('', 'bn', 'en'), 'bn')
    assert.equal(language('', undefined, 'bn-BD,en;q=0.5'), 'bn')
    assert.equal(language('', undefined, 'fr,bn;q=0.5'), 'bn')
    assert.equal(language('lang=xx', undefined, 'bn'), 'bn')
    assert.equal(language('', undefined, undefined), 'en')
  })
})
