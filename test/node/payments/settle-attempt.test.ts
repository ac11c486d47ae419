import assert from 'node:assert/strict'
import { describe, test } from 'node:test'
import { bdt } from '../../../src/contract/money.ts'
import type { GatewayReading } from '../../../src/server/gateways/port.ts'
import { type Cause, settleAttempt } from '../../../src/server/payments/settle-attempt.ts'
import type { AttemptRow, PaymentRow } from '../../../src/server/store/port.ts'
import { absent, createDesk, type Desk, says, unreachable } from './desk.ts'

const SECOND = 1_000
const MINUTE = 60 * SECOND
const HOUR = 60 * MINUTE
const DAY = 24 * HOUR
const OPENED_AT = Date.UTC(2026, 10, 21, 12)
/** The age of the attempt at the answer unless a test names another one. */
const AGE = 2 * MINUTE

interface Scene {
  readonly attempt?: Partial<AttemptRow>
  readonly payment?: Partial<PaymentRow>
  readonly others?: readonly Partial<AttemptRow>[]
  readonly age?: number
  /** When the question was asked; default at the age. */
  readonly askedAfter?: number
  readonly cause?: Cause
}

/** Settles one answer, and tells what it changed. */
async function settled(reading: GatewayReading, scene: Scene = {}) {
  const desk = createDesk()
  const payment = await desk.payment(scene.payment)
  for (const other of scene.others ?? []) await desk.attempt(other)
  const attempt = await desk.attempt(scene.attempt)
  const { age = AGE, askedAfter = age, cause = 'status' } = scene
  await desk.clock.advance(age)
  await settleAttempt(desk.deps, attempt.id, reading, desk.openedAt + askedAfter, cause)
  return {
    desk,
    now: desk.openedAt + age,
    attempt: desk.attemptSince(attempt),
    payment: desk.paymentSince(payment),
    flags: [...desk.store.tables.flags.values()].map(({ kind }) => kind),
  }
}

const alarms = (desk: Desk) => desk.said.filter(([what]) => what === 'alarm').map(([, kind]) => kind)
const counts = (desk: Desk) => desk.said.filter(([what]) => what === 'count').map(([, ...count]) => count)
const paid = (more = {}) => says('paid', { transactionId: 'T-1', paidAt: 1_234, ...more })

/** A second attempt of the same payment. */
const second: Partial<AttemptRow> = { id: 'a2', number: 2, reference: 'REF2', order_id: 'IPAY-2' }
const aboutSecond = { reference: 'REF2', orderId: 'IPAY-2' }

describe('what one answer writes', () => {
  test('G1: paid writes the attempt, the payment, one delivery and one audit line, then tells', async () => {
    const { desk, now, attempt, payment } = await settled(paid(), { cause: 'return' })
    assert.deepEqual(attempt, {
      state: 'paid',
      transaction_id: 'T-1',
      paid_at: 1_234,
      read_at: now,
      next_check_at: null,
      checks: 1,
      last_answer: '"paid"',
      updated_at: now,
    })
    assert.deepEqual(payment, { state: 'paid', transaction_id: 'T-1', paid_at: 1_234, updated_at: now })
    assert.deepEqual(
      [...desk.store.tables.deliveries.values()],
      [
        {
          payment_id: 'p1',
          next_try_at: now,
          tries: 0,
          lease: null,
          lease_until: 0,
          last_error: null,
          created_at: now,
          done_at: null,
        },
      ],
    )
    assert.deepEqual(desk.audit(), [
      { payment_id: 'p1', attempt_id: 'a1', at: now, cause: 'return', event: 'created -> paid', detail: '"paid"' },
    ])
    assert.deepEqual(desk.said, [
      ['log', 'info', 'payment-paid', { reference: 'REF1', amount: '1250.00' }],
      ['count', 'ipay_payments_total', { outcome: 'paid' }],
      ['reached', 'after-settle-committed'],
      ['became paid'],
    ])
  })

  test('paid without an hour of its own was paid now', async () => {
    const { now, attempt, payment } = await settled(paid({ paidAt: null }))
    assert.deepEqual([attempt.paid_at, payment.paid_at], [now, now])
  })

  test('an attempt that nobody knows changes nothing and says nothing', async () => {
    const desk = createDesk()
    await settleAttempt(desk.deps, 'unknown', paid(), 0, 'status')
    assert.deepEqual(desk.said, [['reached', 'after-settle-committed']])
    assert.deepEqual(desk.audit(), [])
  })

  test('failed carries its reason to the payment and is counted by it', async () => {
    const { desk, now, attempt, payment } = await settled(says('failed', { reason: 'declined' }))
    assert.deepEqual([attempt.state, attempt.reason, attempt.paid_at], ['failed', 'declined', undefined])
    assert.deepEqual(payment, { state: 'failed', reason: 'declined', updated_at: now })
    assert.deepEqual(counts(desk), [
      ['ipay_payments_total', { outcome: 'failed' }],
      ['ipay_declines_total', { reason: 'declined' }],
    ])
    assert.equal(desk.store.tables.deliveries.size, 0)
    assert.ok(!desk.said.some(([what]) => what === 'became paid'))
  })

  test('an attempt that never was is a failed payment for technical reasons', async () => {
    const lost = { state: 'opening', order_id: null, payment_url: null } as const
    const { desk, attempt, payment } = await settled(absent, { attempt: lost, payment: { state: 'processing' } })
    assert.deepEqual([attempt.state, payment.state, payment.reason], ['void', 'failed', 'technical'])
    assert.equal(attempt.last_answer, 'HTTP 404')
    assert.deepEqual(counts(desk).at(-1), ['ipay_declines_total', { reason: 'technical' }])
  })

  test('a state that the payment had already is not counted again', async () => {
    const { desk, attempt } = await settled(says('processing'), { payment: { state: 'processing' } })
    assert.equal(attempt.state, 'processing')
    assert.deepEqual(counts(desk), [])
  })

  test('the same word again writes when it was asked and nothing about the payment', async () => {
    const { desk, now, attempt, payment } = await settled(says('created'), {
      attempt: { lease: 'instance-1', lease_until: 9, checks: 4 },
    })
    assert.deepEqual(attempt, {
      read_at: now,
      next_check_at: now + 50 * SECOND,
      checks: 5,
      lease: null,
      lease_until: 0,
      last_answer: '"created"',
      updated_at: now,
    })
    assert.deepEqual(payment, {})
    assert.deepEqual(desk.audit(), [])
    assert.deepEqual(desk.said, [['reached', 'after-settle-committed']])
  })

  test('five hundred characters of an answer are kept', async () => {
    const raw = `(${'x'.repeat(600)})`
    const { attempt } = await settled(says('created', { raw }))
    assert.equal(attempt.last_answer, raw.slice(0, 500))
  })

  test('no answer leaves what was known, and is asked again soon while the silence is brief', async () => {
    const { now, attempt, payment } = await settled(unreachable)
    assert.deepEqual(attempt, { next_check_at: now + 50 * SECOND, checks: 1, updated_at: now })
    assert.deepEqual(payment, {})
    const heard = await settled(unreachable, { attempt: { read_at: OPENED_AT + AGE - 20 * SECOND } })
    assert.equal(heard.attempt.next_check_at, now + 10 * SECOND)
    const young = await settled(unreachable, { age: MINUTE })
    assert.equal(young.attempt.next_check_at, young.now + 10 * SECOND)
  })

  test('past its end no answer makes it processing, with what went wrong as the detail', async () => {
    const { desk, now, attempt } = await settled(unreachable, { age: 16 * MINUTE })
    assert.equal(attempt.state, 'processing')
    assert.deepEqual(desk.audit(), [
      {
        payment_id: 'p1',
        attempt_id: 'a1',
        at: now,
        cause: 'status',
        event: 'created -> processing',
        detail: 'HTTP 500',
      },
    ])
  })
})

describe('answers that are not taken', () => {
  const readAt = OPENED_AT + MINUTE

  test('G6: an older answer is noted, and neither its text nor its hour is kept', async () => {
    const { desk, now, attempt } = await settled(says('cancelled', { refunded: bdt('1.00') }), {
      attempt: { read_at: readAt, last_answer: '"newer"', order_id: null },
      askedAfter: MINUTE - 1,
    })
    assert.deepEqual(attempt, { order_id: 'IPAY-1', next_check_at: now + 50 * SECOND, checks: 1, updated_at: now })
    assert.deepEqual(desk.audit(), [
      {
        payment_id: 'p1',
        attempt_id: 'a1',
        at: now,
        cause: 'status',
        event: 'kept: older-answer',
        detail: '"cancelled"',
      },
    ])
  })

  test('G6: of two answers to questions of the same moment the later one counts', async () => {
    const { attempt } = await settled(says('cancelled'), { attempt: { read_at: readAt }, askedAfter: MINUTE })
    assert.deepEqual([attempt.state, attempt.last_answer], ['cancelled', '"cancelled"'])
  })

  test('E7: an answer believed more than a minute ahead of today’s clock is from before it was set back', async () => {
    const now = OPENED_AT + AGE
    const near = await settled(says('cancelled'), { attempt: { read_at: now + MINUTE } })
    assert.deepEqual(
      [near.attempt.state, near.attempt.read_at, near.attempt.last_answer],
      [undefined, undefined, undefined],
    )
    const far = await settled(says('cancelled'), { attempt: { read_at: now + MINUTE + 1 } })
    assert.deepEqual(
      [far.attempt.state, far.attempt.read_at, far.attempt.last_answer],
      ['cancelled', now, '"cancelled"'],
    )
    const before = await settled(says('cancelled'), { attempt: { read_at: now + DAY }, askedAfter: -DAY })
    assert.deepEqual([before.attempt.state, before.attempt.read_at], ['cancelled', OPENED_AT - DAY])
  })

  test('E2: an answer about another order holds the payment and leaves none of its own behind', async () => {
    const lie = paid({ reference: 'REF9', orderId: 'IPAY-9', refunded: bdt('1.00'), disputed: true })
    const { desk, now, attempt, payment, flags } = await settled(lie, { attempt: { order_id: null } })
    assert.deepEqual(attempt, {
      state: 'unresolved',
      read_at: now,
      next_check_at: now + 50 * SECOND,
      checks: 1,
      last_answer: '"paid"',
      updated_at: now,
    })
    assert.deepEqual(payment, { state: 'unresolved', hold: 'unknown-outcome', updated_at: now })
    assert.deepEqual(flags, ['order-mismatch'])
    assert.deepEqual(desk.said.at(-1), ['alarm', 'order-mismatch', { reference: 'REF1', cause: 'status' }])
    assert.equal([...desk.store.tables.flags.values()][0]?.detail, '"paid"')
  })

  test('the first answer about an order names it', async () => {
    const { attempt } = await settled(says('created', { orderId: 'IPAY-7' }), { attempt: { order_id: null } })
    assert.equal(attempt.order_id, 'IPAY-7')
  })

  test('E2: an answer that names another order id does not become the attempt’s own', async () => {
    const { attempt, flags } = await settled(paid({ orderId: 'IPAY-9' }))
    assert.deepEqual([attempt.state, attempt.order_id, flags], ['unresolved', undefined, ['order-mismatch']])
  })

  test('an amount that is not ours leaves no transaction behind', async () => {
    const { attempt, flags } = await settled(paid({ amount: bdt('1.00') }))
    assert.deepEqual([attempt.state, attempt.transaction_id, attempt.paid_at], ['unresolved', undefined, undefined])
    assert.deepEqual(flags, ['amount-mismatch'])
  })

  test('after paid, another word is noted, and the transaction stays', async () => {
    const was = { state: 'paid', transaction_id: 'T-1', paid_at: 1_234 } as const
    const again = await settled(paid({ transactionId: 'T-2', paidAt: 9 }), { attempt: was, payment: { ...was } })
    assert.deepEqual([again.attempt.transaction_id, again.attempt.paid_at], [undefined, undefined])
    assert.deepEqual(again.desk.said, [['reached', 'after-settle-committed']])
    const other = await settled(says('failed'), { attempt: was, payment: { ...was } })
    assert.equal(other.attempt.state, undefined)
    assert.deepEqual(
      other.desk.store.tables.audit.map(({ event, detail }) => [event, detail]),
      [['kept: after-paid', '"failed"']],
    )
    const silent = await settled(unreachable, { attempt: was, payment: { ...was } })
    assert.deepEqual(silent.desk.audit(), [])
  })
})

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

describe('several attempts of one payment', () => {
  test('F20: two paid ones are one delivery and a flag, in whatever order they are told', async () => {
    const first = { state: 'paid', transaction_id: 'T-0' } as const
    const late = await settled(paid(aboutSecond), { attempt: second, others: [first], payment: { state: 'paid' } })
    assert.deepEqual([late.flags, late.payment], [['paid-twice'], {}])
    assert.equal(late.desk.store.tables.deliveries.size, 0)
    assert.deepEqual(counts(late.desk), [])

    const held = { ...first, amount: 1 }
    const both = await settled(paid(aboutSecond), { attempt: second, others: [held], payment: { state: 'unresolved' } })
    assert.deepEqual([both.flags, both.payment.state], [['paid-twice'], 'paid'])
    assert.equal(both.desk.store.tables.deliveries.size, 1)
  })

  test('news of one that ended beside a paid one changes and calls nobody', async () => {
    const news = says('cancelled', aboutSecond)
    const { flags, payment, desk } = await settled(news, {
      attempt: second,
      others: [{ state: 'paid' }],
      payment: { state: 'paid' },
    })
    assert.deepEqual([flags, payment, alarms(desk)], [[], {}, []])
  })

  test('one that is paid while another is open is paid once', async () => {
    const { flags } = await settled(paid(aboutSecond), { attempt: second, others: [{ state: 'cancelled' }] })
    assert.deepEqual(flags, [])
  })

  test('F13: paid at an old price is held, flagged once, and not delivered', async () => {
    const { flags, payment, desk } = await settled(paid({ amount: bdt('1.00') }), {
      attempt: { amount: 100 },
      others: [{ ...second, state: 'created' }],
    })
    assert.deepEqual([flags, payment.state, payment.hold], [['paid-at-old-price'], 'unresolved', 'paid-at-old-price'])
    assert.equal(desk.store.tables.deliveries.size, 0)
    const later = await settled(says('cancelled', aboutSecond), {
      attempt: second,
      others: [{ state: 'paid', amount: 100 }],
      payment: { state: 'unresolved', hold: 'paid-at-old-price' },
    })
    assert.deepEqual(later.flags, [])
    assert.deepEqual(counts(later.desk), [])
  })

  test('a flag that stands already calls nobody a second time', async () => {
    const desk = createDesk()
    await desk.payment()
    const attempt = await desk.attempt()
    for (const _ of [1, 2]) {
      await settleAttempt(desk.deps, attempt.id, says('unknown'), desk.clock.now(), 'reconcile')
    }
    assert.deepEqual(alarms(desk), ['unknown-status'])
  })

  test('what is told about a paid order later is carried over, and a dispute calls a person', async () => {
    const was = { state: 'paid', transaction_id: 'T-1', paid_at: 1_234 } as const
    const news = paid({ refunded: bdt('2.00'), disputed: true })
    const { payment, now, flags, desk } = await settled(news, { attempt: was, payment: was, cause: 'notification' })
    assert.deepEqual(payment, { refunded: 200, updated_at: now })
    assert.deepEqual([flags, alarms(desk)], [['disputed'], ['disputed']])
    assert.deepEqual(
      desk.store.tables.audit.map(({ cause, event }) => `${cause}: ${event}`),
      ['notification: refunded', 'operator: flag: disputed'],
    )
  })

  test('money that was given back is carried to the payment with the state', async () => {
    const { payment, attempt } = await settled(paid({ refunded: bdt('2.00'), captured: bdt('1250.00') }))
    assert.deepEqual([payment.state, payment.refunded], ['paid', 200])
    assert.deepEqual([attempt.refunded, attempt.captured], [200, 125_000])
  })
})
