import assert from 'node:assert/strict'
import { test } from 'node:test'
import fc from 'fast-check'
import type { OrderState } from '../../../../support/scripted-gateway.ts'
import type { Database } from '../databases.ts'
import type { NewKit } from '../new-kit.ts'
import { but, kinds, opened, type PaymentReading, visit } from './opened.ts'

const SECOND = 1_000
const MINUTE = 60 * SECOND

/** What each word of the gateway leads to, and which of them it cannot take back. */
export function wordRules(newKit: NewKit, database: Database): void {
  test('E2: an answer about another order, whatever it says, holds the payment for a person', async () => {
    const lies: Partial<PaymentReading>[] = [{ reference: 'SOMEBODYELSES' }, { orderId: 'IPAY-99999999' }]
    for (const lie of lies) {
      const kit = await newKit()
      const { token, order } = await opened(kit)
      kit.gateway.move(order, 'paid')
      kit.gateway.onRead({ reply: but(lie) })
      await visit(kit, token)
      await kit.deliver()
      const status = await kit.status(token)
      assert.notEqual(status.state, 'paid')
      assert.equal(status.transactionId, null)
      assert.deepEqual(kinds(kit), ['order-mismatch'])
      assert.equal(kit.handled.length, 0)
    }
  })

  for (const end of ['cancelled', 'failed', 'expired'] as const) {
    test(`E15: an order that was ${end} and is paid later counts as paid, once, with a flag`, async () => {
      const kit = await newKit()
      const { token, order } = await opened(kit)
      kit.gateway.move(order, end)
      await visit(kit, token)
      assert.equal((await kit.status(token)).state, end)
      kit.gateway.move(order, 'paid', { force: true })
      await kit.pass(30 * MINUTE)
      const status = await kit.status(token)
      assert.equal(status.state, 'paid')
      assert.equal(status.reason, null)
      assert.deepEqual(kinds(kit), ['late-success'])
      assert.equal(kit.handled.length, 1)
    })
  }

  for (const end of ['cancelled', 'failed', 'expired'] as const) {
    test(`E15: an order that was ${end} and is paid since is found by the next press, which opens nothing`, async () => {
      const kit = await newKit()
      const { token, order } = await opened(kit)
      kit.gateway.move(order, end)
      await visit(kit, token)
      kit.gateway.move(order, 'paid', { force: true })
      for (const key of ['key-of-c1', 'another-key']) {
        assert.equal((await kit.refusal('c1', { key })).code, 'already-paid')
      }
      assert.equal(kit.gateway.orders.length, 1)
      assert.equal((await kit.status(token)).state, 'paid')
      assert.deepEqual(kinds(kit), ['late-success'])
    })
  }

  for (const word of ['error', 'unknown'] as const) {
    test(`E16: the answer "${word}" is neither paid nor failed: it is unresolved, and nothing is opened beside it`, async () => {
      const kit = await newKit()
      const { token, order } = await opened(kit)
      kit.gateway.behave.read = () => ({ reply: but({ state: word }) })
      await visit(kit, token)
      const status = await kit.status(token)
      assert.equal(status.state, 'unresolved')
      assert.equal(status.retry, 'wait')
      assert.deepEqual(kinds(kit), [word === 'error' ? 'gateway-error' : 'unknown-status'])
      assert.equal((await kit.refusal('c1', { key: 'key-of-later' })).code, 'already-paid')
      kit.gateway.behave.read = () => ({})
      kit.gateway.move(order, 'paid')
      await kit.pass(MINUTE)
      assert.equal((await kit.status(token)).state, 'paid')
      assert.equal(kit.handled.length, 1)
    })
  }

  test('E16: a paid answer whose texts hold what no database takes is settled all the same', async () => {
    const kit = await newKit()
    const { token, order } = await opened(kit)
    kit.gateway.move(order, 'paid')
    const odd = 'TX\u0000-\ud800-\uffff'
    kit.gateway.behave.read = () => ({ reply: but({ transactionId: odd, raw: `{"a":"\u0000${odd}"}` }) })
    await kit.pass(MINUTE)
    const status = await kit.status(token)
    assert.equal(status.state, 'paid')
    assert.match(status.transactionId ?? '', /^TX.*-/)
    assert.equal(kit.handled.length, 1)
  })

  const moves: readonly OrderState[] = ['created', 'processing', 'cancelled', 'failed', 'expired', 'error']
  test('G6: whatever the gateway says after paid, and in whatever order, paid it stays', async () => {
    await fc.assert(
      fc.asyncProperty(
        fc.shuffledSubarray([...moves], { minLength: 1 }),
        fc.nat(moves.length),
        async (words, position) => {
          const kit = await newKit()
          const { token, order } = await opened(kit)
          const news: OrderState[] = [...words]
          news.splice(Math.min(position, news.length), 0, 'paid')
          let paid = false
          for (const word of news) {
            kit.gateway.move(order, word, { force: true })
            await kit.clock.advance(6 * SECOND)
            await kit.operator.check(token)
            paid ||= word === 'paid'
            assert.equal((await kit.status(token)).state === 'paid', paid, `${news.join()} at ${word}`)
          }
          await kit.deliver()
          assert.equal(kit.handled.length, 1)
        },
      ),
      { numRuns: Number(process.env['RULE_RUNS'] ?? (database.another ? 40 : 300)) },
    )
  })

  test('G6: an answer that was asked for earlier does not override a newer one', async () => {
    const kit = await newKit()
    const { token, order } = await opened(kit)
    const attempt = await kit.store.rows.attemptByReference(order.reference)
    assert.ok(attempt)
    const twin = kit.twin()
    // Asked first while the order is still created; the answer arrives last.
    kit.gateway.onRead({ replyMs: 4 * SECOND })
    const slow = kit.reader.read(attempt, 'return', 0)
    await kit.clock.advance(SECOND)
    kit.gateway.move(order, 'cancelled')
    await twin.reader.read(attempt, 'return', 0)
    await kit.run(slow)
    assert.equal((await kit.status(token)).state, 'cancelled')
  })

  test('a gateway that has lost an order whose link is out is a matter for a person', async () => {
    const kit = await newKit()
    const { token } = await opened(kit)
    kit.gateway.behave.read = () => ({ reply: { kind: 'absent', raw: 'HTTP 404' } })
    await kit.pass(30 * SECOND)
    assert.equal((await kit.status(token)).state, 'created')
    await kit.pass(2 * MINUTE)
    assert.equal((await kit.status(token)).state, 'unresolved')
    assert.deepEqual(kinds(kit), ['gateway-lost-order'])
  })
}
