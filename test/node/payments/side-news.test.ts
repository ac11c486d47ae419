import assert from 'node:assert/strict'
import { describe, test } from 'node:test'
import { bdt, type Money } from '../../../src/contract/money.ts'
import type { GatewayReading } from '../../../src/server/gateways/port.ts'
import { carryNews, isOnTheWay, newsIn, releaseOf } from '../../../src/server/payments/side-news.ts'
import type { AttemptRow, PaymentRow } from '../../../src/server/store/port.ts'
import { createDesk, says, unreachable } from './desk.ts'

const row = async (changes: Partial<AttemptRow> = {}) => {
  const desk = createDesk()
  await desk.payment()
  return desk.attempt(changes)
}

describe('what an answer says beside the state', () => {
  test('the sum of refunds only grows, and only in the currency of the attempt', async () => {
    const refund = async (refunded: Money | null) => newsIn(await row({ refunded: 200 }), says('paid', { refunded }))
    assert.deepEqual(await refund(bdt('2.01')), { refunded: 201 })
    for (const none of [bdt('2.00'), bdt('1.00'), { minor: 900, currency: 'USD' }, null]) {
      assert.deepEqual(await refund(none), {})
    }
    assert.deepEqual(newsIn(await row(), says('paid', { refunded: { minor: 1, currency: 'BDT' } })), { refunded: 1 })
    assert.deepEqual(newsIn(await row(), says('paid', { refunded: null })), {})
  })

  test('what was captured is kept as it is told, in the currency of the attempt', async () => {
    assert.deepEqual(newsIn(await row({ captured: 500 }), says('paid', { captured: bdt('1.00') })), { captured: 100 })
    for (const captured of [null, { minor: 100, currency: 'USD' }]) {
      assert.deepEqual(newsIn(await row(), says('paid', { captured })), {})
    }
  })

  test('a parcel is kept as it is told, and forgotten when the gateway says that there is none', async () => {
    const release = { state: 'waiting', carrier: 'Pathao' } as const
    const kept = newsIn(await row(), says('paid', { release }))
    assert.deepEqual(kept, { release: '{"state":"waiting","carrier":"Pathao"}' })
    assert.deepEqual(newsIn(await row(), says('paid', { release: null })), { release: null })
    assert.deepEqual(releaseOf({ release: kept.release ?? null }), release)
    assert.equal(releaseOf({ release: null }), undefined)
  })

  test('a parcel is on the way while a paid order waits for it or for its return', async () => {
    const moves = async (state: string, of: AttemptRow['state'] = 'paid') =>
      isOnTheWay(await row({ state: of, release: JSON.stringify({ state }) }))
    for (const state of ['waiting', 'authorized', 'returning']) assert.equal(await moves(state), true, state)
    for (const state of ['released', 'returned']) assert.equal(await moves(state), false, state)
    assert.equal(await moves('waiting', 'created'), false)
    assert.equal(isOnTheWay(await row({ state: 'paid' })), false)
  })
})

describe('what is carried over to the payment', () => {
  async function carried(changes: Partial<AttemptRow>, reading: GatewayReading, payment: Partial<PaymentRow> = {}) {
    const desk = createDesk()
    const stood = await desk.payment(payment)
    const before = await desk.attempt({ state: 'paid' })
    await desk.clock.advance(5)
    const now = desk.clock.now()
    const news = { payment: stood, before, after: { ...before, ...changes }, reading, now, cause: 'status' }
    const flags = await desk.store.transaction((rows) => carryNews(rows, news))
    return { flags, now, payment: desk.paymentSince(stood), audit: desk.audit() }
  }

  test('a refund, with its sum in the audit trail', async () => {
    const { flags, now, payment, audit } = await carried({ refunded: 250 }, says('paid'))
    assert.deepEqual(payment, { refunded: 250, updated_at: now })
    const line = { payment_id: 'p1', attempt_id: 'a1', at: now, cause: 'status' }
    assert.deepEqual(audit, [{ ...line, event: 'refunded', detail: '2.50' }])
    assert.deepEqual(flags, [])
  })

  test('the way of a parcel, which wakes whoever waits for news', async () => {
    const { now, payment, audit } = await carried({ release: '{}' }, says('paid'))
    assert.deepEqual(payment, { updated_at: now })
    const line = { payment_id: 'p1', attempt_id: 'a1', at: now, cause: 'status' }
    assert.deepEqual(audit, [{ ...line, event: 'release', detail: '{}' }])
  })

  test('without news nothing is written', async () => {
    const { flags, payment, audit } = await carried({}, says('paid'))
    assert.deepEqual([flags, payment, audit], [[], {}, []])
  })

  test('only the attempt that speaks for the payment says what was given back', async () => {
    const other = await carried({ refunded: 250 }, says('paid'), { attempt_id: 'a2' })
    assert.deepEqual(other.payment, { updated_at: other.now })
    const none = await carried({ refunded: 250 }, says('paid'), { attempt_id: null })
    assert.equal(none.payment.refunded, 250)
  })

  test('a dispute is for a person, when it is about our order', async () => {
    assert.deepEqual((await carried({}, says('paid', { disputed: true }))).flags, ['disputed'])
    assert.deepEqual((await carried({}, says('paid', { disputed: true, reference: 'REF9' }))).flags, [])
    assert.deepEqual((await carried({}, unreachable)).flags, [])
  })
})
