import assert from 'node:assert/strict'
import { after, before, describe, test } from 'node:test'
import { type Money, money, moneyText } from '../../../src/contract/money.ts'
import { PaymentStatus } from '../../../src/contract/schemas.ts'
import type { AnyGateway } from '../../../src/server/gateways/port.ts'
import { until } from '../../support/until.ts'
import { SENDERS } from '../notifications/senders.ts'
import { paymentsGateway, startShop, type TestShop } from '../notifications/shop.ts'

const PRICES = [money('1250', 'JPY'), money('1250.00', 'BDT'), money('1.250', 'KWD'), money('0.01', 'USD')]

for (const { name, make } of SENDERS) {
  describe(`every currency by its own digits, from price to delivery, over ${name}`, () => {
    let shop: TestShop<AnyGateway>
    before(async () => {
      shop = await startShop(make)
    })
    after(() => shop.stop())

    for (const price of PRICES) {
      test(`${moneyText(price)} ${price.currency}`, async () => {
        shop.prices.set(price.currency, price)
        const { token, amount, currency, reference } = await shop.open(price.currency)
        assert.deepEqual([amount, currency], [moneyText(price), price.currency])
        const order = await shop.orderId(reference)
        const ledger = (await shop.simulator.orders()).find(({ orderId }) => orderId === order)
        assert.deepEqual([ledger?.amount, ledger?.currency], [Number(moneyText(price)), price.currency])
        await shop.simulator.act(order, 'pay')
        const status = PaymentStatus.parse(await shop.payments.check(token))
        assert.deepEqual([status.state, status.amount, status.currency], ['paid', moneyText(price), price.currency])
        shop.payments.start()
        const delivered = await until('the delivery', async () => {
          await shop.simulator.clock.advance(1_000)
          return shop.paid.find((payment) => payment.token === token)
        })
        assert.deepEqual(delivered.amount, price)
      })
    }
  })
}

describe('refunds of every currency by its own digits', () => {
  let shop: TestShop
  before(async () => {
    shop = await startShop(paymentsGateway())
  })
  after(() => shop.stop())

  const parts: readonly (readonly [Money, Money])[] = [
    [money('1250', 'JPY'), money('250', 'JPY')],
    [money('1.250', 'KWD'), money('0.005', 'KWD')],
  ]
  for (const [price, part] of parts) {
    test(`${moneyText(part)} of ${moneyText(price)} ${price.currency}, and then the rest`, async () => {
      shop.prices.set(price.currency, price)
      const { token, reference } = await shop.open(price.currency)
      await shop.simulator.act(await shop.orderId(reference), 'pay')
      await shop.payments.check(token)
      await shop.payments.refund({ token }, { amount: part, reason: 'duplicate' })
      assert.equal((await shop.status(token)).refunded, moneyText(part))
      const rest = await shop.payments.refund({ token }, { reason: 'order_canceled' })
      assert.equal(rest.amount.minor, price.minor - part.minor)
      assert.equal((await shop.status(token)).refunded, moneyText(price))
    })
  }
})
