import assert from 'node:assert/strict'
import { describe, mock, test } from 'node:test'
import { clientKey } from '../../../src/server/http/client-address.ts'
import type { OpenInput } from '../../../src/server/payments/service.ts'
import { ProblemError } from '../../../src/server/problem-error.ts'
import { codeOf, KEY, openShop, reply, TOKEN } from './shop.ts'

const order = { cart: 'c_81' }
const at = (clientAddress: string) => ({ clientAddress })

/** Payments that open an attempt for a new cart and resume a known one, asking the limit as they must. */
function carts() {
  const known = new Set<unknown>()
  return {
    async open({ order: cart, beforeNew }: OpenInput) {
      if (known.has(cart)) return { created: false, reply }
      await beforeNew?.()
      known.add(cart)
      return { created: true, reply }
    },
  }
}

describe('H13: rate limits (OWASP ASVS 5.0, 2.4.1)', () => {
  test('new attempts are limited for each client, and the answer says how long', async () => {
    const shop = openShop({ opensPerMinute: 3, payments: carts() })
    for (const cart of [1, 2, 3]) assert.equal((await shop.open({ order: cart }, {}, at('192.0.2.1'))).status, 201)
    const refused = await shop.open({ order: 4 }, {}, at('192.0.2.1'))
    assert.equal(await codeOf(refused), 'too-many-requests')
    const seconds = Number(refused.headers.get('retry-after'))
    assert.ok(seconds >= 1 && seconds <= 60)
    assert.equal((await shop.open({ order: 5 }, {}, at('192.0.2.2'))).status, 201)
  })

  test('resuming goes on when the new attempts are used up, ten times as often as these', async () => {
    const shop = openShop({ opensPerMinute: 2, payments: carts() })
    for (const cart of [1, 2]) assert.equal((await shop.open({ order: cart }, {}, at('192.0.2.1'))).status, 201)
    for (let n = 1; n <= 20; n++) assert.equal((await shop.open({ order: 1 }, {}, at('192.0.2.1'))).status, 200, `${n}`)
    assert.equal((await shop.open({ order: 1 }, {}, at('192.0.2.1'))).status, 429)
  })

  test('refused new attempts, and requests with a fault, take nothing from the share of those that only resume', async () => {
    const shop = openShop({ opensPerMinute: 3, payments: carts() })
    const press = async (order: unknown, key = KEY) =>
      (await shop.open({ order }, { 'Idempotency-Key': key }, at('192.0.2.1'))).status
    for (const cart of [1, 2, 3]) assert.equal(await press(cart), 201)
    for (const cart of [4, 5, 6]) assert.equal(await press(cart), 429)
    for (const _time of [1, 2, 3]) assert.equal(await press(1, 'bad'), 400)
    for (let n = 1; n <= 30; n++) assert.equal(await press(1), 200, `${n}`)
    assert.equal(await press(1), 429)
  })

  test('requests that come to nothing are limited too: past a share of their own they use up the others', async () => {
    const shop = openShop({ opensPerMinute: 1, payments: carts() })
    const press = async (key: string, client: string) =>
      (await shop.open({ order: 1 }, { 'Idempotency-Key': key }, at(client))).status
    const answers = []
    for (let n = 1; n <= 25; n++) answers.push(await press('bad', '192.0.2.1'))
    assert.deepEqual(answers, [...Array(21).fill(400), ...Array(4).fill(429)])
    assert.equal(await press(KEY, '192.0.2.1'), 429)
    assert.equal(await press(KEY, '192.0.2.2'), 201)
  })

  test('an attempt that was made and could not be answered stays counted', async () => {
    const payments = {
      async open({ beforeNew }: OpenInput) {
        await beforeNew?.()
        throw new ProblemError('gateway-unavailable')
      },
    }
    const shop = openShop({ opensPerMinute: 2, payments })
    const answers = []
    for (const n of [1, 2, 3]) answers.push((await shop.open({ order: n }, {}, at('192.0.2.1'))).status)
    assert.deepEqual(answers, [503, 503, 429])
  })

  test('what was refused may be opened when the seconds are over', async () => {
    mock.timers.enable({ apis: ['Date', 'setTimeout'], now: 1_000_000 })
    try {
      const shop = openShop({ opensPerMinute: 1, payments: carts() })
      await shop.open({ order: 1 }, {}, at('192.0.2.1'))
      mock.timers.tick(20_000)
      const refused = await shop.open({ order: 2 }, {}, at('192.0.2.1'))
      assert.equal(refused.headers.get('retry-after'), '40')
      mock.timers.tick(39_000)
      assert.equal((await shop.open({ order: 2 }, {}, at('192.0.2.1'))).status, 429)
      mock.timers.tick(1_001)
      assert.equal((await shop.open({ order: 2 }, {}, at('192.0.2.1'))).status, 201)
    } finally {
      mock.timers.reset()
    }
  })

  test('all clients together have a budget, which costs none of them its own', async () => {
    const shop = openShop({ opensPerMinute: 1, payments: carts() })
    const answers = []
    for (let n = 0; n < 101; n++)
      answers.push((await shop.open({ order: n }, {}, at(`10.0.${n >> 8}.${n & 255}`))).status)
    assert.equal(answers.filter((status) => status === 201).length, 100)
    assert.equal(answers.at(-1), 429)
  })

  test('a caller of unknown address is held by the common budget alone', async () => {
    const shop = openShop({ opensPerMinute: 1, payments: carts() })
    const answers = []
    for (let n = 0; n < 101; n++) answers.push((await shop.open({ order: n })).status)
    assert.deepEqual([answers[99], answers[100]], [201, 429])
  })

  test('that callers have no address is said once, with what to pass, where a limit was wanted', async () => {
    const shop = openShop({ opensPerMinute: 60 })
    const warnings = () => shop.said.filter(({ name }) => name === 'no-client-address')
    await shop.open({ order }, {}, at('192.0.2.1'))
    await shop.send(`/${TOKEN}`)
    assert.deepEqual(warnings(), [])
    for (const n of [1, 2, 3]) await shop.open({ order: n })
    assert.equal(warnings().length, 1)
    assert.match(String(warnings()[0]?.fields['detail']), /payments\.fetch\(request, \{ clientAddress \}\)/)
    const free = openShop({ opensPerMinute: 0 })
    await free.open({ order })
    assert.ok(!free.said.some(({ name }) => name === 'no-client-address'))
  })

  test('a service that does not ask the limit is counted all the same', async () => {
    const shop = openShop({ opensPerMinute: 2 })
    const answers = []
    for (const n of [1, 2, 3]) answers.push((await shop.open({ order: n }, {}, at('192.0.2.1'))).status)
    assert.deepEqual(answers, [201, 201, 429])
  })

  test('0 switches them off', async () => {
    const shop = openShop({ opensPerMinute: 0, payments: carts() })
    for (let n = 0; n < 300; n++) assert.equal((await shop.open({ order: n }, {}, at('192.0.2.1'))).status, 201)
  })

  test('a forwarded address in a header is not believed', async () => {
    const shop = openShop({ opensPerMinute: 1, payments: carts() })
    await shop.open({ order: 1 }, { 'X-Forwarded-For': '198.51.100.1' }, at('192.0.2.1'))
    const second = await shop.open(
      { order: 2 },
      { 'X-Forwarded-For': '198.51.100.2', 'X-Real-IP': '1.1.1.1' },
      at('192.0.2.1'),
    )
    assert.equal(second.status, 429)
  })

  test('guessing tokens is limited, a buyer on the way back is sent on without a question', async () => {
    const shop = openShop({ opensPerMinute: 1 })
    for (let n = 0; n < 100; n++) await shop.send(`/${'x'.repeat(22)}`, {}, at('192.0.2.1'))
    assert.equal(await codeOf(await shop.send(`/${TOKEN}`, {}, at('192.0.2.1'))), 'too-many-requests')
    const back = await shop.send(`/${TOKEN}/return/success`, {}, at('192.0.2.1'))
    assert.equal(back.status, 303)
    assert.deepEqual(shop.visits, [])
  })

  for (const [address, key] of [
    ['192.0.2.1', '192.0.2.1'],
    ['::ffff:192.0.2.1', '192.0.2.1'],
    ['2001:db8:1:2:3:4:5:6', '2001:db8:1:2::/64'],
    ['2001:DB8:0001:2::9', '2001:db8:1:2::/64'],
    ['2001:db8::1', '2001:db8:0:0::/64'],
    ['fe80::1%eth0', 'fe80:0:0:0::/64'],
    ['::1', '0:0:0:0::/64'],
    ['64:ff9b::192.0.2.1', '64:ff9b:0:0::/64'],
    [undefined, null],
    ['', null],
  ] as const) {
    test(`the address ${address} is counted as ${key}`, () => {
      assert.equal(clientKey({ clientAddress: address }), key)
    })
  }

  test('the socket of the Node server is read when nobody named an address', () => {
    assert.equal(clientKey({ incoming: { socket: { remoteAddress: '192.0.2.7' } } }), '192.0.2.7')
  })
})
