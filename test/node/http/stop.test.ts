import assert from 'node:assert/strict'
import { describe, test } from 'node:test'
import { setImmediate as turn } from 'node:timers/promises'
import { bdt } from '../../../src/contract/money.ts'
import type { OpenReply } from '../../../src/contract/schemas.ts'
import { createPayments, openStore, silent } from '../../../src/server/index.ts'
import { manualClock } from '../../support/clock.ts'
import { scriptedGateway } from '../../support/scripted-gateway.ts'
import { until } from '../../support/until.ts'
import { messagesOf, stateOf } from './live-shop.ts'
import { codeOf, ENDPOINT, post } from './shop.ts'

const SECRET = 'whsec_0123456789'

/** A kit at a gateway that answers when `release` is called, once `hold` was. */
async function slowShop() {
  const clock = manualClock()
  const gateway = scriptedGateway({ clock })
  const store = await openStore('file::memory:')
  let gate = Promise.withResolvers<void>()
  gate.resolve()
  const asked: string[] = []
  const payments = createPayments({
    gateway: {
      ...gateway,
      async open(attempt, call) {
        asked.push('open')
        await gate.promise
        return gateway.open(attempt, call)
      },
      async read(attempt, call) {
        asked.push('read')
        await gate.promise
        return gateway.read(attempt, call)
      },
      notifications: { signatureHeader: 'ipay-signature', secrets: () => [SECRET], read: () => undefined },
    },
    store,
    clock,
    telemetry: silent,
    opensPerMinute: 0,
    endpoint: new URL(ENDPOINT),
    price: (order) => ({ purchaseId: String(order), amount: bdt('10.00'), description: 'A mug' }),
    onPaid() {},
  })
  return {
    payments,
    store,
    clock,
    gateway,
    asked,
    press: (cart: string) =>
      payments.fetch(post(JSON.stringify({ order: cart }), { 'Idempotency-Key': `key-of-cart-${cart}` })),
    ask: (path: string) => payments.fetch(new Request(`${ENDPOINT}${path}`)),
    hold() {
      gate = Promise.withResolvers<void>()
    },
    release: () => gate.resolve(),
  }
}

/** Whether it has settled after everything that can go on has gone on. */
async function isSettled(promise: Promise<unknown>): Promise<boolean> {
  let settled = false
  const settle = () => {
    settled = true
  }
  promise.then(settle, settle)
  for (let n = 0; n < 50; n += 1) await turn()
  return settled
}

describe('stopping the kit', () => {
  test('waits for a press under way, whose answer is the payment though the store is closed right after', async () => {
    const { payments, store, press, asked, hold, release } = await slowShop()
    hold()
    const pressing = press('c_1')
    await until('the gateway is asked', () => asked.length === 1)
    const stopping = payments.stop()
    const closing = stopping.then(() => store.close())
    assert.equal(await isSettled(stopping), false)
    release()
    assert.equal((await pressing).status, 201)
    await closing
  })

  test('waits for a question to the gateway that goes on behind its answer', async () => {
    const { payments, store, clock, gateway, press, ask, asked, hold, release } = await slowShop()
    const { token, paymentUrl } = (await (await press('c_1')).json()) as OpenReply
    await clock.advance(10_000)
    gateway.move(gateway.order(paymentUrl), 'paid')
    hold()
    const answer = ask(`/${token}`)
    await until('the gateway is asked', () => asked.at(-1) === 'read')
    await clock.advance(3_000)
    assert.equal((await answer).status, 200)
    const stopping = payments.stop()
    assert.equal(await isSettled(stopping), false)
    release()
    await stopping
    assert.equal((await store.rows.paymentByToken(token))?.state, 'paid')
    await store.close()
  })

  test('waits for no page that listens: its stream ends', async () => {
    const { payments, store, press, ask } = await slowShop()
    const { token } = (await (await press('c_1')).json()) as OpenReply
    const messages = messagesOf(await ask(`/${token}/events`))
    await messages.next()
    await messages.next()
    await payments.stop()
    assert.equal(await messages.next(), undefined)
    assert.equal(await codeOf(await ask(`/${token}/events`)), 'unavailable')
    await store.close()
  })

  test('a press or a notification that comes afterwards is told to come again, and status questions go on', async () => {
    const { payments, store, press, ask, asked } = await slowShop()
    const { token } = (await (await press('c_1')).json()) as OpenReply
    await payments.stop()
    const before = asked.length
    for (const refused of [
      await press('c_2'),
      await payments.fetch(new Request(`${ENDPOINT}/notifications/scripted`, { method: 'POST', body: '{}' })),
    ]) {
      assert.equal(refused.headers.get('retry-after'), '5')
      assert.equal(await codeOf(refused), 'unavailable')
    }
    assert.equal(asked.length, before)
    assert.equal(await store.rows.paymentByPurchase('c_2'), undefined)
    assert.equal((await ask(`/${token}`)).status, 200)
    await store.close()
  })

  test('starting again opens the doors again, live status included', async () => {
    const { payments, store, gateway, press, ask } = await slowShop()
    await payments.stop()
    payments.start()
    const answer = await press('c_1')
    assert.equal(answer.status, 201)
    const { token, paymentUrl } = (await answer.json()) as OpenReply
    const messages = messagesOf(await ask(`/${token}/events`))
    await messages.next()
    assert.equal(stateOf(await messages.next()), 'created')
    gateway.move(gateway.order(paymentUrl), 'paid')
    await ask(`/${token}/return/success`)
    // The clock stands still: only the store's word can move the stream.
    assert.equal(stateOf(await messages.next()), 'paid')
    await payments.stop()
    await store.close()
  })
})
