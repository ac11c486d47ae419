import assert from 'node:assert/strict'
import { after, before, describe, test } from 'node:test'
import { bdt } from '../../../../src/contract/money.ts'
import { OperationError } from '../../../../src/server/payments/operations/operation.ts'
import { recordOperation } from '../../../../src/server/payments/operations/record-operation.ts'
import { silent } from '../../../../src/server/telemetry.ts'
import type { TestDatabase } from '../../../support/test-database.ts'
import { until } from '../../../support/until.ts'
import { paymentsGateway, startShop, type TestShop } from '../../notifications/shop.ts'
import { ERRORS } from './errors-table.ts'
import { refundsOver } from './paid.ts'

const reason = 'requested_by_customer' as const
const code = (expected: OperationError['code']) => (error: unknown) =>
  error instanceof OperationError && error.code === expected

export function unsureRefundRules(database: TestDatabase): void {
  describe(`refunds of which nobody knows at once, on ${database.name}`, () => {
    let shop: TestShop
    before(async () => {
      shop = await startShop(paymentsGateway(), { databaseUrl: await database.url() })
    })
    after(() => shop.stop())

    const { paid, refundsOf } = refundsOver(() => shop)

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

    for (const [status, state] of ERRORS) {
      test(`the errors' table: ${status} on a refund is ${state}`, async () => {
        const { token } = await paid(`table-${status}`)
        await shop.simulator.faults({ on: 'create', do: 'status', value: Number(status) })
        assert.equal((await shop.payments.refund({ token }, { reason })).state, state)
        await shop.simulator.faults()
        assert.equal((await shop.payments.refund({ token }, { reason })).state, 'done')
      })
    }

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
  })
}
