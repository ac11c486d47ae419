import assert from 'node:assert/strict'
import { describe, test } from 'node:test'
import fc from 'fast-check'
import { PAYMENT_STATES } from '../../../src/contract/states.ts'
import {
  type ElementState,
  type Happening,
  happeningOf,
  isBusy,
  isFinal,
  move,
} from '../../../src/elements/payment-state.ts'
import { asStatus, readOpenReply } from '../../../src/elements/replies.ts'

const STATES: readonly ElementState[] = [
  'idle',
  'starting',
  'redirecting',
  'unfinished',
  'confirming',
  'paid',
  'cancelled',
  'failed',
  'expired',
  'unresolved',
  'price-changed',
  'error',
]
const HAPPENINGS: readonly Happening[] = [
  'press',
  'leave',
  'hold',
  'ask',
  'tire',
  'reprice',
  'fail',
  'drop',
  'paid',
  'cancelled',
  'failed',
  'expired',
]

const reply = readOpenReply({
  version: 1,
  token: 'tok_0123456789abcdefghijk',
  state: 'created',
  amount: '1250.00',
  currency: 'BDT',
  reference: 'R-1001',
  paymentUrl: 'https://app.ipay.com.bd/pay/1',
  expiresAt: null,
  serverTime: '2026-11-21T10:00:00Z',
  environment: 'production',
})
assert.ok(reply)
const created = asStatus(reply)

describe('the table of states', () => {
  test('every happening leads from every state to a known state or is refused', () => {
    for (const from of STATES) {
      for (const happening of HAPPENINGS) assert.ok([...STATES, undefined].includes(move(from, happening)))
    }
  })

  test('A2: a press means nothing while the element is at work, nor after it was paid, nor while nobody knows', () => {
    const deaf = STATES.filter((state) => !move(state, 'press'))
    assert.deepEqual(deaf, ['starting', 'redirecting', 'confirming', 'paid', 'unresolved'])
  })

  test('V4: paid is left by starting over alone', () => {
    assert.deepEqual(
      HAPPENINGS.filter((happening) => move('paid', happening)),
      ['drop'],
    )
  })

  test('V8: an outcome is reached only through the status of the same name', () => {
    for (const outcome of ['paid', 'cancelled', 'failed', 'expired'] as const) {
      const ways = HAPPENINGS.filter((happening) => STATES.some((from) => move(from, happening) === outcome))
      assert.deepEqual(ways, [outcome])
    }
  })

  test('only a press leads to starting, only leaving leads to the payment page', () => {
    assert.deepEqual(
      HAPPENINGS.filter((happening) => STATES.some((from) => move(from, happening) === 'starting')),
      ['press'],
    )
    assert.deepEqual(
      STATES.filter((from) => move(from, 'leave')),
      ['starting', 'unfinished'],
    )
  })

  test('late success after another outcome wins', () => {
    for (const from of ['cancelled', 'failed', 'expired', 'unresolved', 'error'] as const) {
      assert.equal(move(from, 'paid'), 'paid')
    }
  })

  test('any sequence of happenings ends in a state with a way on, or in paid', () => {
    fc.assert(
      fc.property(fc.array(fc.constantFrom(...HAPPENINGS), { maxLength: 40 }), (happenings) => {
        const end = happenings.reduce<ElementState>((state, happening) => move(state, happening) ?? state, 'idle')
        assert.equal(move(end, 'drop'), 'idle')
        if (end !== 'paid') assert.equal(move(end, 'paid'), 'paid')
        assert.ok(!(isBusy(end) && isFinal(end)))
      }),
      { numRuns: 20_000 },
    )
  })

  test('a status means an outcome, something to pay, or something to wait for', () => {
    const meaning = PAYMENT_STATES.map((state) => happeningOf({ ...created, state }))
    assert.deepEqual(meaning, ['hold', 'ask', 'paid', 'cancelled', 'failed', 'expired', 'tire'])
    assert.equal(happeningOf({ ...created, paymentUrl: null }), 'ask')
  })
})
