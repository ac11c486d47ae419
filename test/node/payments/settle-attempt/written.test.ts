import assert from 'node:assert/strict'
import { describe, test } from 'node:test'
import { settleAttempt } from '../../../../src/server/payments/settle-attempt.ts'
import { absent, createDesk, says, unreachable } from '../desk.ts'
import { AGE, counts, MINUTE, OPENED_AT, paid, SECOND, settled } from './settled.ts'

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
