import assert from 'node:assert/strict'
import { describe, test } from 'node:test'
import type { GatewayReading } from '../../../../src/server/gateways/port.ts'
import type { AttemptRow } from '../../../../src/server/store/port.ts'
import { absent, says, unreachable } from '../desk.ts'
import { alarms, DAY, HOUR, MINUTE, OPENED_AT, paid, SECOND, settled } from './settled.ts'

describe('when nobody learns more', () => {
  for (const state of ['opening', 'created', 'processing'] as const) {
    test(`G13: ${state} for a whole day, it is unresolved and a person is called`, async () => {
      const quiet = { attempt: { state, updated_at: OPENED_AT + DAY - 6 * HOUR }, payment: { state: 'processing' } }
      const before = await settled(unreachable, { ...quiet, age: DAY - 1 })
      assert.notEqual(before.attempt.state, 'unresolved')
      const { desk, attempt, payment, flags } = await settled(unreachable, { ...quiet, age: DAY })
      assert.deepEqual([attempt.state, attempt.next_check_at], ['unresolved', null])
      assert.deepEqual([payment.state, payment.hold], ['unresolved', 'unknown-outcome'])
      assert.deepEqual([flags, alarms(desk)], [['unresolved-after-24h'], ['unresolved-after-24h']])
    })
  }

  test('nobody is called about an address that nobody has, nor about what has ended', async () => {
    const updated_at = OPENED_AT + DAY - HOUR
    const nobodys = { state: 'opening', payment_url: null, updated_at } as const
    const unseen = await settled(unreachable, { attempt: nobodys, age: DAY })
    assert.deepEqual([unseen.attempt.state, unseen.flags], ['unresolved', []])
    for (const state of ['cancelled', 'unresolved'] as const) {
      const ended = await settled(unreachable, { attempt: { state, updated_at }, payment: { state }, age: DAY })
      assert.deepEqual([ended.attempt.state, ended.flags], [undefined, []])
    }
  })

  test('an order that lives for days is given up a day after its end', async () => {
    const given = async (age: number) => {
      const attempt = { expires_at: OPENED_AT + 3 * DAY, updated_at: OPENED_AT + age - HOUR }
      return (await settled(says('created'), { attempt, age })).attempt.state
    }
    assert.deepEqual([await given(2 * DAY), await given(4 * DAY)], [undefined, 'unresolved'])
  })

  test('G13: after an absence of more than 6 h it is asked once more, 15 minutes later, before it is given up', async () => {
    const away = { attempt: { updated_at: OPENED_AT + DAY - 6 * HOUR - 1 }, age: DAY }
    const { now, attempt, flags } = await settled(says('created'), away)
    assert.deepEqual([attempt.state, attempt.next_check_at, flags], [undefined, now + 15 * MINUTE, []])
    const ended = await settled(says('cancelled'), away)
    assert.deepEqual([ended.attempt.state, ended.attempt.next_check_at], ['cancelled', null])
    const early = await settled(says('created'), { attempt: { updated_at: OPENED_AT - DAY } })
    assert.equal(early.attempt.next_check_at, early.now + 50 * SECOND)
  })

  describe('G7: news that was told of', () => {
    const ended = { state: 'expired', next_check_at: OPENED_AT + 30 * DAY } as const
    const NEWS_AT = OPENED_AT + 30 * DAY
    /** An attempt that ended long ago, of which there is news, after one more question. */
    const asked = async (reading: GatewayReading, after: number, changes: Partial<AttemptRow> = {}) => {
      const attempt = { ...ended, news_at: NEWS_AT, updated_at: NEWS_AT, ...changes }
      const { attempt: written } = await settled(reading, { attempt, age: 30 * DAY + after, cause: 'reconcile' })
      return { news_at: attempt.news_at, ...written }
    }

    test('is asked for again with growing pauses while nobody answers, for a day', async () => {
      const pauses = [
        [0, 10 * SECOND],
        [10 * SECOND, 10 * SECOND],
        [40 * SECOND + 1, 20 * SECOND],
        [2 * HOUR, HOUR],
        [10 * HOUR, 2 * HOUR],
        [23 * HOUR, HOUR],
      ] as const
      for (const [after, pause] of pauses) {
        const { next_check_at } = await asked(unreachable, after)
        assert.equal(next_check_at, NEWS_AT + after + pause, `${after} ms after`)
      }
      assert.equal((await asked(unreachable, DAY)).next_check_at, null)
    })

    test('is told by any whole answer to a later question, and by no other', async () => {
      for (const whole of [says('expired'), says('created'), absent]) {
        const { news_at, next_check_at } = await asked(whole, 0)
        assert.deepEqual([news_at, next_check_at], [null, null])
      }
      const half = await asked(says('expired', { incomplete: true }), 0)
      assert.deepEqual([half.news_at, half.next_check_at], [NEWS_AT, NEWS_AT + 10 * SECOND])
      const old = { attempt: { ...ended, news_at: NEWS_AT }, age: 30 * DAY + 5, askedAfter: 30 * DAY - 1 }
      assert.equal((await settled(says('expired'), old)).attempt.news_at, undefined)
    })

    test('is told at once where it was told of by a clock that was set back since', async () => {
      const ahead = await asked(says('expired'), 0, { news_at: NEWS_AT + DAY })
      assert.deepEqual([ahead.news_at, ahead.next_check_at], [null, null])
      const silent = await asked(unreachable, 0, { news_at: NEWS_AT + DAY })
      assert.deepEqual([silent.news_at, silent.next_check_at], [NEWS_AT, NEWS_AT + 10 * SECOND])
    })

    test('may be what the answer that made it paid left open', async () => {
      const { now, attempt, payment } = await settled(paid({ incomplete: true }))
      assert.deepEqual([attempt.state, payment.state], ['paid', 'paid'])
      assert.deepEqual([attempt.news_at, attempt.next_check_at], [now, now + 10 * SECOND])
    })

    test('is the only reason to ask about what is done with: no visit or question of a person plans another', async () => {
      for (const state of ['expired', 'paid'] as const) {
        for (const reading of [unreachable, says(state, { incomplete: true })]) {
          const done = { attempt: { state, next_check_at: null }, payment: { state }, age: 2 * DAY }
          const { attempt } = await settled(reading, { ...done, cause: 'operator' })
          assert.deepEqual([attempt.news_at, attempt.next_check_at], [undefined, undefined])
        }
      }
    })
  })

  test('a paid order is asked about again while its parcel is on the way', async () => {
    const { now, attempt } = await settled(paid({ release: { state: 'waiting' } }))
    assert.equal(attempt.release, '{"state":"waiting"}')
    assert.equal(attempt.next_check_at, now + MINUTE)
    assert.equal((await settled(paid({ release: { state: 'released' } }))).attempt.next_check_at, null)
  })
})
