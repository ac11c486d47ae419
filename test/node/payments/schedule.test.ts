import assert from 'node:assert/strict'
import { describe, test } from 'node:test'
import fc from 'fast-check'
import {
  AFTER_ABSENCE_MS,
  deliveryPauseMs,
  nextCheckAt,
  pollAfterSeconds,
  WATCH_MS,
  wasAway,
  watchEnd,
} from '../../../src/server/payments/schedule.ts'
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
      { numRuns: Number(process.env['MONEY_RUNS'] ?? 20_000) },
    )
  })

  const DAY = 24 * HOUR
  const quarter = { life: LIFE }
  /** At this age, with this life and silence (all since the opening), it is asked about after this pause. */
  const table: readonly (readonly [string, AttemptState, { age: number; life?: number; silentFor?: number }, number])[] = [
    ['half of its age while that is short', 'created', { age: MINUTE, ...quarter }, 30 * SECOND],
    ['a whole millisecond', 'created', { age: 15_001, ...quarter }, 7_500],
    ['50 s when it is older', 'created', { age: 5 * MINUTE, ...quarter }, 50 * SECOND],
    ['10 s when the last question was not answered', 'created', { age: 5 * MINUTE, ...quarter, silentFor: 0 }, 10 * SECOND],
    ['10 s for the whole of a brief silence', 'created', { age: 5 * MINUTE, ...quarter, silentFor: 99_999 }, 10 * SECOND],
    ['50 s once the silence lasts', 'created', { age: 5 * MINUTE, ...quarter, silentFor: 100 * SECOND }, 50 * SECOND],
    ['50 s in the first hour of a long life', 'created', { age: 2 * HOUR, life: 3 * DAY }, 50 * SECOND],
    ['a hundredth of what follows it', 'created', { age: 3 * HOUR, life: 3 * DAY }, 72 * SECOND],
    ['what ends with the life', 'created', { age: LIFE - 50 * SECOND, ...quarter }, 50 * SECOND],
    ['one second after an end that comes first', 'created', { age: LIFE - 50 * SECOND + 1, ...quarter }, 51 * SECOND - 1],
    ['one second after a life of 15 minutes, where none is named', 'created', { age: LIFE - SECOND }, 2 * SECOND],
    ['20 s at its end', 'created', { age: LIFE, ...quarter }, 20 * SECOND],
    ['20 s at an end that nobody named', 'created', { age: LIFE }, 20 * SECOND],
    ['half of the time since its end', 'unresolved', { age: LIFE + MINUTE, ...quarter }, 30 * SECOND],
    ['half of the time since its opening when it has ended', 'cancelled', { age: MINUTE, ...quarter }, 30 * SECOND],
    ['a whole millisecond then, too', 'cancelled', { age: MINUTE + 1, ...quarter }, 30 * SECOND],
    ['two hours at most', 'expired', { age: 10 * HOUR, ...quarter }, 2 * HOUR],
    ['what is left of the day', 'expired', { age: DAY - MINUTE, ...quarter }, MINUTE],
  ] // biome-ignore format: a table
  for (const [rule, state, { age, life, silentFor }, pause] of table) {
    test(`G12: the next question comes after ${rule}`, () => {
      const now = CREATED_AT + age
      const expiresAt = life === undefined ? null : CREATED_AT + life
      const silence = silentFor === undefined ? {} : { silentSince: now - silentFor }
      assert.equal((nextCheckAt({ state, createdAt: CREATED_AT, expiresAt, ...silence }, now) ?? 0) - now, pause)
    })
  }

  test('what lives for days is watched for a day after its end, and a parcel for 45 days after its opening', () => {
    const end = (life: number | null, followed = false) =>
      watchEnd({ createdAt: CREATED_AT, expiresAt: life === null ? null : CREATED_AT + life, followed }) - CREATED_AT
    assert.equal(WATCH_MS, DAY)
    assert.deepEqual(
      [end(null), end(LIFE), end(HOUR), end(HOUR + 1), end(3 * DAY)],
      [DAY, DAY, DAY, DAY + HOUR + 1, 4 * DAY],
    )
    assert.deepEqual([end(LIFE, true), end(null, true)], [45 * DAY, 45 * DAY])
    const paid = { state: 'paid', createdAt: CREATED_AT, expiresAt: null, followed: true } as const
    assert.equal(nextCheckAt(paid, CREATED_AT + 45 * DAY - 1), CREATED_AT + 45 * DAY)
    assert.equal(nextCheckAt(paid, CREATED_AT + 45 * DAY), null)
  })

  test('an absence is longer than any pause: more than 6 h, after which it is asked again in 15 minutes', () => {
    assert.deepEqual([wasAway(0, 6 * HOUR), wasAway(0, 6 * HOUR + 1), wasAway(HOUR, 7 * HOUR)], [false, true, false])
    assert.equal(AFTER_ABSENCE_MS, 15 * MINUTE)
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
