import assert from 'node:assert/strict'
import { describe, test } from 'node:test'
import { createNotifications } from '../../../src/server/payments/notifications.ts'
import { isPlannedSince } from '../../../src/server/payments/schedule.ts'
import { settleAttempt } from '../../../src/server/payments/settle-attempt.ts'
import { createDesk, says } from './desk.ts'

const SECOND = 1_000
const HOUR = 3_600_000

/** A notification that comes 100 ms after the reconciler asked, whose process ends before it asks itself. */
async function notifiedWhileAsking(age: number) {
  const desk = createDesk()
  await desk.payment({ state: 'expired' })
  await desk.attempt({ state: 'expired', expires_at: desk.openedAt + 900_000, next_check_at: desk.openedAt + age })
  await desk.clock.advance(age)
  const askedAt = desk.clock.now()
  const lease = { owner: 'instance-1', now: askedAt, until: askedAt + 30 * SECOND, limit: 1 }
  assert.equal((await desk.store.transaction((rows) => rows.claimDueAttempts(lease))).length, 1)
  await desk.clock.advance(100)
  const dying = { read: () => new Promise<never>(() => {}), isAsking: () => false }
  const read = () => ({ id: 'e1', type: 'payment.succeeded', reference: 'REF1', known: true })
  await createNotifications(desk.deps, dying, { read }).store({})
  await desk.clock.advance(100)
  return { desk, askedAt, nextCheckAt: () => desk.store.tables.attempts.get('a1')?.next_check_at }
}

describe('the question that a notification plans', () => {
  for (const age of [2 * HOUR, 25 * HOUR]) {
    test(`G7: stays planned when an answer from before it is written down, ${age / HOUR} hours after the opening`, async () => {
      const { desk, askedAt, nextCheckAt } = await notifiedWhileAsking(age)
      await settleAttempt(desk.deps, 'a1', says('expired'), askedAt, 'reconcile')
      assert.equal(nextCheckAt(), askedAt + 100 + 6 * SECOND)
    })
  }

  test('is done with when the answer was asked for after it', async () => {
    const { desk, askedAt, nextCheckAt } = await notifiedWhileAsking(2 * HOUR)
    await settleAttempt(desk.deps, 'a1', says('paid'), askedAt + 100, 'notification')
    assert.equal(nextCheckAt(), null)
  })

  test('is told from the others by when it was planned', () => {
    const [askedAt, now] = [1_000, 1_500]
    assert.equal(isPlannedSince(null, askedAt, now), false)
    assert.equal(isPlannedSince(askedAt + 6_000, askedAt, now), false)
    assert.equal(isPlannedSince(askedAt + 6_001, askedAt, now), true)
    assert.equal(isPlannedSince(now + 6_000, askedAt, now), true)
    assert.equal(isPlannedSince(now + 6_001, askedAt, now), false)
  })
})
