import assert from 'node:assert/strict'
import { after, before, describe, test } from 'node:test'
import type { TestDatabase } from '../../../support/test-database.ts'
import { until } from '../../../support/until.ts'
import { event, paymentsGateway, startShop, type TestShop } from '../shop.ts'

/** News that only the Payments API has. */
export function paymentNewsRules(database: TestDatabase): void {
  describe(`news of the Payments API, on ${database.name}`, () => {
    let shop: TestShop
    before(async () => {
      shop = await startShop(paymentsGateway(), { databaseUrl: await database.url() })
    })
    after(() => shop.stop())

    test('a refund or dispute that happened elsewhere is found by its notification', async () => {
      const { token, reference } = await shop.open('dashboard')
      const order = await shop.orderId(reference)
      await shop.simulator.act(order, 'pay')
      await shop.payments.check(token)
      await shop.simulator.control('POST', `/payments/${order}/refund`, { amount: 25_000 })
      await shop.notify(event(reference, { type: 'payment.refunded' }))
      await until('the refund', async () => (await shop.store.rows.paymentByToken(token))?.refunded === 25_000)
      assert.equal((await shop.status(token)).refunded, '250.00')
      await shop.simulator.control('POST', `/payments/${order}/dispute`, {})
      await shop.notify(event(reference, { type: 'payment.disputed' }))
      await until('the alarm', () =>
        shop.alarms.some(({ kind, reference: own }) => kind === 'disputed' && own === reference),
      )
      await shop.notify(event(reference, { type: 'payment.disputed' }))
      assert.equal((await shop.status(token)).state, 'paid')
    })
  })
}
