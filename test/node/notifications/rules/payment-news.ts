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

    const HOUR = 3_600_000
    const failing = { on: 'status', do: 'status', value: 500 } as const
    /** Sends an event whose question meets these faults; afterwards the gateway answers again. */
    async function notifiedInVain(
      reference: string,
      type: string,
      ...faults: Parameters<typeof shop.simulator.faults>
    ) {
      const checks = async () => (await shop.store.rows.attemptByReference(reference))?.checks
      const before = await checks()
      await shop.simulator.faults(...faults)
      assert.equal((await shop.notify(event(reference, { type }))).status, 200)
      await until('the question', async () => (await checks()) !== before)
      await shop.simulator.faults()
    }
    /** Goes on as after a restart until the news is there, and a bit longer. */
    async function found(what: string, isThere: () => boolean | Promise<boolean>) {
      const next = shop.restart()
      next.start()
      await until(what, async () => {
        await shop.simulator.clock.advance(2_000)
        return isThere()
      })
      await next.stop()
    }
    const nextCheckOf = async (reference: string) =>
      (await shop.store.rows.attemptByReference(reference))?.next_check_at ?? null

    test('G7: a payment a day after the end is found, although the first question about its notification fails', async () => {
      const { token, reference } = await shop.open('paid-late')
      const order = await shop.orderId(reference)
      await shop.simulator.act(order, 'expire')
      await shop.payments.check(token)
      await shop.simulator.clock.advance(25 * HOUR)
      await shop.payments.check(token)
      assert.equal(await nextCheckOf(reference), null)
      await shop.simulator.act(order, 'pay')
      await notifiedInVain(reference, 'payment.succeeded', failing)
      await found('paid', async () => (await shop.store.rows.paymentByToken(token))?.state === 'paid')
      assert.equal(await nextCheckOf(reference), null)
    })

    const news = {
      'payment.refunded': [
        'refund',
        async (token) => (await shop.store.rows.paymentByToken(token))?.refunded === 25_000,
      ],
      'payment.disputed': [
        'dispute',
        (_, own) => shop.alarms.some((it) => it.kind === 'disputed' && it.reference === own),
      ],
    } satisfies Record<string, [string, (token: string, reference: string) => boolean | Promise<boolean>]>
    for (const [type, [step, isThere]] of Object.entries(news)) {
      test(`G7: ${type} of a paid order is found, although the first question about it fails`, async () => {
        const { token, reference } = await shop.open(`in-vain-${step}`)
        const order = await shop.orderId(reference)
        await shop.simulator.act(order, 'pay')
        await shop.payments.check(token)
        await shop.simulator.control('POST', `/payments/${order}/${step}`, step === 'refund' ? { amount: 25_000 } : {})
        await notifiedInVain(reference, type, failing)
        await found(step, () => isThere(token, reference))
        assert.equal(await nextCheckOf(reference), null)
      })
    }

    test('G7: a dispute is found, although the payment alone could be read at first', async () => {
      const { token, reference } = await shop.open('half-read')
      const order = await shop.orderId(reference)
      await shop.simulator.act(order, 'pay')
      await shop.payments.check(token)
      await shop.simulator.control('POST', `/payments/${order}/dispute`, {})
      await notifiedInVain(reference, 'payment.disputed', { on: 'status', do: 'delay', ms: 0, times: 1 }, failing)
      await found('the alarm', () => shop.alarms.some((it) => it.kind === 'disputed' && it.reference === reference))
      assert.equal(await nextCheckOf(reference), null)
    })
  })
}
