import assert from 'node:assert/strict'
import { after, before, describe, test } from 'node:test'
import type { AnyGateway } from '../../../../src/server/gateways/port.ts'
import type { TestDatabase } from '../../../support/test-database.ts'
import { until } from '../../../support/until.ts'
import type { Sender } from '../senders.ts'
import { startShop, type TestShop } from '../shop.ts'

/** What a notification leads to. */
export function notificationRules(database: TestDatabase, sender: Sender): void {
  describe(`notifications of ${sender.name}, on ${database.name}`, () => {
    let shop: TestShop<AnyGateway>
    before(async () => {
      shop = await startShop(sender.make, { databaseUrl: await database.url() })
    })
    after(() => shop.stop())

    const stored = () => shop.store.db.selectFrom('notifications').selectAll().execute()
    const isPaid = (token: string) =>
      until('paid', async () => (await shop.store.rows.paymentByToken(token))?.state === 'paid')
    const wasAsked = (reference: string) =>
      until('one question', async () => (await shop.store.rows.attemptByReference(reference))?.checks === 1)
    const trail = async (token: string) => (await shop.payments.find({ token }))?.audit ?? []
    const calls = async () => (await shop.simulator.orders()).flatMap((order) => order.calls).length

    test('a signed notification makes the kit read the status, and the status decides', async () => {
      const { token, reference } = await shop.open('honest')
      await shop.simulator.act(await shop.orderId(reference), 'pay')
      const answer = await shop.notify(sender.event(reference))
      assert.equal(answer.status, 200)
      await isPaid(token)
      const causes = (await trail(token))
        .filter(({ event: text }) => text === 'created -> paid')
        .map(({ cause }) => cause)
      assert.deepEqual(causes, ['notification'])
    })

    test('a signed notification that lies changes nothing: nobody paid', async () => {
      const { token, reference } = await shop.open('liar')
      assert.equal((await shop.notify(sender.event(reference))).status, 200)
      await wasAsked(reference)
      assert.equal((await shop.status(token)).state, 'created')
    })

    test('G4: a replay is 200 and has no effect, 1,000 times and 40 days later', async () => {
      const { token, reference } = await shop.open('replayed')
      const body = sender.event(reference)
      await shop.simulator.act(await shop.orderId(reference), 'pay')
      await shop.notify(body)
      await isPaid(token)
      const before = { calls: await calls(), stored: (await stored()).length, trail: (await trail(token)).length }
      for (let time = 0; time < 1_000; time += 1) assert.equal((await shop.notify(body)).status, 200)
      await shop.simulator.clock.advance(40 * 86_400_000)
      assert.equal((await shop.notify(body)).status, 200)
      assert.deepEqual(
        { calls: await calls(), stored: (await stored()).length, trail: (await trail(token)).length },
        before,
      )
    })

    test('G4: an event that names no id is taken, and once', async () => {
      const { token, reference } = await shop.open('nameless')
      const { id: _id, ...nameless } = sender.event(reference)
      await shop.simulator.act(await shop.orderId(reference), 'pay')
      const before = (await stored()).length
      for (const body of [nameless, nameless, { ...nameless, id: 5 }, { ...nameless, id: 5 }]) {
        assert.equal((await shop.notify(body)).status, 200)
      }
      await isPaid(token)
      assert.equal((await stored()).length - before, 2)
    })

    test('G4: the same event 50 times at once is stored once', async () => {
      const { reference } = await shop.open('at-once')
      const body = sender.event(reference)
      const answers = await Promise.all(Array.from({ length: 50 }, () => shop.notify(body)))
      assert.ok(answers.every(({ status }) => status === 200))
      assert.equal((await stored()).filter(({ id }) => id === `${sender.name}:${body.id}`).length, 1)
    })

    test('G6: whatever the order of arrival, paid stays paid', async () => {
      const { token, reference } = await shop.open('mixed-up')
      await shop.simulator.act(await shop.orderId(reference), 'pay')
      const types = sender.types.toReversed()
      for (const type of types) assert.equal((await shop.notify(sender.event(reference, { type }))).status, 200)
      await isPaid(token)
      for (const type of types) await shop.notify(sender.event(reference, { type }))
      await shop.payments.check(token)
      assert.equal((await shop.status(token)).state, 'paid')
    })

    test('G7: an event for an order that is not known yet comes again, and counts when it is known', async () => {
      const early = sender.event('NOBODYKNOWSTHIS')
      const answer = await shop.notify(early)
      assert.equal(answer.status, 503)
      assert.equal(((await answer.json()) as { code: string }).code, 'unavailable')
      assert.ok(Number(answer.headers.get('retry-after')) > 0)
      assert.equal(
        (await stored()).some(({ id }) => id === `${sender.name}:${early.id}`),
        false,
      )
      const { token, reference } = await shop.open('early')
      await shop.simulator.act(await shop.orderId(reference), 'pay')
      // The same event id again, now about an order of ours: the first try was not "seen".
      assert.equal((await shop.notify(sender.event(reference, { id: early.id }))).status, 200)
      await isPaid(token)
    })

    const nameOf = async (reference: string) =>
      (await shop.store.rows.attemptByReference(reference))?.notified_as ?? assert.fail('it has no name')

    test('G7: an event that names the order as the gateway does makes the kit read the status', async () => {
      const { token, reference } = await shop.open('their-words')
      await shop.simulator.act(await shop.orderId(reference), 'pay')
      const told = sender.gatewayEvent(await nameOf(reference))
      for (const _ of [1, 2]) assert.equal((await shop.notify(told)).status, 200)
      await isPaid(token)
      const of = (await stored()).filter((row) => row.reference === reference)
      assert.equal(of.length, 1, 'taken once, and kept under our own reference')
    })

    test('G7: a name that the gateway gave to no order of ours is 503, unless the type is unknown', async () => {
      const before = await stored()
      const answer = await shop.notify(sender.gatewayEvent('ord_of_nobody'))
      assert.equal(answer.status, 503)
      assert.ok(Number(answer.headers.get('retry-after')) > 0)
      assert.equal((await stored()).length, before.length)
      assert.equal((await shop.notify(sender.gatewayEvent('ord_of_nobody', 'payment.vanished'))).status, 200)
    })

    test('a name of another gateway’s order, and a reference that is not ours beside a name that is, are not known', async () => {
      const { reference } = await shop.open('two-names')
      const name = await nameOf(reference)
      const told = { ...sender.gatewayEvent(name), metadata: { orderId: 'NOBODYKNOWSTHIS' } }
      assert.equal((await shop.notify(told)).status, 503)
      const attempt = await shop.store.rows.attemptByReference(reference)
      await shop.store.transaction((rows) => rows.updateAttempt(attempt?.id ?? '', { gateway: 'ipay' }))
      assert.equal((await shop.notify(sender.gatewayEvent(name))).status, 503)
    })

    test('an order of another gateway is not known here', async () => {
      const { reference } = await shop.open('elsewhere')
      const attempt = await shop.store.rows.attemptByReference(reference)
      await shop.store.transaction((rows) => rows.updateAttempt(attempt?.id ?? '', { gateway: 'ipay' }))
      assert.equal((await shop.notify(sender.event(reference))).status, 503)
    })

    test('unknown types are 200 and logged; known ones about no order are 200', async () => {
      const { reference } = await shop.open('strange')
      const strange = sender.event(reference, { type: 'payment.levitated' })
      assert.equal((await shop.notify(strange)).status, 200)
      const log = shop.logged.filter(
        ({ event: name, fields }) => name === 'notification-of-unknown-type' && fields['type'] !== 'payment.vanished',
      )
      assert.deepEqual(
        log.map(({ fields }) => fields['type']),
        ['payment.levitated'],
      )
      for (const type of sender.aboutNoOrder) {
        assert.equal((await shop.notify(sender.event(null, { type }))).status, 200)
      }
      assert.equal((await shop.notify(sender.event('NOBODY', { type: 'payment.levitated' }))).status, 200)
      const { id: _id, ...nameless } = sender.event('NOBODY', { type: 'payment.levitated' })
      assert.equal((await shop.notify(nameless)).status, 200)
    })

    test('G8: an event whose question was lost with the process is asked about by the next one', async () => {
      const { token, reference } = await shop.open('crashed')
      const order = await shop.orderId(reference)
      await shop.simulator.act(order, 'pay')
      // The gateway is silent while the event comes in: stored, answered, and the question fails.
      await shop.simulator.faults({ on: 'status', do: 'status', value: 500 })
      const body = sender.event(reference)
      assert.equal((await shop.notify(body)).status, 200)
      await wasAsked(reference)
      await shop.simulator.faults()
      assert.equal((await shop.notify(body)).status, 200)
      assert.equal((await shop.store.rows.paymentByToken(token))?.state, 'created')
      const next = shop.restart()
      next.start()
      await shop.simulator.clock.advance(60_000)
      await until('the payment', async () => {
        await shop.simulator.clock.advance(1_000)
        return (await shop.store.rows.paymentByToken(token))?.state === 'paid'
      })
      await until('the delivery', async () => {
        await shop.simulator.clock.advance(1_000)
        return shop.paid.some(({ token: own }) => own === token)
      })
      await next.stop()
      assert.equal(shop.paid.filter(({ token: own }) => own === token).length, 1)
    })

    test('the event and the hour of its question are one transaction, before the 200', async () => {
      const { reference } = await shop.open('one-transaction')
      // Otherwise nobody would ask for an hour, or ever again.
      const hour = shop.simulator.clock.now() + 3_600_000
      const attempt = await shop.store.rows.attemptByReference(reference)
      await shop.store.transaction((rows) => rows.updateAttempt(attempt?.id ?? '', { next_check_at: hour }))
      await shop.simulator.faults({ on: 'status', do: 'hang' })
      const body = sender.event(reference)
      assert.equal((await shop.notify(body)).status, 200)
      const after = await shop.store.rows.attemptByReference(reference)
      assert.ok((await stored()).some(({ id }) => id === `${sender.name}:${body.id}`))
      assert.ok((after?.next_check_at ?? hour) <= shop.simulator.clock.now() + 6_000)
      await shop.simulator.faults()
      // The question that hangs ends by its deadline.
      await until('the question', () => shop.simulator.clock.waiting > 0)
      await shop.simulator.clock.advance(6_000)
      await wasAsked(reference)
    })

    for (const type of sender.types) {
      test(`${type} is stored and makes the kit read the status`, async () => {
        const { reference, token } = await shop.open(`type-${type}`)
        await shop.simulator.act(await shop.orderId(reference), 'pay')
        const told = sender.event(reference, { type })
        assert.equal((await shop.notify(told)).status, 200)
        await isPaid(token)
        const row = (await stored()).find(({ id }) => id === `${sender.name}:${told.id}`)
        assert.deepEqual([row?.type, row?.reference, row?.gateway], [type, reference, sender.name])
        assert.equal(
          shop.logged.some(
            ({ event: name, fields }) => name === 'notification-of-unknown-type' && fields['type'] === type,
          ),
          false,
        )
      })
    }
  })
}
