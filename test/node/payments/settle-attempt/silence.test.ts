import assert from 'node:assert/strict'
import { describe, test } from 'node:test'
import { says, unreachable } from '../desk.ts'
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

  test('a paid order is asked about again while its parcel is on the way', async () => {
    const { now, attempt } = await settled(paid({ release: { state: 'waiting' } }))
    assert.equal(attempt.release, '{"state":"waiting"}')
    assert.equal(attempt.next_check_at, now + MINUTE)
    assert.equal((await settled(paid({ release: { state: 'released' } }))).attempt.next_check_at, null)
  })
})
