import assert from 'node:assert/strict'
import { describe, test } from 'node:test'
import type { Deps } from '../../../../src/server/payments/deps.ts'
import { CLAIM_MS, claimAgain, isLost } from '../../../../src/server/payments/opening-claim.ts'
import { scriptedGateway } from '../../../support/scripted-gateway.ts'
import { createDesk, type Desk } from '../desk.ts'
import { CHEAPER, decide, lost, MINUTE } from './claim.ts'

/** A desk whose gateway gives the same order for the same question. */
function repeatingDesk(): Desk {
  const desk: { -readonly [K in keyof Desk]: Desk[K] } = createDesk()
  const gateway: Deps['gateway'] = { ...scriptedGateway({ clock: desk.clock }), repeatsOpen: true }
  desk.deps = { ...desk.deps, gateway }
  return desk
}

describe('an open request whose answer was lost', () => {
  test('is repeated where the gateway gives the same order again, at the same price only', async () => {
    const desk = repeatingDesk()
    const payment = await desk.payment()
    const attempt = await desk.attempt(lost)
    await desk.clock.advance(MINUTE)
    const claim_until = desk.clock.now() + CLAIM_MS
    assert.deepEqual(await decide(desk), {
      kind: 'open',
      again: true,
      payment: { ...payment, claim: 'a1' },
      attempt,
    })
    assert.deepEqual(desk.paymentSince(payment), { claim: 'a1', claim_until, updated_at: desk.clock.now() })
    await desk.clock.advance(CLAIM_MS)
    const other = await decide(desk, { quote: CHEAPER })
    assert.ok(other.kind === 'open' && !other.again)
    assert.equal(other.attempt.number, 2)
  })

  test('is replaced where it may not be repeated', async () => {
    const desk = createDesk()
    await desk.payment()
    await desk.attempt(lost)
    const decision = await decide(desk)
    assert.ok(decision.kind === 'open' && !decision.again)
  })

  test('is one that has neither an order nor another state', async () => {
    const desk = createDesk()
    await desk.payment()
    const row = await desk.attempt(lost)
    assert.deepEqual([row, { ...row, order_id: 'IPAY-1' }, { ...row, state: 'void' as const }].map(isLost), [
      true,
      false,
      false,
    ])
  })

  const again = (desk: Desk, row: Parameters<typeof claimAgain>[1]) =>
    desk.store.transaction((rows) => claimAgain(rows, row, desk.clock.now()))

  test('is claimed for its repeat, unless somebody else is opening at this moment', async () => {
    const desk = createDesk()
    const payment = await desk.payment({ claim: 'a0', claim_until: desk.openedAt + 10 })
    const attempt = await desk.attempt(lost)
    await desk.clock.advance(9)
    assert.equal(await again(desk, attempt), undefined)
    assert.deepEqual(desk.paymentSince(payment), {})
    await desk.clock.advance(1)
    assert.deepEqual(await again(desk, attempt), { ...payment, claim: 'a1' })
    const now = desk.clock.now()
    assert.deepEqual(desk.paymentSince(payment), { claim: 'a1', claim_until: now + CLAIM_MS, updated_at: now })
    assert.equal(await again(desk, { ...attempt, payment_id: 'unknown' }), undefined)
  })

  test('leaves the claim free where a newer attempt stands', async () => {
    const desk = createDesk()
    const payment = await desk.payment({ claim_until: desk.openedAt + 10 })
    const attempt = await desk.attempt(lost)
    await desk.attempt({ id: 'a2', number: 2, reference: 'REF2' })
    assert.deepEqual(await again(desk, attempt), { ...payment, claim: null })
    assert.deepEqual(desk.paymentSince(payment), { claim_until: 0 })
  })
})
