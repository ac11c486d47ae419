import assert from 'node:assert/strict'
import { test } from 'node:test'
import { CRASH_POINTS } from '../../../../../src/server/crash-points.ts'
import { CLAIM_MS } from '../../../../../src/server/payments/opening-claim.ts'
import { ProblemError } from '../../../../../src/server/problem-error.ts'
import { until } from '../../../../support/until.ts'
import { Died, diesAt } from '../dying.ts'
import type { NewKit } from '../new-kit.ts'

const MINUTE = 60_000

/** What the death or the sleep of an instance leaves behind. */
export function deathRules(newKit: NewKit): void {
  test('F10: a claim whose holder died runs out, and the next press opens', async () => {
    const kit = await newKit()
    const dying = kit.twin({ reached: diesAt('after-attempt-row') })
    await assert.rejects(dying.press('c1'), Died)
    const problem = await kit.run(kit.refusal('c1'))
    assert.equal(problem.code, 'in-progress')
    await kit.clock.advance(CLAIM_MS)
    const opened = await kit.press('c1')
    assert.equal(opened.created, true)
    assert.equal(kit.gateway.orders.length, 1)
  })

  test('F10: an instance that slept through its claim gives its address to nobody', async () => {
    const kit = await newKit()
    const sleeper = kit.twin()
    kit.gateway.onOpen({ replyMs: 7_900 })
    const slow = sleeper.press('c1').then(
      () => assert.fail('the sleeper got an address'),
      (error: unknown) => error,
    )
    await until('the gateway was asked', () => kit.gateway.calls.length === 1)
    // The clock jumps as it does for a process that was stopped: no timer of its own ran meanwhile.
    const row = await kit.store.rows.paymentByPurchase('c1')
    assert.ok(row?.claim)
    await kit.store.transaction((rows) => rows.updatePayment(row.id, { claim_until: kit.clock.now() }))
    const other = await kit.press('c1', { key: 'key-of-other' })
    const problem = await kit.run(slow)
    assert.ok(problem instanceof ProblemError && problem.code === 'in-progress', String(problem))
    const attempts = await kit.store.rows.attempts(row.id)
    assert.deepEqual(
      attempts.map((attempt) => attempt.payment_url),
      [null, other.reply.paymentUrl],
    )
  })

  for (const point of CRASH_POINTS.slice(0, 6)) {
    test(`F1: after death ${point} the same purchase ends with exactly one payable link`, async () => {
      const kit = await newKit()
      const dying = kit.twin({ reached: diesAt(point) })
      await assert.rejects(kit.run(dying.press('c1')), Died)
      await kit.store.releaseClaims()
      const opened = await kit.press('c1')
      const attempts = await kit.store.rows.attempts((await kit.store.rows.paymentByPurchase('c1'))?.id ?? '')
      const links = attempts.filter((attempt) => attempt.payment_url !== null)
      assert.deepEqual(
        links.map((attempt) => attempt.payment_url),
        [opened.reply.paymentUrl],
      )
      assert.ok(kit.gateway.isPayable(kit.gateway.order(opened.reply.paymentUrl)))
      // What the dead instance left at the gateway is known to the reconciler, or never happened.
      await kit.pass(2 * MINUTE)
      for (const order of kit.gateway.orders) {
        const attempt = await kit.store.rows.attemptByReference(order.reference)
        assert.equal(attempt?.order_id, order.orderId)
      }
    })
  }
}
