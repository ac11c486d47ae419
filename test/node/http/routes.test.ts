import assert from 'node:assert/strict'
import { describe, test } from 'node:test'
import { OpenReply, PaymentStatus } from '../../../src/contract/schemas.ts'
import { codeOf, ENDPOINT, KEY, ORIGIN, openShop, reply, status, TOKEN } from './shop.ts'

const order = { cart: 'c_81' }

describe('opening', () => {
  test('a new attempt is 201, a resumed one 200, both in the shape of the contract', async () => {
    const created = await openShop().open({ order })
    assert.equal(created.status, 201)
    assert.deepEqual(OpenReply.parse(await created.json()), reply)
    const resumed = await openShop({ payments: { open: async () => ({ created: false, reply }) } }).open({ order })
    assert.equal(resumed.status, 200)
    assert.equal(resumed.headers.get('content-type'), 'application/json')
  })

  test('what was asked reaches the payments, checked', async () => {
    const shop = openShop()
    await shop.open({ order, shown: { amount: '1250.5', currency: 'BDT' }, returnTo: '/thanks', lang: 'bn' })
    const [input] = shop.opened
    assert.deepEqual(input?.order, order)
    assert.deepEqual(input?.shown, { minor: 125050, currency: 'BDT' })
    assert.equal(input?.returnTo, '/thanks')
    assert.equal(input?.lang, 'bn')
    assert.equal(input?.key, KEY)
    assert.ok(input?.request instanceof Request)
  })

  test('absent members have their defaults', async () => {
    const shop = openShop({ returnTo: '/basket' })
    await shop.open({ order: null })
    const { order: asked, shown, returnTo, home, lang } = shop.opened[0] ?? assert.fail('nothing was opened')
    assert.deepEqual({ asked, shown, lang }, { asked: null, shown: null, lang: null })
    assert.deepEqual([returnTo, home], [null, '/basket'])
  })

  test('a language that is none counts as absent', async () => {
    const shop = openShop()
    await shop.open({ order, lang: 'b\u0000n' })
    assert.equal(shop.opened[0]?.lang, null)
  })

  test('a slash after the endpoint is accepted', async () => {
    const answer = await openShop().send('/', {
      method: 'POST',
      headers: { 'Content-Type': 'application/json', 'Idempotency-Key': KEY },
      body: '{"order":1}',
    })
    assert.equal(answer.status, 201)
  })
})

describe('status', () => {
  test('a known token is answered in the shape of the contract', async () => {
    const answer = await openShop().send(`/${TOKEN}`)
    assert.equal(answer.status, 200)
    assert.deepEqual(PaymentStatus.parse(await answer.json()), status)
  })

  test('HEAD has the status and no body', async () => {
    const answer = await openShop().send(`/${TOKEN}`, { method: 'HEAD' })
    assert.equal(answer.status, 200)
    assert.equal(await answer.text(), '')
  })

  test('an unknown token and what cannot be a token get the same answer', async () => {
    const shop = openShop()
    const bodies = await Promise.all(
      [`/${'x'.repeat(22)}`, '/short', `/${'x'.repeat(129)}`, '/%2e%2e%2fetc', `/${TOKEN}%00`].map(async (path) => {
        const answer = await shop.send(path)
        const { instance, ...body } = (await answer.json()) as { instance: string }
        assert.match(instance, /^urn:uuid:/)
        return { status: answer.status, body, headers: [...answer.headers] }
      }),
    )
    for (const body of bodies) assert.deepEqual(body, bodies[0])
    assert.equal(bodies[0]?.status, 404)
  })
})

describe('methods and addresses', () => {
  for (const [path, method, allow] of [
    ['', 'GET', 'POST, OPTIONS'],
    ['', 'DELETE', 'POST, OPTIONS'],
    [`/${TOKEN}`, 'POST', 'GET, HEAD, OPTIONS'],
    [`/${TOKEN}/return/success`, 'POST', 'GET, HEAD, OPTIONS'],
    ['/notifications/ipay', 'GET', 'POST, OPTIONS'],
  ] as const) {
    test(`${method} ${path || '/'} is 405 and says what is allowed`, async () => {
      const answer = await openShop().send(path, { method })
      assert.equal(answer.status, 405)
      assert.equal(answer.headers.get('allow'), allow)
      assert.equal(await codeOf(answer), 'method-not-allowed')
    })
  }

  for (const address of [
    `${ORIGIN}/`,
    `${ORIGIN}/ipay/ordersX/${TOKEN}`,
    `${ENDPOINT}/a/b/c/d`,
    `${ORIGIN}/${TOKEN}`,
  ]) {
    test(`${address} is not below the endpoint`, async () => {
      assert.equal(await codeOf(await openShop().send(address)), 'not-found')
    })
  }

  test('a gateway without a handler has no notification route', async () => {
    for (const name of ['ipay', 'constructor', '__proto__', 'events']) {
      const answer = await openShop({ notifications: {} }).send(`/notifications/${name}`, {
        method: 'POST',
        body: '{}',
      })
      assert.equal(await codeOf(answer), 'not-found', name)
    }
  })
})
