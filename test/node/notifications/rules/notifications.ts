import assert from 'node:assert/strict'
import { after, before, describe, test } from 'node:test'
import type { TestDatabase } from '../../../support/test-database.ts'
import { until } from '../../../support/until.ts'
import { event, paymentsGateway, signed, startShop, type TestShop } from '../shop.ts'

export function notificationRules(database: TestDatabase): void {
  describe(`notifications, on ${database.name}`, () => {
    let shop: TestShop
    before(async () => {
      shop = await startShop(paymentsGateway(), { databaseUrl: await database.url() })
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
      const answer = await shop.notify(event(reference))
      assert.equal(answer.status, 200)
      await isPaid(token)
      const causes = (await trail(token))
        .filter(({ event: text }) => text === 'created -> paid')
        .map(({ cause }) => cause)
      assert.deepEqual(causes, ['notification'])
    })

    test('a signed notification that lies changes nothing: nobody paid', async () => {
      const { token, reference } = await shop.open('liar')
      assert.equal((await shop.notify(event(reference))).status, 200)
      await wasAsked(reference)
      assert.equal((await shop.status(token)).state, 'created')
    })

    test('G1: what the gateway did not sign is 401, is not stored and asks nobody', async () => {
      const { reference } = await shop.open('forged')
      const body = JSON.stringify(event(reference))
      const good = signed(body)
      const before = { stored: (await stored()).length, calls: await calls() }
      const forged = [
        null,
        '',
        ' ',
        '0',
        good.slice(1),
        `${good}0`,
        `${good}00`,
        good.slice(0, 63),
        'z'.repeat(64),
        '0'.repeat(64),
        '00',
        `sha256=${good}`,
        Buffer.from(good, 'hex').toString('base64'),
        signed(body, 'another secret'),
        signed(`${body} `),
        `${good},${good}`,
      ]
      for (const signature of forged) {
        const answer = await shop.notify(body, { signature })
        assert.equal(answer.status, 401, String(signature))
        assert.equal(((await answer.json()) as { code: string }).code, 'bad-signature')
      }
      assert.deepEqual({ stored: (await stored()).length, calls: await calls() }, before)
    })

    test('G1: no single flipped bit of body or signature passes', async () => {
      const { reference } = await shop.open('bits')
      const body = Buffer.from(JSON.stringify(event(reference)))
      const signature = signed(body.toString())
      const before = (await stored()).length
      for (let bit = 0; bit < body.length * 8; bit += 1) {
        const altered = Buffer.from(body)
        altered[bit >> 3] = (altered[bit >> 3] ?? 0) ^ (1 << (bit & 7))
        const answer = await shop.payments.fetch(
          new Request('https://localhost/ipay/orders/notifications/ipay-payments', {
            method: 'POST',
            headers: { 'ipay-signature': signature },
            body: altered,
          }),
        )
        assert.equal(answer.status, 401)
      }
      for (let at = 0; at < signature.length; at += 1) {
        const digit = ((Number.parseInt(signature[at] ?? '0', 16) + 1) % 16).toString(16)
        const altered = signature.slice(0, at) + digit + signature.slice(at + 1)
        assert.equal((await shop.notify(body.toString(), { signature: altered })).status, 401)
      }
      assert.equal((await stored()).length, before)
    })

    test('G3: the signature is of the bytes as they came, however JSON could be written otherwise', async () => {
      const { reference } = await shop.open('bytes')
      const plain = event(reference, { note: '৳ é' })
      const writings = [
        JSON.stringify({ ...plain, id: 'w1' }, null, 2),
        `\n\t ${JSON.stringify({ ...plain, id: 'w2' })}  \r\n`,
        JSON.stringify({ ...plain, id: 'w3' }).replace('৳', '\\u09f3'),
        `\ufeff${JSON.stringify({ ...plain, id: 'w4' })}`,
      ]
      for (const body of writings) {
        assert.equal((await shop.notify(body)).status, 200)
        // Signed for one writing of the same JSON, sent in another.
        const otherwise = JSON.stringify(JSON.parse(body.replace('\ufeff', '')))
        if (otherwise !== body) assert.equal((await shop.notify(body, { signature: signed(otherwise) })).status, 401)
      }
    })

    test('signed text that is no event is told apart from a forgery, and kept from nothing', async () => {
      for (const body of [
        '',
        'null',
        '[]',
        '{}',
        '{"id":1,"type":"x"}',
        '{"id":"","type":"x"}',
        'not json',
        '{"id":"a"}',
      ]) {
        assert.equal((await shop.notify(body)).status, 400, body)
      }
    })

    test('G4: a replay is 200 and has no effect, 1,000 times and 40 days later', async () => {
      const { token, reference } = await shop.open('replayed')
      const body = event(reference)
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

    test('G4: the same event 50 times at once is stored once', async () => {
      const { reference } = await shop.open('at-once')
      const body = event(reference)
      const answers = await Promise.all(Array.from({ length: 50 }, () => shop.notify(body)))
      assert.ok(answers.every(({ status }) => status === 200))
      assert.equal((await stored()).filter(({ id }) => id === `ipay-payments:${body.id}`).length, 1)
    })

    test('G6: whatever the order of arrival, paid stays paid', async () => {
      const { token, reference } = await shop.open('mixed-up')
      await shop.simulator.act(await shop.orderId(reference), 'pay')
      const types = ['payment.failed', 'payment.succeeded', 'payment.failed', 'payment.refunded', 'payment.disputed']
      for (const type of types) assert.equal((await shop.notify(event(reference, { type }))).status, 200)
      await isPaid(token)
      for (const type of types) await shop.notify(event(reference, { type }))
      await shop.payments.check(token)
      assert.equal((await shop.status(token)).state, 'paid')
    })

    test('G7: an event for an order that is not known yet comes again, and counts when it is known', async () => {
      const early = event('NOBODYKNOWSTHIS')
      const answer = await shop.notify(early)
      assert.equal(answer.status, 503)
      assert.equal(((await answer.json()) as { code: string }).code, 'unavailable')
      assert.ok(Number(answer.headers.get('retry-after')) > 0)
      assert.equal(
        (await stored()).some(({ id }) => id === `ipay-payments:${early.id}`),
        false,
      )
      const { token, reference } = await shop.open('early')
      await shop.simulator.act(await shop.orderId(reference), 'pay')
      // The same event id again, now about an order of ours: the first try was not "seen".
      assert.equal((await shop.notify({ ...early, data: event(reference).data })).status, 200)
      await isPaid(token)
    })

    test('an order of another gateway is not known here', async () => {
      const { reference } = await shop.open('elsewhere')
      const attempt = await shop.store.rows.attemptByReference(reference)
      await shop.store.transaction((rows) => rows.updateAttempt(attempt?.id ?? '', { gateway: 'ipay' }))
      assert.equal((await shop.notify(event(reference))).status, 503)
    })

    test('unknown types are 200 and logged; known ones about no order are 200', async () => {
      const { reference } = await shop.open('strange')
      const strange = event(reference, { type: 'payment.levitated' })
      assert.equal((await shop.notify(strange)).status, 200)
      const log = shop.logged.filter(({ event: name }) => name === 'notification-of-unknown-type')
      assert.deepEqual(
        log.map(({ fields }) => fields['type']),
        ['payment.levitated'],
      )
      for (const type of ['customer.created', 'customer.subscription.updated']) {
        assert.equal((await shop.notify(event(null, { type }))).status, 200)
      }
      assert.equal((await shop.notify(event('NOBODY', { type: 'payment.levitated' }))).status, 200)
    })

    test('G8: an event whose question was lost with the process is asked about by the next one', async () => {
      const { token, reference } = await shop.open('crashed')
      const order = await shop.orderId(reference)
      await shop.simulator.act(order, 'pay')
      // The gateway is silent while the event comes in: stored, answered, and the question fails.
      await shop.simulator.faults({ on: 'status', do: 'status', value: 500 })
      const body = event(reference)
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
      const body = event(reference)
      assert.equal((await shop.notify(body)).status, 200)
      const after = await shop.store.rows.attemptByReference(reference)
      assert.ok((await stored()).some(({ id }) => id === `ipay-payments:${body.id}`))
      assert.ok((after?.next_check_at ?? hour) <= shop.simulator.clock.now() + 6_000)
      await shop.simulator.faults()
      // The question that hangs ends by its deadline.
      await until('the question', () => shop.simulator.clock.waiting > 0)
      await shop.simulator.clock.advance(6_000)
      await wasAsked(reference)
    })

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
