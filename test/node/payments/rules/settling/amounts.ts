import assert from 'node:assert/strict'
import { test } from 'node:test'
import type { ScriptedOrder } from '../../../../support/scripted-gateway.ts'
import { PRICE } from '../../kit.ts'
import type { NewKit } from '../new-kit.ts'
import { but, kinds, opened, visit } from './opened.ts'

const MINUTE = 60_000

/** Money that is not what was asked, or that came twice. */
export function amountRules(newKit: NewKit): void {
  test('F20: an old attempt paid beside the new one is one fulfilment and one flag', async () => {
    for (const order of [
      [0, 1],
      [1, 0],
    ] as const) {
      const kit = await newKit()
      const first = await opened(kit)
      kit.gateway.move(first.order, 'expired')
      const second = await opened(kit, 'c1', 'key-of-second')
      const both = [first.order, second.order]
      for (const index of order) {
        kit.gateway.move(both[index] as ScriptedOrder, 'paid', { force: true })
        await kit.pass(30 * MINUTE)
      }
      assert.equal((await kit.status(first.token)).state, 'paid')
      assert.equal(kit.handled.length, 1)
      assert.equal(kinds(kit).filter((kind) => kind === 'paid-twice').length, 1)
    }
  })

  for (const poisha of [-1, 1]) {
    test(`G11: an amount that is off by ${poisha} poisha holds the payment, and nothing is fulfilled`, async () => {
      const kit = await newKit()
      const { token, order } = await opened(kit)
      kit.gateway.move(order, 'paid')
      kit.gateway.behave.read = () => ({
        reply: but({ amount: { minor: PRICE.minor + poisha, currency: 'BDT' } }),
      })
      await kit.pass(5 * MINUTE)
      const status = await kit.status(token)
      assert.equal(status.state, 'unresolved')
      assert.equal(status.paidAt, null)
      assert.equal(kit.handled.length, 0)
      assert.deepEqual(kinds(kit), ['amount-mismatch'])
      const attempt = await kit.store.rows.attemptByReference(order.reference)
      assert.deepEqual([attempt?.paid_at, attempt?.transaction_id], [null, null])
    })
  }

  test('G11: another currency holds the payment; an amount that is left out does not', async () => {
    const kit = await newKit()
    const { token, order } = await opened(kit)
    kit.gateway.move(order, 'paid')
    kit.gateway.onRead({ reply: but({ amount: { ...PRICE, currency: 'USD' } }) })
    await visit(kit, token)
    assert.equal((await kit.status(token)).state, 'unresolved')
    assert.deepEqual(kinds(kit), ['amount-mismatch'])

    const other = await opened(kit, 'c2')
    kit.gateway.move(other.order, 'paid')
    kit.gateway.onRead({ reply: but({ amount: null }) })
    await visit(kit, other.token)
    assert.equal((await kit.status(other.token)).state, 'paid')
  })
}
