import assert from 'node:assert/strict'
import { after, before, describe, test } from 'node:test'
import { bdt } from '../../../../src/contract/money.ts'
import { REFUND_REASONS } from '../../../../src/server/gateways/port.ts'
import { OperationError } from '../../../../src/server/payments/operations/operation.ts'
import { recordOperation } from '../../../../src/server/payments/operations/record-operation.ts'
import { silent } from '../../../../src/server/telemetry.ts'
import type { TestDatabase } from '../../../support/test-database.ts'
import { until } from '../../../support/until.ts'
import { paymentsGateway, startShop, type TestShop } from '../../notifications/shop.ts'

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

    /** A payment of ৳1,250.00 that is paid and settled. */
    async function paid(cart: string) {
      const { token, reference } = await shop.open(cart)
      const order = await shop.orderId(reference)
      await shop.simulator.act(order, 'pay')
      await shop.payments.check(token)
      return { token, reference, order }
    }
    const trail = async (token: string) => (await shop.payments.find({ token }))?.audit.map(({ event }) => event) ?? []
    async function refundsOf(order: string) {
      const answer = await fetch(`${shop.simulator.url}/payments/api/refunds?payment=${order}`, {
        headers: { authorization: `Basic ${btoa('key:secret')}` },
      })
      return ((await answer.json()) as { data: { amount: number; reason: string }[] }).data
    }

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

    test('G23: a refund whose answer was lost is asked again under the same key, and is one refund', async () => {
      const { token, order } = await paid('lost')
      await shop.simulator.faults({ on: 'create', do: 'drop-reply', times: 1 })
      const result = await shop.payments.refund({ token }, { reason })
      assert.equal(result.state, 'done')
      assert.equal((await refundsOf(order)).length, 1)
    })

    test('G23: while nobody can tell, it is unknown and flagged, counts as given, and ends by itself', async () => {
      const { token, reference, order } = await paid('unknown')
      await shop.simulator.faults({ on: 'create', do: 'drop-reply', times: 2 })
      const result = await shop.payments.refund({ token }, { amount: bdt('1000.00'), reason })
      assert.equal(result.state, 'unknown')
      assert.deepEqual(
        shop.alarms.filter((alarm) => alarm.reference === reference).map(({ kind }) => kind),
        ['refund-unknown'],
      )
      await assert.rejects(shop.payments.refund({ token }, { amount: bdt('250.01'), reason }), code('too-much'))
      const next = shop.restart()
      next.start()
      await until('the same refund, known', async () => {
        await shop.simulator.clock.advance(5_000)
        return (await shop.status(token)).refunded === '1000.00'
      })
      await next.stop()
      assert.equal((await refundsOf(order)).length, 1)
      assert.equal((await shop.payments.refund({ token }, { amount: bdt('1000.00'), reason })).state, 'done')
      const flags = await shop.payments.flagged()
      assert.equal(
        flags.some((flag) => flag.reference === reference),
        false,
      )
    })

    test('a refund that was written before the process ended is finished by the next one', async () => {
      const { token, order } = await paid('killed')
      await shop.simulator.faults({ on: 'create', do: 'status', value: 503 })
      await shop.payments.refund({ token }, { reason })
      const [row] = await shop.store.db.selectFrom('operations').selectAll().where('state', '=', 'unknown').execute()
      // As a process leaves it that dies between the row and the gateway.
      await shop.store.db
        .updateTable('operations')
        .set({ state: 'started' })
        .where('id', '=', row?.id ?? '')
        .execute()
      await shop.simulator.faults()
      const next = shop.restart()
      next.start()
      await until('the refund', async () => {
        await shop.simulator.clock.advance(5_000)
        return (await shop.status(token)).refunded === '1250.00'
      })
      await next.stop()
      assert.equal((await refundsOf(order)).length, 1)
    })

    test('what the gateway refuses moved nothing, and may be asked for again', async () => {
      const { token, order } = await paid('refused')
      await shop.simulator.faults({ on: 'create', do: 'status', value: 400, times: 1 })
      const first = await shop.payments.refund({ token }, { reason })
      assert.deepEqual([first.state, first.detail], ['refused', 'HTTP 400'])
      assert.equal((await shop.status(token)).refunded, undefined)
      const second = await shop.payments.refund({ token }, { reason })
      assert.equal(second.state, 'done')
      assert.notEqual(second.id, first.id)
      assert.equal((await refundsOf(order)).length, 1)
    })

    for (const [status, state] of Object.entries({
      400: 'refused',
      401: 'unknown',
      402: 'refused',
      404: 'refused',
      409: 'unknown',
      429: 'unknown',
      500: 'unknown',
    })) {
      test(`the errors' table: ${status} on a refund is ${state}`, async () => {
        const { token } = await paid(`table-${status}`)
        await shop.simulator.faults({ on: 'create', do: 'status', value: Number(status) })
        assert.equal((await shop.payments.refund({ token }, { reason })).state, state)
        await shop.simulator.faults()
        assert.equal((await shop.payments.refund({ token }, { reason })).state, 'done')
      })
    }

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

    test('what is known for good is not made unknown by somebody who heard less', async () => {
      const { token } = await paid('known')
      const { id } = await shop.payments.refund({ token }, { reason })
      const [row] = await shop.store.db.selectFrom('operations').selectAll().where('id', '=', id).execute()
      assert.ok(row)
      const deps = { store: shop.store, clock: shop.simulator.clock, telemetry: silent }
      for (const outcome of [
        { kind: 'unknown', detail: 'timeout' },
        { kind: 'refused', detail: 'HTTP 400' },
      ] as const) {
        assert.equal((await recordOperation(deps, { ...row, state: 'started' }, outcome)).state, 'done')
      }
      assert.equal((await shop.payments.refund({ token }, { reason })).state, 'done')
    })

    test('a gateway that asks for patience is not asked again at once', async () => {
      const { token, order } = await paid('patience')
      const asked = async () =>
        ((await shop.simulator.control('GET', '/calls')) as { path: string }[]).filter(({ path }) =>
          path.endsWith('/refunds'),
        ).length
      const before = await asked()
      await shop.simulator.faults({ on: 'create', do: 'status', value: 429 })
      assert.equal((await shop.payments.refund({ token }, { reason })).state, 'unknown')
      await shop.simulator.faults()
      assert.equal((await asked()) - before, 1)
      assert.equal((await refundsOf(order)).length, 0)
    })

    test('after a day of silence it is left to the person who was told, and a click asks again under the same key', async () => {
      const { token, order } = await paid('a-day')
      await shop.simulator.faults({ on: 'create', do: 'status', value: 503 })
      const { id } = await shop.payments.refund({ token }, { reason })
      const state = async () =>
        (await shop.store.db.selectFrom('operations').select('state').where('id', '=', id).executeTakeFirst())?.state
      await shop.simulator.clock.advance(23 * 3_600_000)
      await shop.payments.refund({ token }, { reason })
      assert.equal(await state(), 'unknown')
      await shop.simulator.clock.advance(2 * 3_600_000)
      assert.equal((await shop.payments.refund({ token }, { reason })).state, 'unknown')
      assert.equal(await state(), 'unresolved')
      const open = await shop.store.rows.unfinishedOperations(shop.simulator.clock.now() + 1, 100)
      assert.equal(
        open.some((row) => row.id === id),
        false,
      )
      await shop.simulator.faults()
      const result = await shop.payments.refund({ token }, { reason })
      assert.deepEqual([result.id, result.state], [id, 'done'])
      assert.equal((await refundsOf(order)).length, 1)
    })

    test('only what was paid can be given back, in its own currency, for a listed reason', async () => {
      const { token } = await shop.open('unpaid')
      await assert.rejects(shop.payments.refund({ token }, { reason }), code('wrong-state'))
      await assert.rejects(shop.payments.refund({ token: 'nobody' }, { reason }), code('not-found'))
      await assert.rejects(shop.payments.refund({ reference: 'NOBODY' }, { reason }), code('not-found'))
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
