import assert from 'node:assert/strict'
import { describe, test } from 'node:test'
import { ipaySessionsGateway } from '../../../src/server/gateways/ipay-sessions/ipay-sessions-gateway.ts'
import type { AnyGateway } from '../../../src/server/gateways/port.ts'
import type { Simulator } from '../gateways/simulator.ts'
import { event, paymentsGateway, SECRET, signed, startShop } from './shop.ts'

describe('the notification route', () => {
  const without: readonly [
    string,
    (webhookSecret: string | readonly string[]) => (simulator: Simulator) => AnyGateway,
  ][] = [
    ['ipay-payments', (webhookSecret) => paymentsGateway({ webhookSecret })],
    [
      'ipay-sessions',
      (webhookSecret) =>
        ({ url }) =>
          ipaySessionsGateway({ environment: 'sandbox', baseUrl: `${url}/sessions/api`, apiKey: 'key', webhookSecret }),
    ],
  ]
  for (const [name, webhookSecret] of without.flatMap(([gateway]) =>
    [undefined, '', ' , ', [] as readonly string[]].map((secret) => [gateway, secret] as const),
  )) {
    test(`G2: ${name} without a secret (${JSON.stringify(webhookSecret)}): the route does not exist, and nothing unsigned passes`, async () => {
      const make = without.find(([gateway]) => gateway === name)?.[1]
      const shop = await startShop(make?.(webhookSecret ?? []) ?? assert.fail())
      try {
        const { reference } = await shop.open('unsigned')
        for (const signature of [null, '', signed(JSON.stringify({}), '')]) {
          assert.equal((await shop.notify(event(reference), { signature })).status, 404)
        }
      } finally {
        await shop.stop()
      }
    })
  }

  test('several secrets count while one is being replaced, and a secret that was taken away does not', async () => {
    let secrets = `${SECRET}, next-secret`
    const shop = await startShop(paymentsGateway({ webhookSecret: () => secrets }))
    try {
      const { reference } = await shop.open('rotating')
      const send = (secret: string) => {
        const body = JSON.stringify(event(reference))
        return shop.notify(body, { signature: signed(body, secret) })
      }
      assert.equal((await send(SECRET)).status, 200)
      assert.equal((await send('next-secret')).status, 200)
      assert.equal((await send('third-secret')).status, 401)
      secrets = 'next-secret'
      assert.equal((await send(SECRET)).status, 401)
      assert.equal((await send('next-secret')).status, 200)
      secrets = ''
      assert.notEqual((await send('next-secret')).status, 200)
      assert.notEqual((await send('')).status, 200)
    } finally {
      await shop.stop()
    }
  })

  test('it is there for its own gateway only', async () => {
    const shop = await startShop(paymentsGateway())
    try {
      for (const gateway of ['ipay', 'ipay-sessions', '__proto__', 'constructor']) {
        assert.equal((await shop.notify(event(null), { gateway })).status, 404)
      }
    } finally {
      await shop.stop()
    }
  })
})
