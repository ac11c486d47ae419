import assert from 'node:assert/strict'
import { describe, test } from 'node:test'
import { readEvent } from '../../../src/server/gateways/ipay-payments/events.ts'
import { reasonOf } from '../../../src/server/gateways/ipay-payments/failure-codes.ts'
import { nextActionUrl, readPayment } from '../../../src/server/gateways/ipay-payments/payment-reply.ts'

describe('reading a payment', () => {
  const reply = (changes: object = {}) => ({
    id: 'pay_1',
    status: 'succeeded',
    amount: 1000,
    currency: 'BDT',
    amount_captured: 1000,
    amount_refunded: 0,
    metadata: { orderId: 'REF' },
    ...changes,
  })
  const read = (changes: object) => {
    const reading = readPayment(reply(changes))
    return reading.kind === 'payment' ? reading : assert.fail(reading.kind)
  }

  test('each status of the flow has one meaning, and any other is unknown', () => {
    const states = {
      requires_payment_method: 'created',
      requires_confirmation: 'created',
      requires_action: 'created',
      processing: 'processing',
      requires_capture: 'processing',
      succeeded: 'paid',
      failed: 'failed',
      canceled: 'cancelled',
      Succeeded: 'unknown',
      paid: 'unknown',
      '': 'unknown',
      toString: 'unknown',
    }
    for (const [status, state] of Object.entries(states)) assert.equal(read({ status }).state, state, status)
    for (const status of [undefined, null, 200, true, {}]) assert.equal(read({ status }).state, 'unknown')
  })

  test('succeeded with less captured than asked for reports what was captured', () => {
    assert.deepEqual(read({ amount_captured: 999 }).amount, { minor: 999, currency: 'BDT' })
    assert.deepEqual(read({ amount_captured: undefined }).amount, { minor: 1000, currency: 'BDT' })
    for (const amount_captured of ['1000', 1000.5, null, -1]) {
      assert.notDeepEqual(read({ amount_captured }).amount, { minor: 1000, currency: 'BDT' })
    }
  })

  test('an amount or a currency that is none makes it unknown', () => {
    for (const changes of [
      { amount: '1000' },
      { amount: 10.5 },
      { amount: null },
      { currency: 'bdt' },
      { currency: 5 },
    ]) {
      assert.equal(read(changes).state, 'unknown', JSON.stringify(changes))
    }
  })

  test('without our order id it is not readable at all', () => {
    for (const metadata of [undefined, null, {}, { orderId: 5 }, { orderId: '' }]) {
      assert.equal(readPayment(reply({ metadata })).kind, 'unreachable')
    }
  })

  test('a failure code that nobody listed is unknown, also one that every object has', () => {
    for (const code of ['moon_phase', 'constructor', '__proto__', '', null, 5]) assert.equal(reasonOf(code), 'unknown')
  })

  test('next actions: a redirect or a challenge with a page; anything else has none', () => {
    const url = 'https://x.example/1'
    for (const action of [
      { type: 'redirect', redirect: { url } },
      { redirect_to_url: { url } },
      { type: 'challenge', url },
      { type: 'challenge', challenge: { url } },
      { type: 'digital_wallet', digital_wallet: { provider: 'apple_pay', url } },
      { type: 'bank_transfer', bank_transfer: { scheme: 'sepa', url } },
      { type: 'buy_now_pay_later', buy_now_pay_later: { provider: 'klarna', url } },
    ]) {
      assert.equal(nextActionUrl(action), url)
    }
    for (const action of [
      null,
      {},
      { url: 5 },
      { redirect: {} },
      { type: 'redirect' },
      { type: 'toString' },
      { type: 'bank_transfer', bank_transfer: { iban: 'DE00' } },
      'https://x.example',
    ])
      assert.equal(nextActionUrl(action), undefined)
  })

  test('events are read for which order to ask about, and for nothing else', () => {
    const data = { id: 'pay_1', status: 'succeeded', metadata: { orderId: 'REF' } }
    assert.deepEqual(readEvent({ id: 'e1', type: 'payment.failed', data }), {
      id: 'e1',
      type: 'payment.failed',
      reference: 'REF',
      notifiedAs: 'pay_1',
      known: true,
    })
    assert.deepEqual(readEvent({ id: 'e1', type: 'customer.created', data }), {
      id: 'e1',
      type: 'customer.created',
      reference: null,
      notifiedAs: null,
      known: true,
    })
    assert.deepEqual(readEvent({ id: 'e1', type: 'new', data: 5 }), {
      id: 'e1',
      type: 'new',
      reference: null,
      notifiedAs: null,
      known: false,
    })
    for (const body of [null, 5, 'x', [], {}, { id: 'e' }, { id: 'e', type: 5 }, { type: 'x'.repeat(129) }]) {
      assert.equal(readEvent(body), undefined)
    }
  })

  test('an event is read whichever member its type and the order’s reference stand in', () => {
    const metadata = { orderId: 'REF' }
    for (const words of [
      { type: 'payment.failed', data: { metadata } },
      { event: 'payment.failed', data: { metadata } },
      { type: 5, event: 'payment.failed', data: { metadata } },
      { type: 'payment.failed', data: { id: 'pay_1' }, metadata },
      { type: 'payment.failed', metadata },
    ]) {
      const read = readEvent({ id: 'e', ...words })
      assert.deepEqual([read?.type, read?.reference, read?.known], ['payment.failed', 'REF', true])
    }
  })

  test('G4: an event without an id that can be kept is known again by what is in it', () => {
    const failed = { type: 'payment.failed', data: { id: 'pay_1' } }
    const [first, again, other] = [failed, { ...failed }, { ...failed, data: { id: 'pay_2' } }].map(readEvent)
    assert.match(first?.id ?? '', /^[0-9a-f]{64}$/)
    assert.equal(first?.id, again?.id)
    assert.notEqual(first?.id, other?.id)
    for (const id of [undefined, null, 5, '', 'x'.repeat(129)]) {
      assert.match(readEvent({ ...failed, id })?.id ?? '', /^[0-9a-f]{64}$/, `${id}`)
    }
  })
})
