import assert from 'node:assert/strict'
import { after, before, describe, test } from 'node:test'
import { OperationError } from '../../../../src/server/payments/operations/operation.ts'
import type { TestDatabase } from '../../../support/test-database.ts'
import { paymentsGateway, startShop, type TestShop } from '../../notifications/shop.ts'
import { ERRORS } from './errors-table.ts'

const wrongState = (error: unknown) => error instanceof OperationError && error.code === 'wrong-state'

export function captureAndVoidRules(database: TestDatabase): void {
  describe(`capture and void, on ${database.name}`, () => {
    let shop: TestShop
    before(async () => {
      shop = await startShop(paymentsGateway({ captureMethod: 'manual' }), { databaseUrl: await database.url() })
    })
    after(() => shop.stop())

    async function authorized(cart: string) {
      const { token, reference } = await shop.open(cart)
      const order = await shop.orderId(reference)
      await shop.simulator.act(order, 'authorize')
      await shop.payments.check(token)
      return { token, reference, order }
    }
    const isHandled = async (cart: string) => (await shop.payments.find({ purchaseId: cart }))?.status.state === 'paid'

    test('an authorised payment is not paid; captured it is', async () => {
      const { token } = await authorized('mugs')
      assert.equal((await shop.status(token)).state, 'processing')
      assert.equal(await isHandled('mugs'), false)
      const result = await shop.payments.capture({ token })
      assert.deepEqual([result.state, result.amount.minor], ['done', 125_000])
      assert.equal((await shop.status(token)).state, 'paid')
      assert.equal((await shop.payments.refund({ token }, { reason: 'order_canceled' })).state, 'done')
    })

    test('50 captures at once are one', async () => {
      const { token, order } = await authorized('at-once')
      const results = await Promise.all(Array.from({ length: 50 }, () => shop.payments.capture({ token })))
      assert.deepEqual(new Set(results.map(({ id, state }) => `${id} ${state}`)).size, 1)
      const calls = (await shop.simulator.orders()).find(({ orderId }) => orderId === order)?.calls ?? []
      assert.equal(calls.filter(({ path }) => path.endsWith('/capture')).length, 1)
      assert.equal((await shop.payments.capture({ token })).id, results[0]?.id, 'a late repeat is another capture')
    })

    test('a capture whose answer was lost is asked again under the same key', async () => {
      const { token } = await authorized('lost')
      await shop.simulator.faults({ on: 'create', do: 'drop-reply', times: 1 })
      assert.equal((await shop.payments.capture({ token })).state, 'done')
      assert.equal((await shop.status(token)).state, 'paid')
    })

    test('a void ends what was not taken, and nothing else', async () => {
      const { token } = await authorized('void')
      const result = await shop.payments.void({ token })
      assert.equal(result.state, 'done')
      assert.equal((await shop.status(token)).state, 'cancelled')
      await assert.rejects(shop.payments.capture({ token }), wrongState)
      const paid = await authorized('paid')
      await shop.payments.capture({ token: paid.token })
      await assert.rejects(shop.payments.void({ token: paid.token }), wrongState)
    })

    test('a void that comes too late is refused by the gateway, and the payment wins', async () => {
      const { token, order } = await authorized('late')
      await shop.simulator.act(order, 'pay')
      assert.equal((await shop.payments.void({ token })).state, 'refused')
      await shop.payments.check(token)
      assert.equal((await shop.status(token)).state, 'paid')
    })

    test('a capture too early is refused, and works once the payment is authorised', async () => {
      const { token, reference } = await shop.open('early')
      const order = await shop.orderId(reference)
      await shop.simulator.act(order, 'process')
      await shop.payments.check(token)
      assert.equal((await shop.payments.capture({ token })).state, 'refused')
      await shop.simulator.act(order, 'authorize')
      assert.equal((await shop.payments.capture({ token })).state, 'done')
    })

    for (const [status, state] of ERRORS) {
      test(`the errors' table: ${status} on a capture or a void is ${state}, and both can be asked for again`, async () => {
        const [taken, left] = [await authorized(`taken-${status}`), await authorized(`left-${status}`)]
        await shop.simulator.faults({ on: 'create', do: 'status', value: Number(status) })
        assert.equal((await shop.payments.capture({ token: taken.token })).state, state)
        assert.equal((await shop.payments.void({ token: left.token })).state, state)
        await shop.simulator.faults()
        assert.equal((await shop.payments.capture({ token: taken.token })).state, 'done')
        assert.equal((await shop.payments.void({ token: left.token })).state, 'done')
        assert.equal((await shop.status(taken.token)).state, 'paid')
        assert.equal((await shop.status(left.token)).state, 'cancelled')
      })
    }

    test('less captured than asked for is never paid in full: held for a person', async () => {
      const { token, reference, order } = await authorized('partly')
      await fetch(`${shop.simulator.url}/payments/api/payments/${order}/capture`, {
        method: 'POST',
        headers: { authorization: `Basic ${btoa('key:secret')}`, 'idempotency-key': 'by-hand' },
        body: JSON.stringify({ amount: 100_000 }),
      })
      await shop.payments.check(token)
      assert.equal((await shop.status(token)).state, 'unresolved')
      assert.deepEqual(
        shop.alarms.filter((alarm) => alarm.reference === reference).map(({ kind }) => kind),
        ['amount-mismatch'],
      )
    })
  })
}
