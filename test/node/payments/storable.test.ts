import assert from 'node:assert/strict'
import { describe, test } from 'node:test'
import { storable, storableOutcome, storableReading } from '../../../src/server/payments/storable.ts'
import { says } from './desk.ts'

const BAD = 'a\0b\ud800c\0'
const GOOD = 'ab\ufffdc'

describe('text that every database takes', () => {
  test('G11: has no NUL and no half of a pair, and is what it was otherwise', () => {
    assert.equal(storable(BAD), GOOD)
    assert.equal(storable('চা ☕ \u{1f600}\n'), 'চা ☕ \u{1f600}\n')
    assert.equal(storable(''), '')
  })

  test('G11: an answer is kept so, but for what is compared with what we asked for', () => {
    const reading = says('paid', { raw: BAD, transactionId: BAD, reference: BAD, orderId: BAD })
    assert.deepEqual(storableReading(reading), { ...reading, raw: GOOD, transactionId: GOOD })
    const without = says('paid', { raw: 'ok', transactionId: null })
    assert.deepEqual(storableReading(without), without)
    assert.deepEqual(storableReading({ kind: 'absent', raw: BAD }), { kind: 'absent', raw: GOOD })
    const silence = { kind: 'unreachable', retryAfterSeconds: 3 } as const
    assert.deepEqual(storableReading({ ...silence, detail: BAD }), { ...silence, detail: GOOD })
  })

  test('F17: so is the answer to an open request', () => {
    const opened = { kind: 'opened', paymentUrl: 'https://demo.ipay.com.bd/pay/1', expiresAt: null } as const
    assert.deepEqual(storableOutcome({ ...opened, orderId: BAD }), { ...opened, orderId: GOOD })
    assert.deepEqual(storableOutcome({ kind: 'charged', orderId: BAD }), { kind: 'charged', orderId: GOOD })
    const declined = { kind: 'declined', reason: 'declined' } as const
    assert.deepEqual(storableOutcome({ ...declined, orderId: BAD, detail: BAD }), {
      ...declined,
      orderId: GOOD,
      detail: GOOD,
    })
    const without = { ...declined, orderId: null, detail: 'HTTP 402' }
    assert.deepEqual(storableOutcome(without), without)
    assert.deepEqual(storableOutcome({ kind: 'refused', detail: BAD }), { kind: 'refused', detail: GOOD })
    const unknown = { kind: 'unknown', retryAfterSeconds: 3, exists: true } as const
    assert.deepEqual(storableOutcome({ ...unknown, detail: BAD }), { ...unknown, detail: GOOD })
  })
})
