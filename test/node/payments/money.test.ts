import assert from 'node:assert/strict'
import { describe, test } from 'node:test'
import fc from 'fast-check'
import { bdt, currencyDigits, money, moneyText, parseMoney, sameMoney } from '../../../src/contract/money.ts'

/** Runs of the properties; a long run sets `MONEY_RUNS=1000000`. */
const RUNS = Number(process.env['MONEY_RUNS'] ?? 20_000)

const currencies = fc.constantFrom('BDT', 'USD', 'JPY', 'KWD', 'CLF')
const amounts = fc.record({ minor: fc.nat(999_999_999_999_999), currency: currencies }, { noNullPrototype: true })

/** Decimal text as the grammar has it, made by other means than the parser's: digit by digit. */
const decimals = fc
  .tuple(
    currencies,
    fc.oneof(fc.constant('0'), fc.stringMatching(/^[1-9][0-9]{0,12}$/)),
    fc.option(fc.stringMatching(/^[0-9]{1,5}$/), { nil: undefined }),
  )
  .map(([currency, whole, fraction]) => ({ currency, text: fraction === undefined ? whole : `${whole}.${fraction}` }))

describe('the grammar of money', () => {
  test('H1: what is written is read back, to the last minor unit', () => {
    fc.assert(
      fc.property(amounts, (amount) => {
        const text = moneyText(amount)
        assert.deepEqual(parseMoney(text, amount.currency), amount)
        assert.match(text, /^(?:0|[1-9][0-9]*)(?:\.[0-9]+)?$/)
        assert.equal(text.split('.')[1]?.length ?? 0, currencyDigits(amount.currency))
      }),
      { numRuns: RUNS },
    )
  })

  test('H1: decimal text has the value that whole-number arithmetic gives it, or is refused for its length', () => {
    fc.assert(
      fc.property(decimals, ({ currency, text }) => {
        const [whole = '', fraction = ''] = text.split('.')
        const digits = currencyDigits(currency)
        const read = parseMoney(text, currency)
        const fits = fraction.length <= digits && whole.length + digits <= 15
        assert.equal(read !== undefined, fits, `${text} ${currency}`)
        if (!read) return
        const exact = BigInt(whole) * 10n ** BigInt(digits) + BigInt(fraction.padEnd(digits, '0') || '0')
        assert.equal(BigInt(read.minor), exact)
        assert.ok(Number.isSafeInteger(read.minor))
      }),
      { numRuns: RUNS },
    )
  })

  test('H1: text that the grammar does not make is refused', () => {
    fc.assert(
      fc.property(
        fc.oneof(fc.string(), fc.string({ unit: fc.constantFrom(...'0123456789.,eE+-x \u09e6') })),
        (text) => {
          const read = parseMoney(text, 'BDT')
          assert.equal(read !== undefined, /^(?:0|[1-9][0-9]{0,12})(?:\.[0-9]{1,2})?$/.test(text), JSON.stringify(text))
        },
      ),
      { numRuns: RUNS },
    )
  })

  const refused: readonly unknown[] = [
    '', ' ', '.', '1.', '.5', '01', '00', '-1', '-0', '+1', '1e3', '1E3', '0x10', '0b1', '1,000', '1_000', ' 1', '1 ', '1\n',
    '1.000', '1.234', 'NaN', 'Infinity', '১০০', '１００', '1..2', '1.2.3', '৳100', '100 BDT', '1000000000000000.00',
    '9'.repeat(400), null, undefined, true, false, 0, 1, 12.5, -0, Number.NaN, [5], ['5'], {}, 5n, Symbol('5'),
    { toString: () => '5' }, new String('5'),
  ] // biome-ignore format: a table
  for (const value of refused) {
    test(`H1: ${typeof value === 'string' ? JSON.stringify(value.slice(0, 24)) : `${typeof value} ${Object.prototype.toString.call(value)}`} is no amount`, () => {
      assert.equal(parseMoney(value, 'BDT'), undefined)
    })
  }

  const read: readonly (readonly [string, string, number])[] = [
    ['0', 'BDT', 0],
    ['0.01', 'BDT', 1],
    ['8.20', 'BDT', 820],
    ['19.99', 'BDT', 1_999],
    ['37.8', 'BDT', 3_780],
    ['1.00', 'BDT', 100],
    ['100.2', 'BDT', 10_020],
    ['9999999999999.99', 'BDT', 999_999_999_999_999],
    ['1250', 'JPY', 1_250],
    ['1.234', 'KWD', 1_234],
    ['0.1', 'UYW', 1_000],
  ]
  for (const [text, currency, minor] of read) {
    test(`H1: ${text} ${currency} is ${minor} minor units`, () => {
      assert.deepEqual(parseMoney(text, currency), { minor, currency })
    })
  }

  test('a currency is three capital letters, and inherited members are none', () => {
    for (const currency of ['', 'bdt', 'BD', 'BDTX', 'B1T', 'BDT ', '__proto__', 'constructor']) {
      assert.equal(parseMoney('1', currency), undefined)
    }
    assert.equal(currencyDigits('constructor'), 2)
  })

  test('every currency has the digits of ISO 4217', () => {
    const digits: Readonly<Record<number, string>> = {
      0: 'BIF CLP DJF GNF ISK JPY KMF KRW PYG RWF UGX UYI VND VUV XAF XOF XPF',
      2: 'BDT USD EUR GBP INR PKR LKR NPR AED SAR CNY THB',
      3: 'BHD IQD JOD KWD LYD OMR TND',
      4: 'CLF UYW',
    }
    for (const [count, currencies] of Object.entries(digits)) {
      for (const currency of currencies.split(' ')) assert.equal(currencyDigits(currency), Number(count), currency)
    }
  })

  test('H1: fifteen digits in all are the most, minor ones included', () => {
    assert.deepEqual(parseMoney('1234567890123.45', 'BDT'), { minor: 123_456_789_012_345, currency: 'BDT' })
    assert.equal(parseMoney('12345678901234', 'BDT'), undefined)
    assert.equal(parseMoney('12345678901234.5', 'BDT'), undefined)
    assert.deepEqual(parseMoney('123456789012345', 'JPY'), { minor: 123_456_789_012_345, currency: 'JPY' })
    assert.equal(parseMoney('1234567890123456', 'JPY'), undefined)
  })

  test('amounts below one major unit keep their zeros', () => {
    assert.deepEqual(
      [0, 1, 10, 99, 100].map((minor) => moneyText({ minor, currency: 'BDT' })),
      ['0.00', '0.01', '0.10', '0.99', '1.00'],
    )
    assert.equal(moneyText({ minor: 7, currency: 'KWD' }), '0.007')
    assert.equal(moneyText({ minor: 7, currency: 'JPY' }), '7')
  })

  test('a programmer who writes no amount is told with the text and the currency', () => {
    assert.throws(() => bdt('1,250.00'), { name: 'RangeError', message: /"1,250\.00" .* BDT/ })
    assert.throws(() => money('1.5', 'JPY'), RangeError)
    assert.deepEqual(bdt('1250.00'), { minor: 125_000, currency: 'BDT' })
  })

  test('two amounts are the same when both number and currency are', () => {
    assert.equal(sameMoney(bdt('1.00'), bdt('1')), true)
    assert.equal(sameMoney(bdt('1.00'), bdt('1.01')), false)
    assert.equal(sameMoney({ minor: 100, currency: 'BDT' }, { minor: 100, currency: 'USD' }), false)
  })
})
