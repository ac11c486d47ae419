import assert from 'node:assert/strict'
import { describe, test } from 'node:test'
import { bdt } from '../../../../src/contract/money.ts'
import { says, unreachable } from '../desk.ts'
import { AGE, DAY, MINUTE, OPENED_AT, paid, SECOND, settled } from './settled.ts'

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
