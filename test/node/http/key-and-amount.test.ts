import assert from 'node:assert/strict'
import { describe, test } from 'node:test'
import fc from 'fast-check'
import { parseMoney } from '../../../src/contract/money.ts'
import { codeOf, openShop } from './shop.ts'

const order = { cart: 'c_81' }

describe('the key', () => {
  for (const key of ['short', 'x'.repeat(65), 'with space', 'semi;colon', 'ключ-ключ'.replace(/[^-]/g, '%'), '']) {
    test(`"${key.slice(0, 12)}" (${key.length}) is 400`, async () => {
      assert.equal(await codeOf(await openShop().open({ order }, { 'Idempotency-Key': key })), 'invalid-request')
    })
  }

  test('a missing one is 400, 8 and 64 characters pass', async () => {
    const shop = openShop()
    const headers = { 'Content-Type': 'application/json' }
    const answer = await shop.send('', { method: 'POST', headers, body: '{"order":1}' })
    assert.equal(await codeOf(answer), 'invalid-request')
    for (const length of [8, 64]) {
      assert.equal((await shop.open({ order }, { 'Idempotency-Key': '_-aA9'.padEnd(length, 'x') })).status, 201)
    }
  })
})

describe('H1: the shown amount (OWASP ASVS 5.0, 15.3.5)', () => {
  const shown = (amount: unknown, currency: unknown = 'BDT') => openShop().open({ order, shown: { amount, currency } })

  for (const amount of [
    0.30000000000000004,
    100,
    1e21,
    null,
    true,
    [5],
    {},
    '',
    '0.1.0',
    '100.234',
    '-1',
    '-0',
    '+1',
    'NaN',
    'Infinity',
    '1e3',
    '0x10',
    ' 12 ',
    '12 ',
    '1,000',
    '১০০',
    '٣',
    '01',
    '.5',
    '5.',
    '1'.repeat(16),
    '9'.repeat(14) + '.00',
    '1_000',
    '1\u200b',
  ]) {
    test(`${JSON.stringify(amount)} is 400`, async () => {
      assert.equal(await codeOf(await shown(amount)), 'invalid-request')
    })
  }

  for (const currency of ['bdt', 'BD', 'BDTT', '', null, 5, '__proto__']) {
    test(`a currency of ${JSON.stringify(currency)} is 400`, async () => {
      assert.equal(await codeOf(await shown('1.00', currency)), 'invalid-request')
    })
  }

  test('decimals follow the currency', async () => {
    assert.equal((await shown('1.000', 'KWD')).status, 201)
    assert.equal(await codeOf(await shown('1.0', 'JPY')), 'invalid-request')
    assert.equal((await shown('0', 'BDT')).status, 201)
  })

  test('every text is either the exact amount or 400', async () => {
    const amounts = fc.oneof(
      fc.string(),
      fc.stringMatching(/^[0-9]{0,12}\.?[0-9]{0,3}$/),
      fc.double().map(String),
      fc.tuple(fc.nat(), fc.nat({ max: 99 })).map(([taka, poisha]) => `${taka}.${String(poisha).padStart(2, '0')}`),
    )
    await fc.assert(
      fc.asyncProperty(amounts, async (amount) => {
        const shop = openShop()
        const answer = await shop.open({ order, shown: { amount, currency: 'BDT' } })
        const expected = parseMoney(amount, 'BDT')
        assert.equal(answer.status, expected ? 201 : 400)
        assert.deepEqual(shop.opened[0]?.shown ?? undefined, expected)
      }),
      { numRuns: 1_000 },
    )
  })
})
