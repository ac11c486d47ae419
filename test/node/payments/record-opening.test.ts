import assert from 'node:assert/strict'
import { describe, test } from 'node:test'
import type { OpenOutcome } from '../../../src/server/gateways/port.ts'
import { recordOpening } from '../../../src/server/payments/record-opening.ts'
import type { FlagKind } from '../../../src/server/payments/transition.ts'
import type { AttemptRow, PaymentRow } from '../../../src/server/store/port.ts'
import { createDesk } from './desk.ts'

const SECOND = 1_000
const MINUTE = 60 * SECOND
const URL = 'https://demo.ipay.com.bd/pay/IPAY-1'
const OPENED_AT = Date.UTC(2026, 10, 21, 12)
/** How long the gateway took. */
const AGE = 2 * SECOND
const NOW = OPENED_AT + AGE

const outcomes = {
  opened: { kind: 'opened', orderId: 'IPAY-1', paymentUrl: URL, expiresAt: OPENED_AT + 15 * MINUTE },
  charged: { kind: 'charged', orderId: 'IPAY-1' },
  declined: { kind: 'declined', orderId: 'IPAY-1', reason: 'declined', detail: 'HTTP 402' },
  refused: { kind: 'refused', detail: 'HTTP 401' },
  unknown: { kind: 'unknown', detail: 'timeout' },
} as const satisfies Record<OpenOutcome['kind'], OpenOutcome>

interface Scene {
  readonly url?: string | null
  readonly payment?: Partial<PaymentRow>
  readonly attempt?: Partial<AttemptRow>
}

/** Records an outcome for an attempt that was just written, and tells what changed. */
async function recorded(outcome: OpenOutcome, scene: Scene = {}) {
  const desk = createDesk()
  const claim = { state: 'processing', attempt_id: null, claim: 'a1', claim_until: OPENED_AT + 10 * SECOND }
  const payment = await desk.payment({ ...claim, ...scene.payment })
  const fresh = { state: 'opening', order_id: null, payment_url: null, expires_at: null } as const
  const attempt = await desk.attempt({ ...fresh, ...scene.attempt })
  await desk.clock.advance(AGE)
  const alarms: FlagKind[] = []
  const url = scene.url === undefined ? URL : (scene.url ?? undefined)
  const opening = await desk.store.transaction((rows) => recordOpening(desk.deps, rows, attempt, outcome, url, alarms))
  return {
    desk,
    opening,
    alarms,
    before: { payment, attempt },
    payment: desk.paymentSince(payment),
    attempt: desk.attemptSince(attempt),
    line: desk.store.tables.audit.map(({ cause, event, detail }) => [cause, event, detail]),
  }
}

const freed = { claim: null, claim_until: 0, updated_at: NOW }

describe('what the answer to an open request writes', () => {
  test('opened: the address and its end stand with the attempt, which now speaks for the payment', async () => {
    const { opening, attempt, payment, desk, before } = await recorded(outcomes.opened)
    const changes = {
      state: 'created',
      order_id: 'IPAY-1',
      payment_url: URL,
      expires_at: OPENED_AT + 15 * MINUTE,
      next_check_at: NOW + 5 * SECOND,
      updated_at: NOW,
    }
    assert.deepEqual(attempt, changes)
    assert.deepEqual(payment, { ...freed, state: 'created', attempt_id: 'a1' })
    const derived = { state: 'created', attempt_id: 'a1' }
    assert.deepEqual(opening, {
      kind: 'opened',
      payment: { ...before.payment, ...derived },
      attempt: { ...before.attempt, ...changes },
    })
    const line = { payment_id: 'p1', attempt_id: 'a1', at: NOW, cause: 'open' }
    assert.deepEqual(desk.audit(), [{ ...line, event: 'opening -> created', detail: 'IPAY-1' }])
  })

  test('F10: opened under a claim that somebody else holds by now: watched, and its address given to nobody', async () => {
    const { opening, attempt, payment, alarms, line } = await recorded(outcomes.opened, { payment: { claim: 'a2' } })
    assert.deepEqual(opening, { kind: 'superseded' })
    assert.deepEqual(payment, {})
    assert.deepEqual(attempt, {
      state: 'created',
      order_id: 'IPAY-1',
      expires_at: OPENED_AT + 15 * MINUTE,
      next_check_at: NOW + 5 * SECOND,
      updated_at: NOW,
    })
    assert.deepEqual([alarms, line], [[], [['open', 'opening -> created', 'IPAY-1']]])
  })

  for (const claim of ['a1', 'a2']) {
    test(`F17: opened at an address that breaks the rule, claimed by ${claim}: watched without it, and flagged`, async () => {
      const { opening, attempt, alarms, line } = await recorded(outcomes.opened, { url: null, payment: { claim } })
      assert.deepEqual(opening, { kind: 'unsafe' })
      assert.deepEqual([attempt.state, attempt.order_id, attempt.payment_url], ['created', 'IPAY-1', undefined])
      assert.equal(attempt.updated_at, NOW)
      assert.deepEqual(alarms, ['unsafe-payment-url'])
      const why = 'The gateway answered with an address that breaks the rule for addresses'
      assert.deepEqual(line, [
        ['open', 'opening -> created', 'IPAY-1'],
        ['operator', 'flag: unsafe-payment-url', why],
      ])
    })
  }

  test('charged: our own return address stands in for one, so that nobody opens a second', async () => {
    const { opening, attempt, payment, line } = await recorded(outcomes.charged)
    assert.deepEqual(attempt, {
      state: 'processing',
      order_id: 'IPAY-1',
      payment_url: 'https://shop.example/ipay/orders/token-of-p1/return/success',
      next_check_at: NOW + 5 * SECOND,
      updated_at: NOW,
    })
    assert.deepEqual(payment, { ...freed, attempt_id: 'a1' })
    assert.ok(opening.kind === 'charged' && opening.attempt.state === 'processing')
    assert.deepEqual(line, [['open', 'opening -> processing', 'IPAY-1']])
  })

  test('declined: the payment failed for that reason, which is counted', async () => {
    const { opening, attempt, payment, line, desk } = await recorded(outcomes.declined)
    assert.deepEqual(attempt, {
      state: 'failed',
      reason: 'declined',
      order_id: 'IPAY-1',
      next_check_at: NOW + 20 * SECOND,
      updated_at: NOW,
    })
    assert.deepEqual(payment, { ...freed, state: 'failed', reason: 'declined', attempt_id: 'a1' })
    assert.ok(opening.kind === 'declined' && opening.payment.state === 'failed')
    assert.deepEqual(line, [['open', 'opening -> failed', 'HTTP 402']])
    assert.deepEqual(desk.said, [])
  })

  test('refused: nobody asks about it any more, and the operator is told once', async () => {
    const { opening, attempt, payment, alarms, line, desk } = await recorded(outcomes.refused)
    assert.deepEqual(opening, { kind: 'refused' })
    assert.deepEqual(attempt, { state: 'refused', next_check_at: null, updated_at: NOW })
    assert.deepEqual(payment, freed)
    assert.deepEqual(alarms, ['gateway-refused'])
    assert.deepEqual(line, [
      ['open', 'gateway-refused', 'HTTP 401'],
      ['operator', 'flag: gateway-refused', 'HTTP 401'],
    ])
    const again: FlagKind[] = []
    const row = { ...desk.store.tables.attempts.get('a1'), state: 'opening' } as AttemptRow
    await desk.store.transaction(async (rows) => {
      await rows.updateAttempt('a1', { state: 'opening' })
      await recordOpening(desk.deps, rows, row, outcomes.refused, undefined, again)
    })
    assert.deepEqual(again, [])
  })

  test('unknown: asked about in 2 s, with what the gateway said of itself', async () => {
    const { opening, attempt, payment, line } = await recorded(outcomes.unknown)
    assert.deepEqual(opening, { kind: 'unknown', detail: 'timeout', retryAfter: undefined, exists: false })
    assert.deepEqual(attempt, { next_check_at: NOW + 2 * SECOND, updated_at: NOW })
    assert.deepEqual(payment, freed)
    assert.deepEqual(line, [['open', 'gateway-unknown', 'timeout']])
    const known = await recorded({ ...outcomes.unknown, retryAfterSeconds: 7, exists: true })
    assert.deepEqual(known.opening, { kind: 'unknown', detail: 'timeout', retryAfter: 7, exists: true })
  })

  test('of two who asked the same question the second finds what the first wrote, and changes nothing', async () => {
    for (const outcome of [outcomes.opened, outcomes.refused, outcomes.unknown]) {
      const done = { state: 'created', order_id: 'IPAY-1', payment_url: URL } as const
      const { opening, attempt, payment, before } = await recorded(outcome, { attempt: done })
      assert.deepEqual(opening, {
        kind: 'opened',
        payment: { ...before.payment, claim: 'a1' },
        attempt: before.attempt,
      })
      assert.deepEqual([attempt, payment], [{}, freed])
    }
    for (const taken of [{ state: 'void' }, { order_id: 'IPAY-1' }] as const) {
      const { opening, attempt } = await recorded(outcomes.opened, { attempt: taken })
      assert.deepEqual([opening, attempt], [{ kind: 'superseded' }, {}])
    }
  })

  test('rows that are gone are a fault', async () => {
    const desk = createDesk()
    const payment = await desk.payment()
    const attempt = await desk.attempt()
    const record = (asked: AttemptRow) =>
      desk.store.transaction((rows) => recordOpening(desk.deps, rows, asked, outcomes.opened, URL, []))
    await assert.rejects(record({ ...attempt, id: 'a9' }), { message: /is gone/ })
    await assert.rejects(record({ ...attempt, payment_id: 'p9' }), { message: /is gone/ })
    assert.deepEqual(desk.paymentSince(payment), {})
  })
})
