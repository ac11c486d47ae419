import assert from 'node:assert/strict'
import { describe, test } from 'node:test'
import type { Decision } from '../../../../src/server/payments/claim-opening.ts'
import { CLAIM_MS } from '../../../../src/server/payments/opening-claim.ts'
import type { AttemptState } from '../../../../src/server/store/port.ts'
import { createDesk } from '../desk.ts'
import { CHEAPER, decide, lost, MINUTE, problem } from './claim.ts'

const attemptOf = (decision: Decision) => ('attempt' in decision ? decision.attempt.id : undefined)

describe('a purchase that has an attempt', () => {
  test('D6: one that can be paid is handed out again, until the moment of its end', async () => {
    const desk = createDesk()
    await desk.payment()
    await desk.attempt()
    await desk.clock.advance(15 * MINUTE - 1)
    const live = await decide(desk)
    assert.deepEqual([live.kind, attemptOf(live)], ['resume', 'a1'])
    await desk.clock.advance(1)
    const over = await decide(desk)
    assert.deepEqual([over.kind, attemptOf(over)], ['ask', 'a1'])
  })

  test('one whose end nobody named is handed out', async () => {
    const desk = createDesk()
    await desk.payment()
    await desk.attempt({ expires_at: null })
    await desk.clock.advance(60 * MINUTE)
    assert.equal((await decide(desk)).kind, 'resume')
  })

  const kinds: readonly (readonly [AttemptState, Decision['kind']])[] = [
    ['processing', 'ask'],
    ['unresolved', 'ask'],
    ['cancelled', 'open'],
    ['failed', 'open'],
    ['expired', 'open'],
    ['refused', 'open'],
    ['void', 'open'],
  ]
  for (const [state, kind] of kinds) {
    test(`${state}: the decision is "${kind}"`, async () => {
      const desk = createDesk()
      await desk.payment({ attempt_id: null })
      await desk.attempt({ state })
      const decision = await decide(desk)
      assert.equal(decision.kind, kind)
      if (decision.kind === 'open') assert.equal(decision.attempt.number, 2)
    })
  }

  for (const quote of [undefined, CHEAPER]) {
    test(`E15: the newest that ended is asked about once more before another one is opened, ${quote ? 'at any price' : 'always'}`, async () => {
      const desk = createDesk()
      await desk.payment()
      await desk.attempt({ state: 'expired', number: 1 })
      await desk.attempt({ id: 'a2', number: 2, reference: 'REF2', state: 'cancelled' })
      await desk.attempt({ id: 'a3', number: 3, reference: 'REF3', state: 'refused', payment_url: null })
      const decision = await decide(desk, { isAsked: false, ...(quote && { quote }) })
      assert.deepEqual([decision.kind, attemptOf(decision)], ['recheck', 'a2'])
      assert.equal(desk.store.tables.attempts.size, 3)
    })
  }

  test('one that ended without an address, or at another gateway, is not asked about', async () => {
    for (const changes of [{ payment_url: null }, { gateway: 'other' }]) {
      const desk = createDesk()
      await desk.payment()
      await desk.attempt({ state: 'failed', ...changes })
      assert.equal((await decide(desk, { isAsked: false })).kind, 'open')
    }
  })

  test('F13: at another price only one that may have been paid stands in the way of a new one', async () => {
    for (const [state, kind] of [
      ['created', 'open'],
      ['unresolved', 'ask'],
      ['cancelled', 'open'],
    ] as const) {
      const desk = createDesk()
      await desk.payment()
      await desk.attempt({ state })
      assert.equal((await decide(desk, { quote: CHEAPER })).kind, kind)
    }
  })

  test('F1: one whose address nobody has stands in nobody’s way', async () => {
    const desk = createDesk()
    await desk.payment()
    await desk.attempt({ state: 'unresolved', payment_url: null })
    assert.equal((await decide(desk)).kind, 'open')
  })

  test('of several that can be paid the newest is handed out', async () => {
    const desk = createDesk()
    await desk.payment()
    await desk.attempt()
    await desk.attempt({ id: 'a2', number: 2, reference: 'REF2' })
    assert.equal(attemptOf(await decide(desk)), 'a2')
  })

  test('F10: while somebody else is opening, it waits, and not a moment longer', async () => {
    const desk = createDesk()
    const payment = await desk.payment({ claim: 'a1', claim_until: desk.openedAt + 10 })
    await desk.attempt(lost)
    await desk.clock.advance(9)
    assert.deepEqual(await decide(desk), { kind: 'wait' })
    await desk.clock.advance(1)
    assert.equal((await decide(desk)).kind, 'open')
    assert.equal(desk.paymentSince(payment).claim_until, desk.clock.now() + CLAIM_MS)
  })

  test('F10: a claim from before the clock was set back keeps nobody waiting', async () => {
    const desk = createDesk()
    await desk.payment({ claim: 'a1', claim_until: desk.openedAt + CLAIM_MS + MINUTE })
    assert.deepEqual(await decide(desk), { kind: 'wait' })
    await desk.store.transaction((rows) =>
      rows.updatePayment('p1', { claim_until: desk.openedAt + CLAIM_MS + MINUTE + 1 }),
    )
    assert.equal((await decide(desk)).kind, 'open')
  })

  test('an hour that no claim belongs to keeps nobody waiting', async () => {
    const desk = createDesk()
    await desk.payment({ claim: null, claim_until: desk.openedAt + 10 })
    assert.equal((await decide(desk)).kind, 'open')
  })

  test('E4: what is paid, or held for its price, is not opened again', async () => {
    for (const changes of [{ state: 'paid' }, { state: 'unresolved', hold: 'paid-at-old-price' }]) {
      const desk = createDesk()
      await desk.payment(changes)
      const { code, extras } = await problem(desk, {})
      assert.deepEqual([code, extras], ['already-paid', { token: 'token-of-p1' }])
    }
  })
})
