import assert from 'node:assert/strict'
import { describe, test } from 'node:test'
import type { GatewayEvent } from '../../../src/server/gateways/port.ts'
import type { Deps } from '../../../src/server/payments/deps.ts'
import { createNotifications } from '../../../src/server/payments/notifications.ts'
import type { AttemptReader } from '../../../src/server/payments/read-attempt.ts'
import { ProblemError } from '../../../src/server/problem-error.ts'
import type { AttemptRow, NotificationRow } from '../../../src/server/store/port.ts'
import { createDesk, says } from './desk.ts'

const EVENT: GatewayEvent = { id: 'evt_1', type: 'payment.paid', reference: 'REF1', known: true }

/** A desk whose gateway calls, and the rows of notifications that were written. */
async function called(attempt: Partial<AttemptRow> = {}, answer: AttemptReader['read'] = async () => says('paid')) {
  const desk = createDesk()
  await desk.payment()
  const row = await desk.attempt(attempt)
  await desk.clock.advance(7)
  const asked: (readonly [string, string, number])[] = []
  const stored: NotificationRow[] = []
  const looked: string[] = []
  const transaction: Deps['store']['transaction'] = (work) =>
    desk.store.transaction((rows) =>
      work({
        ...rows,
        attemptByReference(reference) {
          looked.push(reference)
          return rows.attemptByReference(reference)
        },
        async insertNotification(notification) {
          stored.push(notification)
          return rows.insertNotification(notification)
        },
      }),
    )
  const reader: AttemptReader = {
    isAsking: () => false,
    read(...question) {
      const [{ id }, cause, maxAgeMs] = question
      asked.push([id, cause, maxAgeMs])
      return answer(...question)
    },
  }
  const read = (event: unknown) => event as GatewayEvent | undefined
  const notifications = createNotifications({ ...desk.deps, store: { ...desk.store, transaction } }, reader, { read })
  return { desk, row, asked, stored, looked, notifications, now: desk.clock.now() }
}

const outcomes = (said: readonly (readonly unknown[])[]) =>
  said.filter(([what]) => what === 'count').map(([, ...count]) => count)
const count = (outcome: string) => ['ipay_notifications_total', { outcome }]

describe('a notification', () => {
  test('is written with its line of audit and the time of the question, and the gateway is asked', async () => {
    const { desk, row, asked, stored, notifications, now } = await called({ next_check_at: null })
    await notifications.store(EVENT)
    assert.deepEqual(stored, [
      { id: 'scripted:evt_1', gateway: 'scripted', type: 'payment.paid', reference: 'REF1', received_at: now },
    ])
    assert.deepEqual(desk.attemptSince(row), { next_check_at: now + 6_000, news_at: now })
    const line = { payment_id: 'p1', attempt_id: 'a1', at: now, cause: 'notification' }
    assert.deepEqual(desk.audit(), [{ ...line, event: 'notified: payment.paid', detail: 'evt_1' }])
    assert.deepEqual(asked, [['a1', 'notification', 0]])
    assert.deepEqual(desk.said, [['count', ...count('stored')]])
  })

  test('brings the next question forward, and never puts it off', async () => {
    const late = await called({ next_check_at: Date.UTC(2030, 0, 1) })
    await late.notifications.store(EVENT)
    assert.equal(late.desk.store.tables.attempts.get('a1')?.next_check_at, late.now + 6_000)
    const soon = await called({ next_check_at: 5 })
    await soon.notifications.store(EVENT)
    assert.deepEqual(soon.desk.attemptSince(soon.row), { news_at: soon.now })
  })

  test('G4: that came before changes nothing and asks nobody', async () => {
    const { desk, asked, notifications } = await called()
    await notifications.store(EVENT)
    await notifications.store(EVENT)
    assert.equal(asked.length, 1)
    assert.equal(desk.audit().length, 1)
    assert.deepEqual(outcomes(desk.said), [count('stored'), count('repeated')])
  })

  test('G7: about an order that is not known yet is to come again, and is not written', async () => {
    const { desk, asked, stored, notifications } = await called()
    const problem = await notifications.store({ ...EVENT, reference: 'REF9' }).catch((error: unknown) => error)
    assert.ok(problem instanceof ProblemError && problem.code === 'unavailable')
    assert.deepEqual([problem.extras, asked, stored, desk.said], [{ retryAfter: 5 }, [], [], []])
  })

  test('about an order of another gateway is to come again', async () => {
    const { asked, notifications } = await called({ gateway: 'other' })
    await assert.rejects(notifications.store(EVENT), { code: 'unavailable' })
    assert.deepEqual(asked, [])
  })

  test('about no order is kept, and neither looks for one nor asks', async () => {
    const { desk, asked, stored, looked, notifications } = await called()
    await notifications.store({ ...EVENT, reference: null })
    assert.deepEqual(looked, [])
    assert.deepEqual([asked, desk.audit()], [[], []])
    assert.equal(stored[0]?.reference, null)
    assert.deepEqual(outcomes(desk.said), [count('stored')])
  })

  test('of a type that is not documented is kept and logged once, whatever it is about', async () => {
    for (const reference of ['REF1', 'REF9', null]) {
      const { desk, asked, stored, row, notifications } = await called()
      for (const _ of [1, 2]) await notifications.store({ ...EVENT, known: false, type: 'new.thing', reference })
      assert.deepEqual([asked, desk.audit(), desk.attemptSince(row)], [[], [], {}])
      assert.equal(stored.length, 2)
      assert.deepEqual(desk.said, [
        ['count', ...count('unknown-type')],
        ['log', 'warn', 'notification-of-unknown-type', { gateway: 'scripted', type: 'new.thing' }],
        ['count', ...count('repeated')],
      ])
    }
  })

  test('without an event of this gateway in it is refused', async () => {
    const { stored, notifications } = await called()
    await assert.rejects(notifications.store(undefined), { code: 'invalid-request' })
    assert.deepEqual(stored, [])
  })

  test('whose question fails is logged, and the fault goes no further', async () => {
    const { desk, notifications } = await called({}, () => Promise.reject(new Error('dead')))
    await notifications.store(EVENT)
    await notifications.idle()
    const line = ['log', 'error', 'notification-read-failed', { error: 'Error: dead' }]
    assert.deepEqual(desk.said.at(-1), line)
  })

  test('of a storm asks at most 32 questions at the same time; idle means that none is on its way', async () => {
    const held = Promise.withResolvers<undefined>()
    const { asked, notifications } = await called({}, () => held.promise)
    for (let i = 0; i < 40; i++) await notifications.store({ ...EVENT, id: `evt_${i}` })
    assert.equal(asked.length, 32)
    let isIdle = false
    const idle = notifications.idle().then(() => {
      isIdle = true
    })
    await notifications.store({ ...EVENT, id: 'evt_more' })
    assert.equal(isIdle, false)
    held.resolve(undefined)
    await idle
    await notifications.store({ ...EVENT, id: 'evt_after' })
    assert.equal(asked.length, 33)
  })
})
