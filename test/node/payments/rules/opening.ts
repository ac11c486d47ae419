import assert from 'node:assert/strict'
import { describe, test } from 'node:test'
import { bdt } from '../../../../src/contract/money.ts'
import { CRASH_POINTS, type CrashPoint } from '../../../../src/server/crash-points.ts'
import { CLAIM_MS } from '../../../../src/server/payments/claim-opening.ts'
import type { Opened } from '../../../../src/server/payments/service.ts'
import { ProblemError } from '../../../../src/server/problem-error.ts'
import { until } from '../../../support/until.ts'
import { createKit, type Kit, type KitOptions, PRICE } from '../kit.ts'
import type { Database } from './databases.ts'

const MINUTE = 60_000
const COME_BACK = ['in-progress', 'unavailable']

/** Presses that end in the same order, or in a word to come back; any other outcome fails the test. */
async function together(kit: Kit, presses: readonly (() => Promise<Opened>)[]): Promise<Opened[]> {
  const results = await kit.run(Promise.allSettled(presses.map((press) => press())))
  return results.flatMap((result) => {
    if (result.status === 'fulfilled') return [result.value]
    // A crowd is larger than the pool of connections: on a slow machine some of it are told to come back for that.
    const { reason } = result
    assert.ok(reason instanceof ProblemError && COME_BACK.includes(reason.code), String(reason))
    assert.ok((reason.extras.retryAfter ?? 0) >= 1)
    return []
  })
}

export function openingRules(database: Database): void {
  const newKit = async (options: KitOptions = {}) => createKit(await database.store(), options)
  const crowd = 100

  describe(`opening, on ${database.name}`, () => {
    test('F6: the same key and body, a hundred times, are answered with the same link and one order', async () => {
      const kit = await newKit()
      const first = await kit.press('c1')
      assert.equal(first.created, true)
      for (let i = 0; i < 100; i++) {
        const again = await kit.press('c1', { order: { cart: 'c1' } })
        assert.equal(again.created, false)
        assert.deepEqual({ ...again.reply, serverTime: '' }, { ...first.reply, serverTime: '' })
      }
      assert.equal(kit.gateway.orders.length, 1)
    })

    test('F6: members of the order in another sequence are the same body', async () => {
      const kit = await newKit()
      const first = await kit.press('c1', { order: { cart: 'c1', items: [{ sku: 'mug', quantity: 2 }] } })
      const again = await kit.press('c1', { order: { items: [{ quantity: 2, sku: 'mug' }], cart: 'c1' } })
      assert.equal(again.reply.paymentUrl, first.reply.paymentUrl)
    })

    test('F7: the same key with another cart or another order is key-reused, and opens nothing', async () => {
      const kit = await newKit()
      await kit.press('c1', { key: 'key-00000001' })
      const bodies = [{ cart: 'c2' }, { cart: 'c1', items: [] }, { cart: 'c1', gift: true }]
      for (const order of bodies) {
        const problem = await kit.refusal(order.cart, { key: 'key-00000001', order })
        assert.equal(problem.code, 'key-reused')
      }
      const unsold = await kit.refusal('c1', { key: 'key-00000001', order: { cart: 7 } })
      assert.equal(unsold.code, 'key-reused', 'also an order that the shop does not sell')
      assert.equal(kit.gateway.orders.length, 1)
    })

    test('F7: one new key for two purchases at the same moment belongs to one of them', async () => {
      const kit = await newKit()
      const results = await kit.run(
        Promise.allSettled(['c1', 'c2'].map((cart) => kit.press(cart, { key: 'key-00000001' }))),
      )
      const opened = results.filter((result) => result.status === 'fulfilled')
      const refused = results.filter((result) => result.status === 'rejected')
      assert.equal(opened.length, 1)
      assert.ok(refused[0]?.reason instanceof ProblemError && refused[0].reason.code === 'key-reused')
      assert.equal(kit.gateway.orders.length, 1)
    })

    test(`F8: ${crowd} presses with the same key at once make one call to the gateway (OWASP ASVS 5.0, 2.3.4)`, async () => {
      const kit = await newKit()
      kit.gateway.onOpen({ replyMs: 300 })
      const opened = await together(
        kit,
        Array.from({ length: crowd }, () => () => kit.press('c1')),
      )
      assert.equal(kit.gateway.calls.filter((call) => call.kind === 'open').length, 1)
      assert.equal(new Set(opened.map(({ reply }) => reply.paymentUrl)).size, 1)
      const later = await kit.press('c1')
      assert.equal(later.reply.paymentUrl, kit.gateway.orders[0]?.paymentUrl)
    })

    test(`D6: ${crowd} presses of one purchase with keys of their own make one call to the gateway`, async () => {
      const kit = await newKit()
      kit.gateway.onOpen({ replyMs: 300 })
      const opened = await together(
        kit,
        Array.from({ length: crowd }, (_, i) => () => kit.press('c1', { key: `key-of-tab-${i}` })),
      )
      assert.equal(kit.gateway.calls.filter((call) => call.kind === 'open').length, 1)
      assert.equal(new Set(opened.map(({ reply }) => reply.token)).size, 1)
    })

    test('F8: of a crowd with one new key nobody is given a link that was cancelled after it was last asked about', async () => {
      const kit = await newKit()
      const twin = kit.twin()
      const first = await kit.press('c1', { key: 'key-00000001' })
      await kit.clock.advance(100)
      await twin.press('c1', { key: 'key-00000001' })
      kit.gateway.move(kit.gateway.order(first.reply.reference), 'cancelled')
      await kit.clock.advance(100)
      kit.gateway.onRead({ replyMs: 50 })
      const opened = await together(
        kit,
        [kit, twin, twin].map((instance) => () => instance.press('c1', { key: 'key-00000002' })),
      )
      assert.equal(new Set(opened.map(({ reply }) => reply.paymentUrl)).size, 1)
      assert.notEqual(opened[0]?.reply.paymentUrl, first.reply.paymentUrl)
    })

    test('F9: three instances that share the database make one call to the gateway', async () => {
      const kit = await newKit()
      const instances = [kit, ...(await twins(kit, 2))]
      kit.gateway.onOpen({ replyMs: 300 })
      const presses = instances.flatMap((instance) => Array.from({ length: 12 }, () => () => instance.press('c1')))
      const opened = await together(kit, presses)
      assert.equal(kit.gateway.calls.filter((call) => call.kind === 'open').length, 1)
      assert.equal(new Set(opened.map(({ reply }) => reply.paymentUrl)).size, 1)
    })

    test('F10: a claim whose holder died runs out, and the next press opens', async () => {
      const kit = await newKit()
      const dying = kit.twin({ reached: diesAt('after-attempt-row') })
      await assert.rejects(dying.press('c1'), Died)
      const problem = await kit.run(kit.refusal('c1'))
      assert.equal(problem.code, 'in-progress')
      await kit.clock.advance(CLAIM_MS)
      const opened = await kit.press('c1')
      assert.equal(opened.created, true)
      assert.equal(kit.gateway.orders.length, 1)
    })

    test('F10: an instance that slept through its claim gives its address to nobody', async () => {
      const kit = await newKit()
      const sleeper = kit.twin()
      kit.gateway.onOpen({ replyMs: 7_900 })
      const slow = sleeper.press('c1').then(
        () => assert.fail('the sleeper got an address'),
        (error: unknown) => error,
      )
      await until('the gateway was asked', () => kit.gateway.calls.length === 1)
      // The clock jumps as it does for a process that was stopped: no timer of its own ran meanwhile.
      const row = await kit.store.rows.paymentByPurchase('c1')
      assert.ok(row?.claim)
      await kit.store.transaction((rows) => rows.updatePayment(row.id, { claim_until: kit.clock.now() }))
      const other = await kit.press('c1', { key: 'key-of-other' })
      const problem = await kit.run(slow)
      assert.ok(problem instanceof ProblemError && problem.code === 'in-progress', String(problem))
      const attempts = await kit.store.rows.attempts(row.id)
      assert.deepEqual(
        attempts.map((attempt) => attempt.payment_url),
        [null, other.reply.paymentUrl],
      )
    })

    for (const point of CRASH_POINTS.slice(0, 6)) {
      test(`F1: after death ${point} the same purchase ends with exactly one payable link`, async () => {
        const kit = await newKit()
        const dying = kit.twin({ reached: diesAt(point) })
        await assert.rejects(kit.run(dying.press('c1')), Died)
        await kit.store.releaseClaims()
        const opened = await kit.press('c1')
        const attempts = await kit.store.rows.attempts((await kit.store.rows.paymentByPurchase('c1'))?.id ?? '')
        const links = attempts.filter((attempt) => attempt.payment_url !== null)
        assert.deepEqual(
          links.map((attempt) => attempt.payment_url),
          [opened.reply.paymentUrl],
        )
        assert.ok(kit.gateway.isPayable(kit.gateway.order(opened.reply.paymentUrl)))
        // What the dead instance left at the gateway is known to the reconciler, or never happened.
        await kit.pass(2 * MINUTE)
        for (const order of kit.gateway.orders) {
          const attempt = await kit.store.rows.attemptByReference(order.reference)
          assert.equal(attempt?.order_id, order.orderId)
        }
      })
    }

    test('A11: after a failed try the same key leads to one live link, and the lost order is watched', async () => {
      const kit = await newKit()
      kit.gateway.onOpen({ reply: 'lost' })
      const problem = await kit.run(kit.refusal('c1'))
      assert.equal(problem.code, 'gateway-unavailable')
      assert.ok((problem.extras.retryAfter ?? 0) >= 1)
      const opened = await kit.press('c1')
      const again = await kit.press('c1')
      assert.equal(again.reply.paymentUrl, opened.reply.paymentUrl)
      assert.equal(kit.gateway.orders.length, 2)
      await kit.pass(5_000)
      const lost = await kit.store.rows.attemptByReference(kit.gateway.orders[0]?.reference ?? '')
      assert.equal(lost?.state, 'created')
      assert.equal(lost?.payment_url, null)
      assert.notEqual(lost?.next_check_at, null)
    })

    test('B2: a request whose answer was lost on the way to the page lands on the same order when repeated', async () => {
      const kit = await newKit()
      const lost = await kit.press('c1')
      const repeated = await kit.press('c1')
      assert.equal(repeated.created, false)
      assert.equal(repeated.reply.paymentUrl, lost.reply.paymentUrl)
      assert.equal(kit.gateway.orders.length, 1)
    })

    test('B3: a request that the browser sent twice by itself makes one order', async () => {
      const kit = await newKit()
      const opened = await together(kit, [() => kit.press('c1'), () => kit.press('c1')])
      assert.ok(opened.length >= 1)
      assert.equal(kit.gateway.orders.length, 1)
    })

    test('F2: an order whose answer came too late is found by its reference, and its address is given to nobody', async () => {
      const kit = await newKit()
      kit.gateway.onOpen({ replyMs: 60_000 })
      const problem = await kit.run(kit.refusal('c1'))
      assert.equal(problem.code, 'gateway-unavailable')
      const [lost] = kit.gateway.orders
      await kit.pass(10_000)
      const attempt = await kit.store.rows.attemptByReference(lost?.reference ?? '')
      assert.equal(attempt?.order_id, lost?.orderId)
      const opened = await kit.press('c1')
      assert.notEqual(opened.reply.paymentUrl, lost?.paymentUrl)
    })

    test('F2: while it is not known whether a link that is out can still be paid, no second one is opened', async () => {
      const kit = await newKit()
      await kit.press('c1')
      await kit.clock.advance(16 * MINUTE)
      kit.gateway.behave.read = () => ({ reply: 'lost' })
      const problem = await kit.run(kit.refusal('c1', { key: 'key-of-later' }))
      assert.equal(problem.code, 'gateway-unavailable')
      assert.equal(kit.gateway.orders.length, 1)
      kit.gateway.behave.read = () => ({})
      const opened = await kit.press('c1', { key: 'key-of-later' })
      assert.equal(opened.created, true)
    })

    test('F3: a 409 for a reference of ours opens another attempt, and no error reaches the buyer', async () => {
      const kit = await newKit()
      // A proxy that sent the request again: the first copy made the order, the second one is answered with 409.
      kit.gateway.onOpen({ request: 'twice' })
      const opened = await kit.press('c1')
      assert.equal(opened.created, true)
      assert.equal(kit.gateway.orders.length, 2)
      const [first] = kit.gateway.orders
      assert.notEqual(opened.reply.paymentUrl, first?.paymentUrl)
      await kit.pass(MINUTE)
      assert.equal((await kit.store.rows.attemptByReference(first?.reference ?? ''))?.order_id, first?.orderId)
    })

    test('F3: a gateway that answers every order with 409 is unavailable, and is not asked for ever', async () => {
      const kit = await newKit()
      kit.gateway.behave.open = () => ({ request: 'twice' })
      const problem = await kit.run(kit.refusal('c1'))
      assert.equal(problem.code, 'gateway-unavailable')
      assert.ok(kit.gateway.calls.filter((call) => call.kind === 'open').length <= 2)
    })

    test('E14: after expiry the buyer gets a new order under a new reference, and the old one is watched', async () => {
      const kit = await newKit()
      const first = await kit.press('c1')
      await kit.clock.advance(16 * MINUTE)
      const second = await kit.press('c1')
      assert.equal(second.created, true)
      assert.notEqual(second.reply.reference, first.reply.reference)
      assert.equal(second.reply.token, first.reply.token)
      const old = await kit.store.rows.attemptByReference(first.reply.reference)
      assert.equal(old?.state, 'expired')
      assert.notEqual(old?.next_check_at, null)
    })

    test('F13: the price of the shop wins over the one that was shown, and nothing is opened', async () => {
      const kit = await newKit()
      kit.prices.set('c1', bdt('300.00'))
      const problem = await kit.refusal('c1', { shown: bdt('100.00') })
      assert.equal(problem.code, 'price-changed')
      assert.deepEqual([problem.extras.amount, problem.extras.currency], ['300.00', 'BDT'])
      assert.equal(kit.gateway.orders.length, 0)
      const accepted = await kit.press('c1', { shown: bdt('300.00') })
      assert.equal(accepted.reply.amount, '300.00')
    })

    test('F13: a price that changed while a link was out opens a new attempt; the old one paid is held and flagged', async () => {
      const kit = await newKit()
      const old = await kit.press('c1')
      kit.prices.set('c1', bdt('2000.00'))
      const fresh = await kit.press('c1')
      assert.equal(fresh.created, true)
      assert.equal(fresh.reply.amount, '2000.00')
      kit.gateway.move(kit.gateway.order(old.reply.paymentUrl), 'paid')
      await kit.pass(2 * MINUTE)
      assert.equal((await kit.status(old.reply.token)).state, 'unresolved')
      assert.deepEqual(
        kit.alarms.map(({ kind }) => kind),
        ['paid-at-old-price'],
      )
      assert.equal(kit.handled.length, 0)
      assert.equal((await kit.refusal('c1')).code, 'already-paid')
    })

    test('F13: a press that was priced before another one does not bring the old price back', async () => {
      const kit = await newKit()
      const old = await kit.press('c1')
      await kit.clock.advance(5_000)
      kit.gateway.onRead({ replyMs: 2_000 })
      const slow = kit.press('c1', { key: 'key-of-a-slow-tab' })
      await until('the slow press asks the gateway', () => kit.gateway.calls.some(({ kind }) => kind === 'read'))
      kit.prices.set('c1', bdt('2000.00'))
      const fresh = await kit.press('c1', { key: 'key-of-a-fresh-tab' })
      const late = await kit.run(slow)
      assert.equal(late.reply.amount, '2000.00')
      assert.equal(late.reply.paymentUrl, fresh.reply.paymentUrl)
      kit.gateway.move(kit.gateway.order(old.reply.paymentUrl), 'paid')
      await kit.pass(2 * MINUTE)
      assert.equal(kit.handled.length, 0)
      assert.deepEqual(
        kit.alarms.map(({ kind }) => kind),
        ['paid-at-old-price'],
      )
    })

    test('F13: a price that went back to what an old link asks leads to that link again', async () => {
      const kit = await newKit()
      const old = await kit.press('c1')
      kit.prices.set('c1', bdt('2000.00'))
      await kit.press('c1')
      kit.prices.set('c1', PRICE)
      const back = await kit.press('c1')
      assert.equal(back.reply.paymentUrl, old.reply.paymentUrl)
      assert.equal(kit.gateway.orders.length, 2)
    })

    test('F15: a refusal is told to the operator once per attempt, and is not tried again by itself', async () => {
      const kit = await newKit()
      kit.gateway.onOpen({ request: 'lost' }, { request: 'refused', reply: { kind: 'refused', detail: 'HTTP 401' } })
      await kit.run(kit.refusal('c1'))
      const problem = await kit.refusal('c1')
      assert.equal(problem.code, 'gateway-refused')
      assert.doesNotMatch(problem.message, /401|Bearer|key/i)
      assert.deepEqual(
        kit.alarms.map(({ kind }) => kind),
        ['gateway-refused'],
      )
    })

    test('F16: a gateway that says when to come back is quoted, within bounds', async () => {
      const kit = await newKit()
      const waits: (number | undefined)[] = []
      for (const retryAfterSeconds of [0, 7, 3_600]) {
        kit.gateway.onOpen({ request: 'lost', reply: 'lost' })
        kit.gateway.open = async () => ({ kind: 'unknown', detail: 'HTTP 429', retryAfterSeconds })
        waits.push((await kit.refusal('c1')).extras.retryAfter)
      }
      assert.deepEqual(waits, [1, 7, 60])
    })

    test('H4: a description and an order that hold what no database takes are opened all the same', async () => {
      const kit = await newKit({ describe: () => 'Two\u0000 mugs \ud800' })
      const { created } = await kit.press('c1', { order: { cart: 'c1', note: 'a\u0000b\udc00' } })
      assert.equal(created, true)
      const payment = await kit.store.rows.paymentByPurchase('c1')
      assert.match(payment?.description ?? '', /^Two mugs/)
      assert.equal((await kit.refusal('c2\0', { key: 'key-of-nul' })).code, 'order-refused')
    })

    test('F17: an outcome whose texts hold what no database takes is written down', async () => {
      const kit = await newKit()
      kit.gateway.onOpen({ request: 'lost', reply: 'lost' })
      kit.gateway.open = async () => ({ kind: 'unknown', detail: 'HTTP 200: \u0000\u0001 GIF89a' })
      assert.equal((await kit.refusal('c1')).code, 'gateway-unavailable')
    })

    test('F17: an order with an address that breaks the rule is stored without it and flagged', async () => {
      const addresses = ['https://evil.example/pay/1', 'javascript:alert(1)', 'https://app.ipay.com.bd/pay/1']
      for (const paymentUrl of addresses) {
        const kit = await newKit()
        kit.gateway.onOpen({ reply: { kind: 'opened', orderId: 'IPAY-1', paymentUrl, expiresAt: null } })
        assert.equal((await kit.refusal('c1')).code, 'gateway-unavailable')
        assert.deepEqual(
          kit.alarms.map(({ kind }) => kind),
          ['unsafe-payment-url'],
        )
        const payment = await kit.store.rows.paymentByPurchase('c1')
        const [attempt] = await kit.store.rows.attempts(payment?.id ?? '')
        assert.equal(attempt?.payment_url, null)
      }
    })

    test('an order that the shop does not sell is order-refused, and a price that is none is a fault of the shop', async () => {
      const kit = await newKit()
      assert.equal((await kit.refusal('c1', { order: { cart: 7 } })).code, 'order-refused')
      assert.equal((await kit.refusal('c1', { key: 'key-unused', order: { cart: 7 } })).code, 'order-refused')
      kit.prices.set('c1', { minor: 12.5, currency: 'BDT' })
      await assert.rejects(kit.press('c1'), TypeError)
      assert.equal(kit.gateway.calls.length, 0)
    })
  })

  async function twins(kit: Kit, count: number): Promise<Kit[]> {
    const list: Kit[] = []
    for (let i = 0; i < count; i++) {
      list.push(kit.twin(database.another ? { store: await database.another() } : {}))
    }
    return list
  }
}

/** Thrown where the process would be gone. */
export class Died extends Error {}

/** Ends the work of an instance the first time that it gets to `point`. */
export function diesAt(point: CrashPoint): (reached: CrashPoint) => void {
  return (reached) => {
    if (reached === point) throw new Died(point)
  }
}
