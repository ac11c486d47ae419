import assert from 'node:assert/strict'
import { describe, test } from 'node:test'
import fc from 'fast-check'
import { bdt } from '../../../../src/contract/money.ts'
import type { GatewayReading } from '../../../../src/server/gateways/port.ts'
import type { OrderState, ScriptedOrder } from '../../../support/scripted-gateway.ts'
import { createKit, type Kit, PRICE } from '../kit.ts'
import type { Database } from './databases.ts'

const SECOND = 1_000
const MINUTE = 60 * SECOND
const HOUR = 60 * MINUTE

/** A pressed purchase and its order at the gateway. */
async function opened(kit: Kit, cart = 'c1', key = `key-of-${cart}`): Promise<{ token: string; order: ScriptedOrder }> {
  const { reply } = await kit.press(cart, { key })
  return { token: reply.token, order: kit.gateway.order(reply.paymentUrl) }
}

const kinds = (kit: Kit) => kit.alarms.map(({ kind }) => kind)

/** A return visit, as the gateway's callback makes one; which of the three it was changes nothing. */
const visit = (kit: Kit, token: string) => kit.run(kit.service.returned(token, { ask: true }))

type PaymentReading = Extract<GatewayReading, { kind: 'payment' }>

/** The gateway's genuine word with some members replaced. */
const but =
  (changes: Partial<PaymentReading>) =>
  (genuine: GatewayReading): GatewayReading => {
    assert.equal(genuine.kind, 'payment')
    return { ...(genuine as PaymentReading), ...changes }
  }

export function settlingRules(database: Database): void {
  const newKit = async () => createKit(await database.store())

  describe(`settling, on ${database.name}`, () => {
    test('E1: a hand-typed return address of an unpaid order pays nothing (OWASP ASVS 5.0, 2.3.1)', async () => {
      const kit = await newKit()
      const { token } = await opened(kit)
      await visit(kit, token)
      await kit.deliver()
      const status = await kit.status(token)
      assert.equal(status.state, 'created')
      assert.equal(status.paidAt, null)
      assert.equal(kit.handled.length, 0)
    })

    test('E2: a small order that is paid says nothing about a big one', async () => {
      const kit = await newKit()
      kit.prices.set('small', bdt('5.00'))
      const small = await opened(kit, 'small')
      const big = await opened(kit, 'big')
      kit.gateway.move(small.order, 'paid')
      await visit(kit, small.token)
      await visit(kit, big.token)
      await kit.deliver()
      assert.equal((await kit.status(big.token)).state, 'created')
      assert.deepEqual(
        kit.handled.map(({ purchaseId }) => purchaseId),
        ['small'],
      )
    })

    test('E2: an answer about another order, whatever it says, holds the payment for a person', async () => {
      const lies: Partial<PaymentReading>[] = [{ reference: 'SOMEBODYELSES' }, { orderId: 'IPAY-99999999' }]
      for (const lie of lies) {
        const kit = await newKit()
        const { token, order } = await opened(kit)
        kit.gateway.move(order, 'paid')
        kit.gateway.onRead({ reply: but(lie) })
        await visit(kit, token)
        await kit.deliver()
        const status = await kit.status(token)
        assert.notEqual(status.state, 'paid')
        assert.equal(status.transactionId, null)
        assert.deepEqual(kinds(kit), ['order-mismatch'])
        assert.equal(kit.handled.length, 0)
      }
    })

    test('E4: fifty visits of an old success address of a paid order have no effect and ask nobody', async () => {
      const kit = await newKit()
      const { token, order } = await opened(kit)
      kit.gateway.move(order, 'paid')
      await visit(kit, token)
      await kit.deliver()
      const before = await kit.status(token)
      const asked = kit.gateway.calls.length
      await kit.run(Promise.all(Array.from({ length: 50 }, () => kit.service.returned(token, { ask: true }))))
      await kit.deliver()
      assert.deepEqual(await kit.status(token), before)
      assert.equal(kit.gateway.calls.length, asked)
      assert.equal(kit.handled.length, 1)
    })

    test('E5: whichever return address of a paid order is opened, the buyer gets the receipt', async () => {
      const kit = await newKit()
      const { token, order } = await opened(kit)
      kit.gateway.move(order, 'paid')
      await visit(kit, token)
      const status = await kit.status(token)
      assert.equal(status.state, 'paid')
      assert.equal(status.transactionId, order.transactionId)
      assert.equal(status.retry, 'no')
      assert.equal(status.pollAfter, null)
      assert.equal(status.paymentUrl, null)
    })

    test('E9: thirty visits, questions and rounds at the same moment make one delivery (OWASP ASVS 5.0, 15.4.2)', async () => {
      const kit = await newKit()
      const { token, order } = await opened(kit)
      kit.gateway.move(order, 'paid')
      await kit.clock.advance(10 * SECOND)
      const instances = [kit, kit.twin(), kit.twin()]
      await kit.run(
        Promise.all(
          instances.flatMap((instance) => [
            ...Array.from({ length: 5 }, () => instance.service.returned(token, { ask: true })),
            ...Array.from({ length: 4 }, () => instance.service.status(token)),
            instance.reconcile(),
          ]),
        ),
      )
      await kit.run(Promise.all(instances.map((instance) => instance.deliver())))
      assert.equal(kit.handled.length, 1)
      assert.equal((await kit.status(token)).state, 'paid')
    })

    for (const end of ['cancelled', 'failed', 'expired'] as const) {
      test(`E15: an order that was ${end} and is paid later counts as paid, once, with a flag`, async () => {
        const kit = await newKit()
        const { token, order } = await opened(kit)
        kit.gateway.move(order, end)
        await visit(kit, token)
        assert.equal((await kit.status(token)).state, end)
        kit.gateway.move(order, 'paid', { force: true })
        await kit.pass(30 * MINUTE)
        const status = await kit.status(token)
        assert.equal(status.state, 'paid')
        assert.equal(status.reason, null)
        assert.deepEqual(kinds(kit), ['late-success'])
        assert.equal(kit.handled.length, 1)
      })
    }

    for (const word of ['error', 'unknown'] as const) {
      test(`E16: the answer "${word}" is neither paid nor failed: it is unresolved, and nothing is opened beside it`, async () => {
        const kit = await newKit()
        const { token, order } = await opened(kit)
        kit.gateway.behave.read = () => ({ reply: but({ state: word }) })
        await visit(kit, token)
        const status = await kit.status(token)
        assert.equal(status.state, 'unresolved')
        assert.equal(status.retry, 'wait')
        assert.deepEqual(kinds(kit), [word === 'error' ? 'gateway-error' : 'unknown-status'])
        assert.equal((await kit.refusal('c1', { key: 'key-of-later' })).code, 'already-paid')
        kit.gateway.behave.read = () => ({})
        kit.gateway.move(order, 'paid')
        await kit.pass(MINUTE)
        assert.equal((await kit.status(token)).state, 'paid')
        assert.equal(kit.handled.length, 1)
      })
    }

    test('E16: a paid answer whose texts hold what no database takes is settled all the same', async () => {
      const kit = await newKit()
      const { token, order } = await opened(kit)
      kit.gateway.move(order, 'paid')
      const odd = 'TX\u0000-\ud800-\uffff'
      kit.gateway.behave.read = () => ({ reply: but({ transactionId: odd, raw: `{"a":"\u0000${odd}"}` }) })
      await kit.pass(MINUTE)
      const status = await kit.status(token)
      assert.equal(status.state, 'paid')
      assert.match(status.transactionId ?? '', /^TX.*-/)
      assert.equal(kit.handled.length, 1)
    })

    test('E7: while the gateway does not answer, the status says what was known and asks to come back', async () => {
      const kit = await newKit()
      const { token } = await opened(kit)
      kit.gateway.behave.read = () => ({ reply: 'lost' })
      const startedAt = kit.clock.now()
      await visit(kit, token)
      assert.ok(kit.clock.now() - startedAt <= 3_100, 'the visit waited longer than 3 s')
      const status = await kit.status(token)
      assert.equal(status.state, 'created')
      assert.ok((status.pollAfter ?? 0) >= 1)
    })

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

    const moves: readonly OrderState[] = ['created', 'processing', 'cancelled', 'failed', 'expired', 'error']
    test('G6: whatever the gateway says after paid, and in whatever order, paid it stays', async () => {
      await fc.assert(
        fc.asyncProperty(
          fc.shuffledSubarray([...moves], { minLength: 1 }),
          fc.nat(moves.length),
          async (words, position) => {
            const kit = await newKit()
            const { token, order } = await opened(kit)
            const news: OrderState[] = [...words]
            news.splice(Math.min(position, news.length), 0, 'paid')
            let paid = false
            for (const word of news) {
              kit.gateway.move(order, word, { force: true })
              await kit.clock.advance(6 * SECOND)
              await kit.operator.check(token)
              paid ||= word === 'paid'
              assert.equal((await kit.status(token)).state === 'paid', paid, `${news.join()} at ${word}`)
            }
            await kit.deliver()
            assert.equal(kit.handled.length, 1)
          },
        ),
        { numRuns: Number(process.env['RULE_RUNS'] ?? (database.another ? 40 : 300)) },
      )
    })

    test('G6: an answer that was asked for earlier does not override a newer one', async () => {
      const kit = await newKit()
      const { token, order } = await opened(kit)
      const attempt = await kit.store.rows.attemptByReference(order.reference)
      assert.ok(attempt)
      const twin = kit.twin()
      // Asked first while the order is still created; the answer arrives last.
      kit.gateway.onRead({ replyMs: 4 * SECOND })
      const slow = kit.reader.read(attempt, 'return', 0)
      await kit.clock.advance(SECOND)
      kit.gateway.move(order, 'cancelled')
      await twin.reader.read(attempt, 'return', 0)
      await kit.run(slow)
      assert.equal((await kit.status(token)).state, 'cancelled')
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

    test('G13: an abandoned order ends when the gateway says so, and is not asked about for ever', async () => {
      const kit = await newKit()
      const { token, order } = await opened(kit)
      await kit.pass(14 * MINUTE)
      assert.equal((await kit.status(token)).state, 'created')
      await kit.pass(2 * MINUTE)
      const status = await kit.status(token)
      assert.equal(status.state, 'expired')
      assert.equal(status.retry, 'now')
      const attempt = () => kit.store.rows.attemptByReference(order.reference)
      for (let next = (await attempt())?.next_check_at; next; next = (await attempt())?.next_check_at) {
        await kit.clock.advance(Math.max(0, next - kit.clock.now()))
        await kit.reconcile()
      }
      assert.ok(kit.clock.now() - order.createdAt <= 24 * HOUR + MINUTE)
      assert.ok(kit.gateway.calls.length < 80, `${kit.gateway.calls.length} calls`)
      const asked = kit.gateway.calls.length
      await kit.clock.advance(48 * HOUR)
      await kit.reconcile()
      assert.equal(kit.gateway.calls.length, asked)
    })

    test('G13: past the end, with a gateway that says nothing, an order is processing and not expired', async () => {
      const kit = await newKit()
      const { token } = await opened(kit)
      kit.gateway.behave.read = () => ({ reply: { kind: 'unreachable', detail: 'HTTP 500' } })
      await kit.pass(20 * MINUTE)
      assert.equal((await kit.status(token)).state, 'processing')
    })

    test('G13: after a day without an answer the operator is called, once, and nobody asks any more', async () => {
      const kit = await newKit()
      const { token, order } = await opened(kit)
      kit.gateway.behave.read = () => ({ reply: { kind: 'unreachable', detail: 'HTTP 500' } })
      for (let hours = 0; hours < 26; hours++) {
        await kit.clock.advance(HOUR)
        await kit.reconcile()
      }
      assert.equal((await kit.status(token)).state, 'unresolved')
      assert.deepEqual(kinds(kit), ['unresolved-after-24h'])
      assert.equal((await kit.store.rows.attemptByReference(order.reference))?.next_check_at, null)
      assert.deepEqual(
        (await kit.operator.flagged()).map(({ kind, reference }) => [kind, reference]),
        [['unresolved-after-24h', order.reference]],
      )
    })

    for (const at of ['14:59', '15:01']) {
      test(`G14: a payment at ${at}, around the end of the order's life, wins and is never silent`, async () => {
        const kit = await newKit()
        const { token, order } = await opened(kit)
        const [minutes = 0, seconds = 0] = at.split(':').map(Number)
        await kit.pass(minutes * MINUTE + seconds * SECOND)
        kit.gateway.move(order, 'paid', { force: true })
        await kit.pass(30 * MINUTE)
        assert.equal((await kit.status(token)).state, 'paid')
        assert.equal(kit.handled.length, 1)
      })
    }

    test('a gateway that has lost an order whose link is out is a matter for a person', async () => {
      const kit = await newKit()
      const { token } = await opened(kit)
      kit.gateway.behave.read = () => ({ reply: { kind: 'absent', raw: 'HTTP 404' } })
      await kit.pass(30 * SECOND)
      assert.equal((await kit.status(token)).state, 'created')
      await kit.pass(2 * MINUTE)
      assert.equal((await kit.status(token)).state, 'unresolved')
      assert.deepEqual(kinds(kit), ['gateway-lost-order'])
    })

    test('crowds share one question: a hundred status reads in one second ask the gateway once', async () => {
      const kit = await newKit()
      const { token } = await opened(kit)
      await kit.clock.advance(10 * SECOND)
      const before = kit.gateway.calls.length
      await kit.run(Promise.all(Array.from({ length: 100 }, () => kit.service.status(token))))
      assert.equal(kit.gateway.calls.length - before, 1)
    })

    test('every change of an attempt stands in the audit trail with its cause', async () => {
      const kit = await newKit()
      const { token, order } = await opened(kit)
      kit.gateway.move(order, 'paid')
      await visit(kit, token)
      await kit.deliver()
      const record = await kit.operator.find({ token })
      assert.deepEqual(
        record?.audit.map(({ cause, event }) => `${cause}: ${event}`),
        ['open: attempt-written', 'open: opening -> created', 'return: created -> paid', 'delivery: delivered'],
      )
      assert.ok(record?.deliveredAt)
      assert.equal((await kit.operator.find({ purchaseId: 'c1' }))?.id, record?.id)
      assert.equal((await kit.operator.find({ reference: order.reference }))?.id, record?.id)
    })
  })
}
