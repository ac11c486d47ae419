import assert from 'node:assert/strict'
import { describe, test } from 'node:test'
import fc from 'fast-check'
import { deliveryPauseMs, nextCheckAt, pollAfterSeconds, WATCH_MS } from '../../../src/server/payments/schedule.ts'
import type { AttemptState } from '../../../src/server/store/port.ts'

const SECOND = 1_000
const MINUTE = 60 * SECOND
const HOUR = 60 * MINUTE
const CREATED_AT = Date.UTC(2026, 10, 21, 12)
const LIFE = 15 * MINUTE

const open: readonly AttemptState[] = ['opening', 'created', 'processing', 'unresolved']
const ended: readonly AttemptState[] = ['cancelled', 'failed', 'expired', 'void']

/** Every moment at which an attempt that never changes is asked about, when each answer takes `lagMs`. */
function moments(state: AttemptState, expiresAt: number | null, lagMs = 0): number[] {
  const times: number[] = []
  let now = CREATED_AT
  for (;;) {
    const next = nextCheckAt({ state, createdAt: CREATED_AT, expiresAt }, now)
    if (next === null) return times
    assert.ok(times.length < 1_000, 'asked for ever')
    times.push(next)
    now = next + lagMs
  }
}

const pauses = (times: readonly number[]) => times.map((at, i) => at - (times[i - 1] ?? CREATED_AT))

describe('when to ask about an attempt', () => {
  for (const state of open) {
    test(`G12: while ${state} and payable it is asked about at most 60 s apart, and at the moment of its end`, () => {
      const payable = moments(state, CREATED_AT + LIFE).filter((at) => at <= CREATED_AT + LIFE + SECOND)
      assert.ok(Math.max(...pauses(payable)) <= MINUTE)
      assert.equal(payable.at(-1), CREATED_AT + LIFE + SECOND)
      assert.equal(payable[0], CREATED_AT + 5 * SECOND)
    })

    test(`G13: while ${state} with an unknown end it is asked about for a day, with pauses of at most 2 h`, () => {
      const times = moments(state, null)
      assert.equal(times.at(-1), CREATED_AT + WATCH_MS)
      assert.ok(Math.max(...pauses(times)) <= 2 * HOUR)
      assert.ok(times.length < 80, `${times.length} questions`)
    })
  }

  for (const state of ended) {
    test(`G13: ${state}, it is asked about with pauses that never shrink, for a day, in case it is paid late`, () => {
      const times = moments(state, CREATED_AT + LIFE)
      const between = pauses(times).slice(0, -1)
      assert.deepEqual(
        between,
        between.toSorted((a, b) => a - b),
      )
      assert.equal(times.at(-1), CREATED_AT + WATCH_MS)
      assert.ok(times.length < 60, `${times.length} questions`)
    })
  }

  test('paid and refused attempts are not asked about again', () => {
    for (const state of ['paid', 'refused'] as const) assert.deepEqual(moments(state, CREATED_AT + LIFE), [])
  })

  test('the next question is a whole millisecond, later than now, and never after the end', () => {
    const states = fc.constantFrom(...open, ...ended)
    fc.assert(
      fc.property(
        states,
        fc.nat(2 * 24 * HOUR),
        fc.option(fc.integer({ min: SECOND, max: 10 * 24 * HOUR })),
        (state, age, life) => {
          const now = CREATED_AT + age
          const expiresAt = life === null ? null : CREATED_AT + life
          const next = nextCheckAt({ state, createdAt: CREATED_AT, expiresAt }, now)
          if (next === null) return age >= WATCH_MS
          return Number.isInteger(next) && next > now && next - now <= 3 * HOUR
        },
      ),
      { numRuns: 20_000 },
    )
  })

  test('slow answers do not make it ask for longer than a day', () => {
    assert.ok((moments('created', CREATED_AT + LIFE, 30 * SECOND).at(-1) ?? 0) <= CREATED_AT + WATCH_MS)
  })
})

describe('other pauses', () => {
  test('a handler that fails is called again after 1 s, 2 s, 4 s, … and at most every 10 minutes', () => {
    assert.deepEqual(
      [1, 2, 3, 4, 5].map(deliveryPauseMs),
      [1, 2, 4, 8, 16].map((seconds) => seconds * SECOND),
    )
    for (const tries of [11, 30, 1_000]) assert.equal(deliveryPauseMs(tries), 10 * MINUTE)
  })

  test('readers come back soon at first, later afterwards, and not at all once it is final', () => {
    assert.deepEqual(
      [0, 59_999, MINUTE].map((ms) => pollAfterSeconds('created', ms)),
      [2, 2, 5],
    )
    assert.equal(pollAfterSeconds('processing', 0), 2)
    assert.equal(pollAfterSeconds('unresolved', 0), 30)
    for (const state of ['paid', 'cancelled', 'failed', 'expired']) assert.equal(pollAfterSeconds(state, 0), null)
  })
})
