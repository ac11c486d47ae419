import assert from 'node:assert/strict'
import { after, before, describe, test } from 'node:test'
import { bdt } from '../../../../src/contract/money.ts'
import { REFUND_REASONS } from '../../../../src/server/gateways/port.ts'
import { OperationError } from '../../../../src/server/payments/operations/operation.ts'
import type { TestDatabase } from '../../../support/test-database.ts'
import { paymentsGateway, startShop, type TestShop } from '../../notifications/shop.ts'
import { refundsOver } from './paid.ts'

const reason = 'requested_by_customer' as const
const code = (expected: OperationError['code']) => (error: unknown) =>
  error instanceof OperationError && error.code === expected

export function refundRules(database: TestDatabase): void {
  describe(`refunds, on ${database.name}`, () => {
    let shop: TestShop
    before(async () => {
      shop = await startShop(paymentsGateway(), { databaseUrl: await database.url() })
    })
    after(() => shop.stop())

    const { paid, refundsOf } = refundsOver(() => shop)
    const trail = async (token: string) => (await shop.payments.find({ token }))?.audit.map(({ event }) => event) ?? []

    test('all of it goes back, the status says so, and the payment stays paid', async () => {
      const { token, order } = await paid('all')
      const result = await shop.payments.refund({ token }, { reason })
      assert.deepEqual([result.state, result.amount.minor, result.detail], ['done', 125_000, null])
      assert.deepEqual(await refundsOf(order).then((all) => all.map(({ amount, reason: why }) => [amount, why])), [
        [125_000, reason],
      ])
      const status = await shop.status(token)
      assert.deepEqual([status.state, status.refunded], ['paid', '1250.00'])
      assert.deepEqual(await trail(token).then((events) => events.filter((event) => event.startsWith('refund'))), [
        'refund: started',
        'refund: done',
      ])
    })

    test('part after part goes back by purchase, token or reference, and never more than was captured', async () => {
      const { token, reference, order } = await paid('parts')
      await shop.payments.refund({ purchaseId: 'parts' }, { amount: bdt('250.00'), reason: 'duplicate' })
      await shop.payments.refund({ token }, { amount: bdt('500.00'), reason: 'product_not_received' })
      assert.equal((await shop.status(token)).refunded, '750.00')
      await assert.rejects(shop.payments.refund({ token }, { amount: bdt('500.01'), reason }), code('too-much'))
      await shop.payments.refund({ reference }, { reason: 'order_canceled' })
      assert.equal((await shop.status(token)).refunded, '1250.00')
      await assert.rejects(shop.payments.refund({ token }, { amount: bdt('0.01'), reason }), code('too-much'))
      assert.deepEqual(
        (await refundsOf(order)).map(({ amount }) => amount),
        [25_000, 50_000, 50_000],
      )
    })

    test('each of the listed reasons reaches the gateway as it is', async () => {
      const { token, order } = await paid('reasons')
      for (const why of REFUND_REASONS) {
        const result = await shop.payments.refund({ token }, { amount: bdt('10.00'), reason: why, of: why })
        assert.equal(result.state, 'done')
      }
      assert.deepEqual(
        (await refundsOf(order)).map((refund) => refund.reason),
        [...REFUND_REASONS],
      )
      assert.deepEqual([...REFUND_REASONS].sort(), [
        'duplicate',
        'fraudulent',
        'order_canceled',
        'product_not_as_described',
        'product_not_received',
        'requested_by_customer',
      ])
    })

    test('G23: a repeated click refunds once, at any time and with another reason', async () => {
      const { token, order } = await paid('clicks')
      const first = await shop.payments.refund({ token }, { amount: bdt('100.00'), reason })
      const second = await shop.payments.refund({ token }, { amount: bdt('100.00'), reason: 'fraudulent' })
      assert.equal(second.id, first.id)
      assert.equal((await refundsOf(order)).length, 1)
      // Another thing of the same price is another refund.
      const other = await shop.payments.refund({ token }, { amount: bdt('100.00'), reason, of: 'return-2' })
      assert.notEqual(other.id, first.id)
      assert.equal((await refundsOf(order)).length, 2)
    })

    test('G23: what is given back is named by a text alone, and nothing is no amount of zero', async () => {
      const { token, order } = await paid('named')
      // As a caller without types may ask.
      const refund = (more: object) => shop.payments.refund({ token }, { amount: bdt('100.00'), reason, ...more })
      for (const text of [17, { a: 1 }, true, ['17']]) {
        await assert.rejects(refund({ of: text }), { name: 'OperationError', code: 'invalid', message: /text/ })
      }
      await assert.rejects(refund({ of: 'x'.repeat(201) }), code('invalid'))
      for (const amount of [0, null, '', 'all', false]) await assert.rejects(refund({ amount }), code('invalid'))
      assert.equal((await refundsOf(order)).length, 0)
      const first = await refund({ of: null })
      assert.equal((await refund({})).id, first.id)
      assert.equal((await refund({ of: undefined })).id, first.id)
      const named = await refund({ of: '17' })
      assert.notEqual(named.id, first.id)
      assert.equal((await refundsOf(order)).length, 2)
    })

    test('G23: 50 clicks at once, on two instances, make one refund', async () => {
      const { token, order } = await paid('parallel')
      const other = shop.restart()
      const click = (index: number) => (index % 2 ? other : shop.payments).refund({ token }, { reason })
      const results = await Promise.all(Array.from({ length: 50 }, (_, index) => click(index)))
      assert.deepEqual(new Set(results.map(({ id, state }) => `${id} ${state}`)).size, 1)
      assert.equal((await refundsOf(order)).length, 1)
      assert.equal((await shop.status(token)).refunded, '1250.00')
    })

    test('50 different parts at once never sum to more than was captured', async () => {
      const { token, order } = await paid('rush')
      const wishes = Array.from({ length: 50 }, (_, index) =>
        shop.payments.refund({ token }, { amount: bdt('100.00'), reason, of: `line-${index}` }).then(
          () => 'done',
          (error: OperationError) => error.code,
        ),
      )
      const outcomes = await Promise.all(wishes)
      assert.deepEqual(outcomes.filter((outcome) => outcome === 'done').length, 12)
      assert.equal(outcomes.filter((outcome) => outcome === 'too-much').length, 38)
      assert.equal((await refundsOf(order)).length, 12)
    })

    test('refunds that were made elsewhere count', async () => {
      const { token, order } = await paid('elsewhere')
      await shop.simulator.control('POST', `/payments/${order}/refund`, { amount: 120_000 })
      await shop.payments.check(token)
      assert.equal((await shop.status(token)).refunded, '1200.00')
      await assert.rejects(shop.payments.refund({ token }, { amount: bdt('50.01'), reason }), code('too-much'))
      assert.equal((await shop.payments.refund({ token }, { reason })).amount.minor, 5_000)
    })

    test('an older answer takes no refund back', async () => {
      const { token, order } = await paid('older')
      await shop.payments.refund({ token }, { amount: bdt('400.00'), reason })
      await shop.simulator.act(order, 'pay', { answer: { amount_refunded: 0 } })
      await shop.payments.check(token)
      assert.equal((await shop.status(token)).refunded, '400.00')
    })

    test('only what was paid can be given back, in its own currency, for a listed reason', async () => {
      const { token } = await shop.open('unpaid')
      await assert.rejects(shop.payments.refund({ token }, { reason }), code('wrong-state'))
      await assert.rejects(shop.payments.refund({ token: 'nobody' }, { reason }), code('not-found'))
      await assert.rejects(shop.payments.refund({ reference: 'NOBODY' }, { reason }), code('not-found'))
      for (const target of [
        undefined,
        null,
        'nobody',
        {},
        { token: undefined },
        { purchaseId: 7 },
        { reference: 'a\0b' },
      ]) {
        await assert.rejects(shop.payments.refund(target as { token: string }, { reason }), code('not-found'))
      }
      const own = await paid('own')
      const refund = (amount: { minor: number; currency: string }) =>
        shop.payments.refund({ token: own.token }, { amount, reason })
      await assert.rejects(refund({ minor: 100, currency: 'USD' }), code('invalid'))
      for (const minor of [0, -1, 1.5, Number.NaN, Number.POSITIVE_INFINITY]) {
        await assert.rejects(refund({ minor, currency: 'BDT' }), code('invalid'))
      }
      await assert.rejects(
        shop.payments.refund({ token: own.token }, { reason: 'because' as 'duplicate' }),
        code('invalid'),
      )
      assert.equal((await shop.status(own.token)).refunded, undefined)
    })

    test('F20: the second of two paid attempts is given back by its reference', async () => {
      const first = await shop.open('twice')
      shop.prices.set('twice', bdt('1000.00'))
      const second = await shop.open('twice')
      shop.prices.delete('twice')
      for (const { reference } of [first, second]) await shop.simulator.act(await shop.orderId(reference), 'pay')
      await shop.payments.check(first.token)
      const result = await shop.payments.refund({ reference: first.reference }, { reason: 'duplicate' })
      assert.deepEqual([result.state, result.amount.minor], ['done', 125_000])
      assert.equal((await refundsOf(await shop.orderId(second.reference))).length, 0)
    })
  })
}
