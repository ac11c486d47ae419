import assert from 'node:assert/strict'
import { describe, test } from 'node:test'
import { ipaySessionsGateway } from '../../../src/server/gateways/ipay-sessions/ipay-sessions-gateway.ts'
import type { AnyGateway } from '../../../src/server/gateways/port.ts'
import type { Secrets } from '../../../src/server/gateways/secret.ts'
import type { Simulator } from '../gateways/simulator.ts'
import { SENDERS } from './senders.ts'
import { event, paymentsGateway, SECRET, signed, startShop } from './shop.ts'

describe('the notification route', () => {
  const without: readonly [string, (webhookSecret: Secrets) => (simulator: Simulator) => AnyGateway][] = [
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
      assert.equal((await send('next-secret')).status, 503)
      assert.equal((await send('')).status, 503)
    } finally {
      await shop.stop()
    }
  })

  for (const sender of SENDERS) {
    test(`of ${sender.name} is there before its secret, when a function gives it: until then what comes is told to come again`, async () => {
      let read = () => ''
      const make = without.find(([name]) => name === sender.name)?.[1]
      const shop = await startShop(make?.(() => read()) ?? assert.fail())
      try {
        const body = JSON.stringify(sender.event(null, { type: 'something.else' }))
        const send = async () => (await shop.notify(body, { signature: signed(body, 'late-secret') })).status
        assert.equal(await send(), 503)
        read = () => {
          throw new Error('the vault is not there yet')
        }
        assert.equal(await send(), 503)
        read = () => 'late-secret'
        assert.equal(await send(), 200)
      } finally {
        await shop.stop()
      }
    })
  }

  test("of a shop's own gateway is there when there is a secret at start", async () => {
    for (const [secrets, status] of [
      [[], 404],
      [[SECRET], 401],
    ] as const) {
      const shop = await startShop((simulator) => {
        const { isTaken: _, ...notifications } = paymentsGateway()(simulator).notifications
        return { ...paymentsGateway()(simulator), notifications: { ...notifications, secrets: () => secrets } }
      })
      try {
        assert.equal((await shop.notify(event(null), { signature: '' })).status, status)
      } finally {
        await shop.stop()
      }
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
