import assert from 'node:assert/strict'
import { describe, test } from 'node:test'
import { bdt } from '../../../../src/contract/money.ts'
import { settleAttempt } from '../../../../src/server/payments/settle-attempt.ts'
import type { AttemptRow } from '../../../../src/server/store/port.ts'
import { createDesk, says } from '../desk.ts'
import { alarms, counts, paid, settled } from './settled.ts'

/** A second attempt of the same payment. */
const second: Partial<AttemptRow> = { id: 'a2', number: 2, reference: 'REF2', order_id: 'IPAY-2' }
const aboutSecond = { reference: 'REF2', orderId: 'IPAY-2' }

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
