import assert from 'node:assert/strict'
import { describe, test } from 'node:test'
import type { PaymentStatus } from '../../../src/contract/schemas.ts'
import { REASONS } from '../../../src/contract/states.ts'
import { detailsOf } from '../../../src/elements/details.ts'
import { formatAmount, formatDuration, formatInstant } from '../../../src/elements/format.ts'
import { message } from '../../../src/elements/messages.ts'
import { bn } from '../../../src/elements/messages-bn.ts'
import { en } from '../../../src/elements/messages-en.ts'
import { storyOf } from '../../../src/elements/story.ts'

describe('amounts', () => {
  test('taka are written symbol first with lakh grouping, in the digits of the language', () => {
    assert.equal(formatAmount('125000.00', 'BDT', 'en'), '৳1,25,000.00')
    assert.equal(formatAmount('125000.00', 'BDT', 'bn'), '৳১,২৫,০০০.০০')
    assert.equal(formatAmount('125000.00', 'BDT', 'bn-BD'), '৳১,২৫,০০০.০০')
    assert.equal(formatAmount('125000.00', 'BDT', 'bn-u-nu-latn'), '৳1,25,000.00')
    assert.equal(formatAmount('1250', 'BDT', 'fr'), '৳1,250.00')
    assert.equal(formatAmount('9999999999999.99', 'BDT', 'en'), '৳99,99,99,99,99,999.99')
  })

  test('another currency has its own symbol and digits', () => {
    assert.equal(formatAmount('1250', 'JPY', 'en'), '¥1,250')
    assert.equal(formatAmount('1.250', 'KWD', 'en'), 'KWD\u00a01.250')
  })

  test('a language tag that is none is drawn in the language it begins with', () => {
    assert.equal(formatAmount('10.00', 'BDT', 'bn-!!'), '৳১০.০০')
    assert.equal(formatAmount('10.00', 'BDT', '-'), '৳10.00')
  })

  test('durations have the plural and the digits of the language', () => {
    assert.equal(formatDuration(1, 'minute', 'en'), '1 minute')
    assert.equal(formatDuration(12, 'minute', 'en'), '12 minutes')
    assert.equal(formatDuration(5, 'second', 'bn'), '৫ সেকেন্ড')
    assert.equal(formatDuration(7, 'day', 'bn'), '৭ দিন')
  })
})

describe('texts', () => {
  test('both languages have every text, with the same blanks', () => {
    assert.deepEqual(Object.keys(bn), Object.keys(en))
    const blanks = (text: string) => (text.match(/\{\w+\}/g) ?? []).sort()
    for (const [key, text] of Object.entries(en))
      assert.deepEqual(blanks(bn[key as keyof typeof en]), blanks(text), key)
  })

  test("the shop's own words come first, in their language alone", () => {
    const own = { bn: { pay: 'দিন {amount}' } }
    assert.equal(message('pay', 'bn', own, { amount: '৳১' }), 'দিন ৳১')
    assert.equal(message('pay', 'en', own), 'Pay')
  })

  test('H10: a name from Object.prototype is no text', () => {
    assert.equal(storyOf({ state: 'error', error: { code: 'constructor' } }, 'en'), en.error)
  })

  test('V8: only an outcome that the shop confirmed says that nothing was charged', () => {
    const charged = /not been charged/
    for (const [key, text] of Object.entries(en)) {
      const isOutcome = ['cancelled', 'failed', 'expired', ...REASONS].includes(key)
      assert.equal(charged.test(text), isOutcome, key)
    }
  })

  test('an error without words of its own is told in general ones', () => {
    assert.equal(storyOf({ state: 'error', error: { code: 'gateway-refused' } }, 'en'), en.error)
    assert.equal(storyOf({ state: 'error', error: { code: 'gateway-unavailable' } }, 'bn'), bn.busy)
    assert.equal(storyOf({ state: 'idle' }, 'en'), '')
  })
})

describe('receipts', () => {
  const payment: PaymentStatus = {
    version: 1,
    token: 'tok_0123456789abcdefghijk',
    state: 'paid',
    amount: '1250.00',
    currency: 'BDT',
    reference: 'R-1001',
    transactionId: '23I2-12345678',
    paidAt: '2026-11-21T18:03:11Z',
    reason: null,
    retry: 'no',
    paymentUrl: null,
    expiresAt: null,
    serverTime: '2026-11-21T18:03:12Z',
    pollAfter: null,
    environment: 'production',
  }

  test('times are those of Bangladesh, in the words and digits of the language', () => {
    assert.match(formatInstant('2026-11-21T18:03:11Z', 'en'), /^22 Nov 2026, 12:03 am$/i)
    const bangla = (time: string) => formatInstant(`2026-11-21T${time}Z`, 'bn')
    assert.equal(bangla('10:03:11'), '২১ নভেম্বর, ২০২৬, বিকাল ৪:০৩')
    assert.equal(bangla('16:50:00'), '২১ নভেম্বর, ২০২৬, রাত ১০:৫০')
    assert.equal(bangla('02:05:00'), '২১ নভেম্বর, ২০২৬, সকাল ৮:০৫')
    assert.equal(formatInstant('2026-11-21T10:03:11Z', 'bn-u-nu-latn'), '21 নভেম্বর, 2026, বিকাল 4:03')
  })

  test('a receipt has no row for what is not known', () => {
    assert.deepEqual(
      detailsOf({ ...payment, transactionId: null, paidAt: null }, 'en').map(([name]) => name),
      ['Amount', 'Reference'],
    )
  })

  test('a refund and the way of a parcel are told in plain words', () => {
    const rows = (language: string, changed: Partial<PaymentStatus>) =>
      new Map(detailsOf({ ...payment, ...changed }, language))
    assert.equal(rows('en', { refunded: '250.00' }).get(en.refunded), '৳250.00')
    assert.equal(rows('bn', { refunded: '250.00' }).get(bn.refunded), '৳২৫০.০০')
    for (const state of ['waiting', 'authorized', 'released', 'returning', 'returned'] as const) {
      assert.equal(rows('en', { release: { state } }).get(en.parcel), en[`r-${state}`])
      assert.equal(rows('bn', { release: { state, carrier: 'Pathao' } }).get(bn.parcel), `${bn[`r-${state}`]}, Pathao`)
    }
  })

  test('a paid payment of which nothing is left says that it was refunded', () => {
    const told = (refunded: string, language: string) =>
      storyOf({ state: 'paid', payment: { ...payment, refunded } }, language)
    for (const [language, words] of [
      ['en', en],
      ['bn', bn],
    ] as const) {
      assert.equal(told('250.00', language), words.paid)
      assert.equal(told('1250.00', language), words['all-back'])
      assert.equal(storyOf({ state: 'paid', payment }, language), words.paid)
    }
  })

  test('an outcome that takes longer says so, and still says not to pay again', () => {
    const told = storyOf({ state: 'confirming', slow: true }, 'en')
    assert.ok(told.startsWith(en.confirming) && told.endsWith(en.slow))
  })
})
