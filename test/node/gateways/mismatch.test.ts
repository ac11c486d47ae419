import assert from 'node:assert/strict'
import { after, before, describe, test } from 'node:test'
import type { AnyGateway } from '../../../src/server/gateways/port.ts'
import { SENDERS } from '../notifications/senders.ts'
import { startShop, type TestShop } from '../notifications/shop.ts'

/** What a gateway's status may contradict, as a member of its own answer. */
const ANSWERS: Readonly<Record<string, Readonly<Record<string, object>>>> = {
  'ipay-payments': {
    'one poisha less': { amount: 1249.99, answer: { amount_captured: 124_999 } },
    'one poisha more': { amount: 1250.01, answer: { amount_captured: 125_001 } },
    'less captured than asked for': { answer: { amount_captured: 124_999 } },
    'another currency': { answer: { currency: 'USD' } },
    'another reference': { answer: { metadata: { orderId: 'ANOTHER' } } },
    'another order': { answer: { id: 'pay_another' } },
  },
  'ipay-sessions': {
    'one poisha less': { amount: 1249.99 },
    'one poisha more': { amount: 1250.01 },
    'another currency': { answer: { currency: 'USD' } },
    'another reference': { answer: { merchant_reference: 'ANOTHER' } },
    'another order': { answer: { id: 'ps_another' } },
  },
}

for (const { name, make } of SENDERS) {
  describe(`a status that contradicts what was opened, over ${name}`, () => {
    let shop: TestShop<AnyGateway>
    before(async () => {
      shop = await startShop(make)
    })
    after(() => shop.stop())

    for (const [what, answer] of Object.entries(ANSWERS[name] ?? {})) {
      test(`G11: ${what} is held for a person, and never fulfilled`, async () => {
        const { token, reference } = await shop.open(what)
        await shop.simulator.act(await shop.orderId(reference), 'pay', answer)
        await shop.payments.check(token)
        assert.notEqual((await shop.status(token)).state, 'paid')
        const alarms = shop.alarms.filter((alarm) => alarm.reference === reference).map(({ kind }) => kind)
        assert.equal(alarms.length, 1, alarms.join())
        const [flag] = (await shop.payments.flagged()).filter((one) => one.reference === reference)
        assert.ok(flag)
        const found = await shop.payments.find({ token })
        assert.ok(found?.hold)
        const payment = await shop.store.rows.paymentByToken(token)
        assert.equal(await shop.store.rows.delivery(payment?.id ?? ''), undefined)
      })
    }
  })
}
