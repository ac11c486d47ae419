import assert from 'node:assert/strict'
import { test } from 'node:test'
import { sql } from 'kysely'
import { openStore } from '../../../src/server/store/open-store.ts'
import { orderOver, visitReturn } from '../../support/endpoint.ts'
import { until } from '../../support/until.ts'
import { fulfilled, pay, pressUntilOpen, type Reply, shops, spread, urlOf } from './shops.ts'

/** Processes and connections that die under load. */
export function failingRules(): void {
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
}
