import assert from 'node:assert/strict'
import { describe, test } from 'node:test'
import { event, paymentsGateway, SECRET, signed, startShop } from './shop.ts'

describe('the notification route', () => {
  for (const webhookSecret of [undefined, '', ' , ', [] as readonly string[]]) {
    test(`G2: without a secret (${JSON.stringify(webhookSecret)}) it does not exist, and nothing unsigned passes`, async () => {
      const shop = await startShop(paymentsGateway({ webhookSecret: webhookSecret ?? [] }))
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
