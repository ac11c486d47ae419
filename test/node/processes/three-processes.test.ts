import assert from 'node:assert/strict'
import { after, afterEach, before, describe, test } from 'node:test'
import { sql } from 'kysely'
import { MIGRATIONS } from '../../../src/server/store/migrations.ts'
import { openStore } from '../../../src/server/store/open-store.ts'
import { orderOver, statusOf, visitReturn } from '../../support/endpoint.ts'
import type { LedgerOrder } from '../../support/sandbox-control.ts'
import { startThreeShops, type ThreeShops } from '../../support/three-shops.ts'
import { until } from '../../support/until.ts'

type Reply = Awaited<ReturnType<typeof orderOver>>

let shops: ThreeShops
before(async () => {
  shops = await startThreeShops()
})
after(() => shops.stop())
afterEach(async () => {
  await shops.sandbox.setFaults([])
  let broken: string[] = []
  await until('the books to agree', async () => {
    broken = await shops.violations()
    return broken.length === 0
  }).catch(() => assert.deepEqual(broken, []))
})

/** Presses that each go to the next process in turn. */
const spread = (count: number, press: (shop: string, index: number) => Promise<Reply>): Promise<Reply[]> =>
  Promise.all(Array.from({ length: count }, (_, index) => press(urlOf(index), index)))
const urlOf = (index: number): string => shops.urls[index % 3] ?? assert.fail()

/** Every answer is the one link, or a word to come back with the time to wait. Returns the link. */
function oneLink(answers: readonly Reply[]): string {
  const links = new Set<string>()
  for (const { status, headers, body } of answers) {
    if (status === 200 || status === 201) links.add(body.paymentUrl)
    else {
      assert.ok(status === 409 || status === 503, `${status} ${JSON.stringify(body)}`)
      assert.ok(Number(headers.get('retry-after')) >= 1)
    }
  }
  assert.equal(links.size, 1)
  assert.equal(answers.filter(({ status }) => status === 201).length, 1, 'one press made the order')
  return [...links][0] ?? ''
}

async function attemptsOf(cart: string) {
  const { payments, attempts } = await shops.database.read()
  const payment = payments.find((row) => row.purchase_id === cart)
  return attempts.filter((row) => row.payment_id === payment?.id)
}
/** Orders in the gateway's ledger whose reference belongs to this cart. */
async function ordersOf(cart: string) {
  const references = (await attemptsOf(cart)).map(({ reference }) => reference)
  return (await shops.sandbox.orders()).filter(({ referenceId }) => references.includes(referenceId))
}
async function pay(cart: string, paymentUrl: string): Promise<void> {
  const order = (await ordersOf(cart)).find(({ orderId }) => paymentUrl.endsWith(orderId))
  await shops.sandbox.act(order?.orderId ?? assert.fail(), 'pay')
}
/** How often the gateway was asked about orders after they were paid. */
const questionsAfterPaying = (orders: readonly LedgerOrder[]): number =>
  orders.reduce((sum, { history, calls }) => {
    const paidAt = history.find(({ state }) => state === 'paid')?.at ?? assert.fail()
    return sum + calls.filter(({ at, path }) => path.endsWith('/status') && at > paidAt).length
  }, 0)
/** How often the paid handler worked for a cart, in all processes together. */
async function deliveriesOf(cart: string): Promise<number> {
  const { payments, audit } = await shops.database.read()
  const payment = payments.find((row) => row.purchase_id === cart)
  return audit.filter((row) => row.payment_id === payment?.id && row.event === 'delivered').length
}
const fulfilled = (cart: string) =>
  until(`${cart} is fulfilled`, async () => (await shops.database.fulfilmentsOf(cart)) === 1)

/** A press that is repeated as a page does it: with the same key, until there is an address. */
async function pressUntilOpen(shop: string, cart: string, key: string): Promise<Reply> {
  return until(`an address for ${cart}`, async () => {
    const answer = await orderOver(shop, { cart, key }).catch(() => undefined)
    return answer && (answer.status === 200 || answer.status === 201) ? answer : undefined
  })
}

describe('three processes on one PostgreSQL database', () => {
  test('H18: they start together on an empty database, and each migration has run once', async () => {
    const store = await openStore(shops.databaseUrl)
    const { rows } = await sql<{ version: number }>`select version from schema_version order by version`.execute(
      store.db,
    )
    await store.close()
    assert.deepEqual(
      rows.map(({ version }) => version),
      MIGRATIONS.map((_, index) => index + 1),
    )
    for (const url of shops.urls) assert.equal((await fetch(`${url}/readyz`)).status, 200)
  })

  test('F6: a key that one of them has answered is answered with the same link by all of them', async () => {
    const first = await orderOver(urlOf(0), { cart: 'f6', key: 'key-of-f6' })
    const again = await spread(30, (shop) => orderOver(shop, { cart: 'f6', key: 'key-of-f6' }))
    for (const { status, body } of again) {
      assert.equal(status, 200)
      assert.deepEqual(
        [body.paymentUrl, body.reference, body.token],
        [first.body.paymentUrl, first.body.reference, first.body.token],
      )
    }
    assert.equal((await ordersOf('f6')).length, 1)
  })

  test('F7: a key of another cart is 422 at each of them, and of two carts at once one gets the new key', async () => {
    await orderOver(urlOf(0), { cart: 'f7', key: 'key-of-f7' })
    for (const shop of shops.urls) {
      assert.equal((await orderOver(shop, { cart: 'f7-other', key: 'key-of-f7' })).status, 422)
      assert.equal((await orderOver(shop, { cart: 'f7', key: 'key-of-f7', quantity: 2 })).status, 422)
    }
    for (let round = 0; round < 5; round++) {
      const answers = await spread(3, (shop, index) =>
        orderOver(shop, { cart: `f7-${round}-${index}`, key: `key-of-round-${round}` }),
      )
      assert.deepEqual(answers.map(({ status }) => status).sort(), [201, 422, 422])
    }
  })

  test('F8 F9: a hundred presses with one key at once, over all of them, are one order, and after its end one more', async () => {
    const answers = await spread(100, (shop) => orderOver(shop, { cart: 'f8', key: 'key-of-f8' }))
    const link = oneLink(answers)
    assert.equal((await ordersOf('f8')).length, 1)
    assert.equal((await attemptsOf('f8')).length, 1)
    for (const shop of shops.urls) {
      assert.equal((await orderOver(shop, { cart: 'f8', key: 'key-of-f8' })).body.paymentUrl, link)
    }
    // Now the payment's row is there already, and only its lock keeps the second crowd in order.
    const [order] = await ordersOf('f8')
    await shops.sandbox.act(order?.orderId ?? assert.fail(), 'cancel')
    const another = oneLink(await spread(100, (shop) => orderOver(shop, { cart: 'f8', key: 'key-of-f8-again' })))
    assert.notEqual(another, link)
    assert.equal((await ordersOf('f8')).length, 2)
  })

  test('D6: sixty tabs with keys of their own, over all of them, are one order', async () => {
    oneLink(await spread(60, (shop, index) => orderOver(shop, { cart: 'd6', key: `key-of-tab-${index}` })))
    assert.equal((await ordersOf('d6')).length, 1)
  })

  test('F2 F9: a gateway that acted and did not say so, asked by three at once, leaves one live link', async () => {
    await shops.sandbox.setFaults([{ on: 'create', do: 'drop-reply', times: 1 }])
    await spread(12, (shop) => orderOver(shop, { cart: 'f2', key: 'key-of-f2' }))
    const { body } = await pressUntilOpen(urlOf(1), 'f2', 'key-of-f2')
    const live = (await attemptsOf('f2')).filter(({ payment_url }) => payment_url !== null)
    assert.deepEqual(
      live.map(({ payment_url }) => payment_url),
      [body.paymentUrl],
    )
  })

  test('F10: one that dies while it opens an order keeps nobody from it for longer than its claim', async () => {
    await shops.sandbox.setFaults([{ on: 'create', do: 'hang', times: 1 }])
    const lost = orderOver(urlOf(2), { cart: 'f10', key: 'key-of-f10' }).catch(() => 'the connection ended')
    await until('the claim stands', async () => (await attemptsOf('f10')).length === 1)
    await shops.kill(2)
    assert.equal(await lost, 'the connection ended')
    const meanwhile = await orderOver(urlOf(0), { cart: 'f10', key: 'key-of-f10' })
    assert.equal(meanwhile.status, 409)
    assert.ok(Number(meanwhile.headers.get('retry-after')) >= 1)
    const { body } = await pressUntilOpen(urlOf(0), 'f10', 'key-of-f10')
    await shops.revive(2)
    assert.equal((await orderOver(urlOf(2), { cart: 'f10', key: 'key-of-f10' })).body.paymentUrl, body.paymentUrl)
  })

  test('F13: two prices at once, over all of them, are one live link for each', async () => {
    const answers = await spread(30, (shop, index) =>
      orderOver(shop, { cart: 'f13', key: `key-of-f13-${index}`, quantity: 1 + (index % 2) }),
    )
    for (const { status } of answers) assert.ok([200, 201, 409, 503].includes(status), String(status))
    const live = (await attemptsOf('f13')).filter(({ payment_url }) => payment_url !== null)
    assert.equal(new Set(live.map(({ amount }) => amount)).size, live.length)
  })

  test('E4 E9: visits, questions and rounds of all of them at the same moment make one delivery', async () => {
    const { body } = await orderOver(urlOf(0), { cart: 'e9', key: 'key-of-e9' })
    await pay('e9', body.paymentUrl)
    await Promise.all(
      Array.from({ length: 60 }, (_, index) =>
        index % 2 ? statusOf(urlOf(index), body.token) : visitReturn(urlOf(index), body.token, 'success'),
      ),
    )
    await fulfilled('e9')
    for (const shop of shops.urls) assert.equal((await statusOf(shop, body.token)).body.state, 'paid')
    await Promise.all(shops.urls.map((shop) => visitReturn(shop, body.token, 'cancel')))
    assert.equal(await deliveriesOf('e9'), 1)
  })

  test('F20: two attempts paid at once, and heard of by different processes, are one fulfilment and a flag', async () => {
    const first = await orderOver(urlOf(0), { cart: 'f20', key: 'key-of-f20' })
    const second = await orderOver(urlOf(1), { cart: 'f20', key: 'key-of-f20-b', quantity: 2 })
    assert.equal(second.status, 201)
    await Promise.all([pay('f20', first.body.paymentUrl), pay('f20', second.body.paymentUrl)])
    await Promise.all(shops.urls.map((shop) => visitReturn(shop, first.body.token, 'success')))
    await fulfilled('f20')
    const { payments, flags } = await shops.database.read()
    const payment = payments.find((row) => row.purchase_id === 'f20')
    assert.ok(flags.some(({ payment_id, kind }) => payment_id === payment?.id && kind === 'paid-twice'))
    assert.equal(await deliveriesOf('f20'), 1)
  })

  test('G12: forty orders whose returns are all lost are each asked about by one of them at a time, and delivered once', async () => {
    const carts = Array.from({ length: 40 }, (_, index) => `g12-${index}`)
    const opened = await Promise.all(
      carts.map((cart, index) => orderOver(urlOf(index), { cart, key: `key-of-${cart}` })),
    )
    await Promise.all(opened.map(({ body }, index) => pay(carts[index] ?? '', body.paymentUrl)))
    await Promise.all(carts.map(fulfilled))
    assert.deepEqual(await Promise.all(carts.map(deliveriesOf)), Array(40).fill(1))
    // One question heard of each payment, and there was no other.
    const asked = await Promise.all(carts.map(async (cart) => questionsAfterPaying(await ordersOf(cart))))
    assert.deepEqual(asked, Array(40).fill(1))
  })

  test('F1 G8: one of them is killed again and again while buyers buy at the others', async () => {
    let over = false
    const carts: string[] = []
    async function buyer(name: string): Promise<void> {
      for (let round = 0; !over; round++) {
        const cart = `${name}-${round}`
        const { body } = await until(`an address for ${cart}`, async () => {
          // The balancer sends a repeat to another process than the first one.
          const answer = await orderOver(urlOf(Math.floor(Math.random() * 3)), { cart, key: `key-of-${cart}` }).catch(
            () => undefined,
          )
          return answer && (answer.status === 200 || answer.status === 201) ? answer : undefined
        })
        await pay(cart, body.paymentUrl)
        await visitReturn(urlOf(round), body.token, 'success').catch(() => undefined)
        carts.push(cart)
      }
    }
    const buying = Promise.all(['ann', 'ben', 'cho'].map(buyer))
    for (let kill = 0; kill < 4; kill++) {
      await shops.kill(kill % 3)
      await shops.revive(kill % 3)
    }
    over = true
    await buying
    assert.ok(carts.length >= 3)
    await Promise.all(carts.map(fulfilled))
  })

  test('F11: while the database restarts they answer 503 with a time and no 500, and go on by themselves', async () => {
    const { body } = await orderOver(urlOf(0), { cart: 'f11', key: 'key-of-f11' })
    const seen: Reply[] = []
    const ready: number[] = []
    await shops.cluster.restart(async () => {
      seen.push(
        ...(await spread(9, (shop, index) => orderOver(shop, { cart: `f11-${index}`, key: `key-f11-${index}` }))),
      )
      for (const shop of shops.urls) ready.push((await fetch(`${shop}/readyz`)).status)
    })
    for (const { status, headers } of seen) {
      assert.equal(status, 503)
      assert.ok(Number(headers.get('retry-after')) >= 1)
    }
    assert.deepEqual(ready, [503, 503, 503])
    for (const [index, shop] of shops.urls.entries()) {
      const again = await pressUntilOpen(shop, 'f11', 'key-of-f11')
      assert.equal(again.body.paymentUrl, body.paymentUrl)
      await pressUntilOpen(shop, `f11-${index}`, `key-f11-${index}`)
    }
    await pay('f11', body.paymentUrl)
    await fulfilled('f11')
  })

  test('F11: connections that the database ends, again and again under load, lose nothing and answer no 500', async () => {
    const store = await openStore(shops.databaseUrl)
    let over = false
    const statuses = new Set<number>()
    const carts: string[] = []
    async function buyer(name: string): Promise<void> {
      for (let round = 0; !over; round++) {
        const cart = `${name}-${round}`
        const { body } = await until(`an address for ${cart}`, async () => {
          const answer = await orderOver(urlOf(round), { cart, key: `key-of-${cart}` })
          statuses.add(answer.status)
          return answer.status === 200 || answer.status === 201 ? answer : undefined
        })
        // The connection that this test looks up the order by may be the next to be ended.
        await until(`${cart} to be paid`, () => pay(cart, body.paymentUrl).then(() => true))
        statuses.add((await visitReturn(urlOf(round), body.token, 'success')).status)
        carts.push(cart)
      }
    }
    const buying = Promise.all(['dev', 'eli', 'fay'].map(buyer))
    for (let blow = 0; blow < 8; blow++) {
      const bought = carts.length
      await sql`select pg_terminate_backend(pid) from pg_stat_activity
        where datname = current_database() and pid <> pg_backend_pid()`.execute(store.db)
      if (blow % 4 === 3) await until('somebody bought', () => carts.length > bought)
    }
    over = true
    await buying
    await store.close()
    assert.ok(carts.length >= 5)
    for (const status of statuses) assert.ok([200, 201, 303, 409, 503].includes(status), String(status))
    await Promise.all(carts.map(fulfilled))
  })
})
