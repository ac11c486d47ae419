import assert from 'node:assert/strict'
import type { AddressInfo } from 'node:net'
import { after, before, beforeEach, describe, test } from 'node:test'
import { createAdaptorServer } from '@hono/node-server'
import { ipaySessionsGateway } from '../../../src/server/gateways/ipay-sessions/ipay-sessions-gateway.ts'
import type { AnyGateway } from '../../../src/server/gateways/port.ts'
import type { SandboxFault } from '../../support/sandbox-control.ts'
import { until } from '../../support/until.ts'
import type { Simulator } from '../gateways/simulator.ts'
import { paymentsGateway, SECRET, startShop, type TestShop } from './shop.ts'

interface SentEvent {
  readonly id: string
  readonly type: string
  readonly deliveries: readonly { readonly status: number | null }[]
}

/** The gateway's sender and the shop's receiver over real connections. */
function webhookTests(sender: string, make: (simulator: Simulator) => AnyGateway): void {
  describe(`webhooks of ${sender} over the wire`, () => {
    let shop: TestShop<AnyGateway>
    let url: string
    const server = createAdaptorServer({
      // The kit listens at its public address; the connection is this one.
      fetch: (request: Request) => {
        const { pathname } = new URL(request.url)
        return shop.payments.fetch(new Request(`https://localhost${pathname}`, request))
      },
    })
    before(async () => {
      shop = await startShop(make)
      await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', () => resolve()))
      url = `http://127.0.0.1:${(server.address() as AddressInfo).port}/ipay/orders/notifications/${sender}`
    })
    beforeEach(async () => {
      await shop.simulator.control('DELETE', '')
    })
    after(async () => {
      await shop.stop()
      await new Promise((resolve) => server.close(resolve))
    })

    const send = (options: object = {}) =>
      shop.simulator.control('PUT', '/webhooks', {
        sender,
        url,
        secret: SECRET,
        retryMs: [10, 10, 10, 10, 10],
        ...options,
      })
    const events = async () => (await shop.simulator.control('GET', '/events')) as SentEvent[]
    const stored = () => shop.store.db.selectFrom('notifications').selectAll().execute()
    const isPaid = async (token: string) => (await shop.store.rows.paymentByToken(token))?.state === 'paid'
    const arrived = (event: SentEvent) => event.deliveries.some(({ status }) => status === 200)

    async function paidOrder(cart: string) {
      const { token, reference } = await shop.open(cart)
      await shop.simulator.act(await shop.orderId(reference), 'pay')
      return token
    }

    test('a payment is known from its webhook alone', async () => {
      await send()
      const token = await paidOrder('alone')
      await until('paid', () => isPaid(token))
      await until('every event', async () => (await events()).every(arrived))
    })

    test('G4: duplicates are stored once each', async () => {
      await send({ duplicates: 4 })
      const token = await paidOrder('again')
      await until('paid', () => isPaid(token))
      const all = await until('every copy', async () => {
        const list = await events()
        return list.every(({ deliveries }) => deliveries.length === 5) && list
      })
      assert.ok(all.every(({ deliveries }) => deliveries.every(({ status }) => status === 200)))
      const ids = new Set(all.map(({ id }) => `${sender}:${id}`))
      assert.equal((await stored()).filter(({ id }) => ids.has(id)).length, ids.size)
    })

    test('G6: events in the reverse order lead to the same end', async () => {
      await send({ hold: true })
      const token = await paidOrder('reverse')
      await shop.simulator.control('POST', '/events/release', { sender, reverse: true })
      await until('paid', () => isPaid(token))
    })

    const FAULTS: Omit<SandboxFault, 'on'>[] = [
      { do: 'garbage' },
      { do: 'cut', at: 10 },
      { do: 'drop-reply' },
      { do: 'hang' },
      { do: 'html' },
      { do: 'status', value: 503 },
    ]
    for (const fault of FAULTS) {
      test(`G7: ${fault.do} on the way costs a retry and nothing else`, async () => {
        await shop.simulator.faults({ on: 'notify', times: 1, ...fault })
        await send()
        const token = await paidOrder(`fault-${fault.do}`)
        await until('paid', () => isPaid(token))
        await until('every event', async () => (await events()).every(arrived))
        const payment = await shop.store.rows.paymentByToken(token)
        assert.ok(await shop.store.rows.delivery(payment?.id ?? ''))
      })
    }

    test('G1: another secret delivers nothing', async () => {
      await send({ secret: 'not ours', retryMs: [] })
      const before = (await stored()).length
      const token = await paidOrder('stranger')
      const all = await until('every refusal', async () => {
        const list = await events()
        return list.length > 0 && list.every(({ deliveries }) => deliveries.length > 0) && list
      })
      assert.ok(all.every(({ deliveries }) => deliveries.every(({ status }) => status === 401)))
      assert.equal((await stored()).length, before)
      assert.equal(await isPaid(token), false)
    })
  })
}

webhookTests('ipay-payments', paymentsGateway())
webhookTests('ipay-sessions', ({ url }) =>
  ipaySessionsGateway({
    environment: 'sandbox',
    baseUrl: `${url}/sessions/api`,
    apiKey: 'key',
    webhookSecret: SECRET,
    live: false,
  }),
)
