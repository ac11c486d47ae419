import assert from 'node:assert/strict'
import { describe, test } from 'node:test'
import fc from 'fast-check'
import { bdt } from '../../../src/contract/money.ts'
import type { GatewayReading, GatewayState } from '../../../src/server/gateways/port.ts'
import { IN_FLIGHT_MS, judge, type KnownAttempt } from '../../../src/server/payments/transition.ts'
import type { AttemptState } from '../../../src/server/store/port.ts'

const CREATED_AT = Date.UTC(2026, 10, 21, 12)
const EXPIRES_AT = CREATED_AT + 15 * 60_000
const PRICE = bdt('1250.00')

const known = (state: AttemptState, more: Partial<KnownAttempt> = {}): KnownAttempt => ({
  state,
  reference: 'REF1',
  orderId: 'IPAY-1',
  amount: PRICE,
  createdAt: CREATED_AT,
  expiresAt: EXPIRES_AT,
  readAt: 0,
  ...more,
})

type PaymentReading = Extract<GatewayReading, { kind: 'payment' }>

const says = (state: GatewayState, more: Partial<PaymentReading> = {}): PaymentReading => ({
  kind: 'payment',
  state,
  orderId: 'IPAY-1',
  reference: 'REF1',
  amount: PRICE,
  reason: null,
  transactionId: null,
  paidAt: null,
  raw: '{}',
  ...more,
})

const absent: GatewayReading = { kind: 'absent', raw: 'HTTP 404' }
const unreachable: GatewayReading = { kind: 'unreachable', detail: 'HTTP 500' }

const open: readonly AttemptState[] = ['opening', 'created', 'processing', 'unresolved']
const ended: readonly AttemptState[] = ['cancelled', 'failed', 'expired', 'refused', 'void']
const words: readonly GatewayState[] = [
  'created',
  'processing',
  'paid',
  'cancelled',
  'failed',
  'expired',
  'error',
  'unknown',
]

const readings: fc.Arbitrary<GatewayReading> = fc.oneof(
  { weight: 6, arbitrary: fc.constantFrom(...words).map((word) => says(word)) },
  { weight: 1, arbitrary: fc.constant(absent) },
  { weight: 1, arbitrary: fc.constant(unreachable) },
  {
    weight: 2,
    arbitrary: fc
      .tuple(
        fc.constantFrom(...words),
        fc.constantFrom<Partial<PaymentReading>>(
          { reference: 'REF2' },
          { orderId: 'IPAY-2' },
          { amount: { minor: PRICE.minor + 1, currency: 'BDT' } },
          { amount: { minor: PRICE.minor, currency: 'USD' } },
          { amount: null },
        ),
      )
      .map(([word, lie]) => says(word, lie)),
  },
)

/** What is known after an answer, as the one door writes it down. */
function after(attempt: KnownAttempt, reading: GatewayReading, askedAt: number): KnownAttempt {
  const verdict = judge(attempt, reading, askedAt)
  const readAt = reading.kind === 'unreachable' ? attempt.readAt : Math.max(attempt.readAt, askedAt)
  return { ...attempt, readAt, state: verdict.kind === 'move' ? verdict.to : attempt.state }
}

const isGenuinePaid = (reading: GatewayReading) =>
  reading.kind === 'payment' &&
  reading.state === 'paid' &&
  reading.reference === 'REF1' &&
  reading.orderId === 'IPAY-1' &&
  (reading.amount === null || (reading.amount.minor === PRICE.minor && reading.amount.currency === 'BDT'))

describe('the table that moves an attempt', () => {
  test('G6: paid is never left and never reached without a matching paid answer, for any sequence of answers', () => {
    const start = fc.constantFrom(...open, ...ended)
    const news = fc.array(fc.tuple(readings, fc.nat(26 * 3_600_000)), { maxLength: 40 })
    fc.assert(
      fc.property(start, news, (state, sequence) => {
        let attempt = known(state)
        let wasPaid = false
        for (const [reading, askedAfter] of sequence) {
          const before = attempt
          attempt = after(attempt, reading, CREATED_AT + askedAfter)
          if (wasPaid) assert.equal(attempt.state, 'paid')
          else if (attempt.state === 'paid') assert.ok(isGenuinePaid(reading))
          if (isGenuinePaid(reading)) assert.equal(attempt.state, 'paid', 'a late success always wins')
          if (ended.includes(before.state)) assert.ok(attempt.state === before.state || attempt.state === 'paid')
          wasPaid = attempt.state === 'paid'
        }
      }),
      { numRuns: Number(process.env['RULE_RUNS'] ?? 100_000) },
    )
  })

  test('the order of answers does not matter to where it ends once one of them was paid', () => {
    fc.assert(
      fc.property(fc.shuffledSubarray([...words], { minLength: 8 }), (shuffled) => {
        let attempt = known('created')
        shuffled.forEach((word, i) => {
          attempt = after(attempt, says(word), CREATED_AT + (i + 1) * 1_000)
        })
        assert.equal(attempt.state, 'paid')
      }),
      { numRuns: Number(process.env['RULE_RUNS'] ?? 40_320) },
    )
  })

  for (const state of open) {
    test(`from ${state}, each word of the gateway leads where the table says`, () => {
      const to = (word: GatewayState) => judge(known(state), says(word), CREATED_AT + 1)
      assert.deepEqual(to('created'), { kind: 'move', to: 'created', reason: null })
      assert.deepEqual(to('processing'), { kind: 'move', to: 'processing', reason: null })
      assert.deepEqual(to('paid'), { kind: 'move', to: 'paid', reason: null })
      assert.deepEqual(to('cancelled'), { kind: 'move', to: 'cancelled', reason: null })
      assert.deepEqual(to('expired'), { kind: 'move', to: 'expired', reason: null })
      assert.deepEqual(to('failed'), { kind: 'move', to: 'failed', reason: 'unknown' })
      assert.deepEqual(to('error'), { kind: 'move', to: 'unresolved', reason: null, flag: 'gateway-error' })
      assert.deepEqual(to('unknown'), { kind: 'move', to: 'unresolved', reason: null, flag: 'unknown-status' })
      assert.deepEqual(judge(known(state), says('failed', { reason: 'declined' }), CREATED_AT + 1), {
        kind: 'move',
        to: 'failed',
        reason: 'declined',
      })
    })

    test(`G11: from ${state}, an answer that does not fit what was asked for holds it, whatever it says`, () => {
      for (const word of words) {
        const held = (lie: Partial<PaymentReading>) => judge(known(state), says(word, lie), CREATED_AT + 1)
        const hold = (flag: string) => ({ kind: 'move', to: 'unresolved', reason: null, flag })
        assert.deepEqual(held({ reference: 'REF2' }), hold('order-mismatch'))
        assert.deepEqual(held({ orderId: 'IPAY-2' }), hold('order-mismatch'))
        assert.deepEqual(held({ amount: { minor: PRICE.minor - 1, currency: 'BDT' } }), hold('amount-mismatch'))
        assert.deepEqual(held({ amount: { minor: PRICE.minor + 1, currency: 'BDT' } }), hold('amount-mismatch'))
        assert.deepEqual(held({ amount: { minor: PRICE.minor, currency: 'USD' } }), hold('amount-mismatch'))
      }
    })
  }

  for (const state of ended) {
    test(`from ${state}, only paid leads away, and a person is told`, () => {
      for (const word of words) {
        const verdict = judge(known(state), says(word), CREATED_AT + 1)
        if (word === 'paid') assert.deepEqual(verdict, { kind: 'move', to: 'paid', reason: null, flag: 'late-success' })
        else if (word === state) assert.deepEqual(verdict, { kind: 'keep' })
        else assert.deepEqual(verdict, { kind: 'keep', note: 'after-the-end' })
      }
      const lie = judge(known(state), says('paid', { amount: bdt('1.00') }), CREATED_AT + 1)
      assert.deepEqual(lie, { kind: 'keep', note: 'mismatch', flag: 'amount-mismatch' })
    })
  }

  test('after paid, other words and other amounts are noted and change nothing', () => {
    const verdict = (reading: GatewayReading) => judge(known('paid'), reading, CREATED_AT + 1)
    assert.deepEqual(verdict(says('paid')), { kind: 'keep' })
    assert.deepEqual(verdict(says('failed')), { kind: 'keep', note: 'after-paid' })
    assert.deepEqual(verdict(says('paid', { amount: bdt('1.00') })), {
      kind: 'keep',
      note: 'mismatch',
      flag: 'amount-mismatch',
    })
    assert.deepEqual(verdict(absent), { kind: 'keep' })
    assert.deepEqual(verdict(unreachable), { kind: 'keep' })
  })

  test('an answer to an earlier question changes nothing, unless it says paid', () => {
    const attempt = known('created', { readAt: CREATED_AT + 5_000 })
    assert.deepEqual(judge(attempt, says('cancelled'), CREATED_AT + 4_999), { kind: 'keep', note: 'older-answer' })
    assert.deepEqual(judge(attempt, says('cancelled'), CREATED_AT + 5_000), {
      kind: 'move',
      to: 'cancelled',
      reason: null,
    })
    assert.deepEqual(judge(attempt, says('paid'), CREATED_AT), { kind: 'move', to: 'paid', reason: null })
  })

  test('the first answer about an order whose own answer was lost may name any order id', () => {
    assert.deepEqual(
      judge(known('opening', { orderId: null }), says('created', { orderId: 'IPAY-9' }), CREATED_AT + 1),
      {
        kind: 'move',
        to: 'created',
        reason: null,
      },
    )
  })

  test('an order that the gateway does not know may still be on its way for a minute', () => {
    const early = CREATED_AT + IN_FLIGHT_MS - 1
    const late = CREATED_AT + IN_FLIGHT_MS
    assert.equal(IN_FLIGHT_MS, 60_000)
    for (const state of open) assert.deepEqual(judge(known(state), absent, early), { kind: 'keep' })
    assert.deepEqual(judge(known('opening'), absent, late), { kind: 'move', to: 'void', reason: null })
    for (const state of ['created', 'processing', 'unresolved'] as const) {
      const lost = { kind: 'move', to: 'unresolved', reason: null, flag: 'gateway-lost-order' }
      assert.deepEqual(judge(known(state), absent, late), lost)
    }
    for (const state of ended) assert.deepEqual(judge(known(state), absent, late), { kind: 'keep' })
  })

  test('no answer proves nothing: past its end an order is processing, and never expired', () => {
    assert.deepEqual(judge(known('created'), unreachable, EXPIRES_AT), { kind: 'keep' })
    assert.deepEqual(judge(known('created'), unreachable, EXPIRES_AT + 1), {
      kind: 'move',
      to: 'processing',
      reason: null,
    })
    assert.deepEqual(judge(known('created', { expiresAt: null }), unreachable, EXPIRES_AT * 2), { kind: 'keep' })
    for (const state of ['opening', 'processing', 'unresolved', ...ended] as const) {
      assert.deepEqual(judge(known(state), unreachable, EXPIRES_AT + 1), { kind: 'keep' })
    }
  })
})
