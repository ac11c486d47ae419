import assert from 'node:assert/strict'
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { after, before, describe, test } from 'node:test'
import { openFulfilments, type PaidPurchase } from '../../../server-example/fulfilments.ts'
import { bdt, openStore } from '../../../src/server/index.ts'
import { startPostgres, type ThrowAwayPostgres } from '../../support/postgres.ts'
import { openShopDatabase } from '../../support/shop-database.ts'

const PAID: PaidPurchase = {
  id: 'p_1',
  purchaseId: 'C_odd-Id',
  amount: bdt('1250.00'),
  transactionId: '23I2-1',
  order: { cart: 'C_odd-Id', items: [{ sku: 'mug', quantity: 2 }] },
}

/** The same rules on both databases. */
function fulfilmentRules(freshDatabase: () => Promise<string>): void {
  test('G8: a paid handler that is called again, or twice at once, leaves one row with the exact id of the cart', async () => {
    const url = await freshDatabase()
    const store = await openStore(url)
    const fulfilments = await openFulfilments(store, () => 1_795_266_763_938)
    assert.equal(await fulfilments.isFulfilled('C_odd-Id'), false)
    await Promise.all([fulfilments.fulfil(PAID), fulfilments.fulfil(PAID), fulfilments.fulfil(PAID)])
    await fulfilments.fulfil({ ...PAID, id: 'p_2' })
    assert.equal(await fulfilments.isFulfilled('C_odd-Id'), true)
    assert.equal(await fulfilments.isFulfilled('c_odd-id'), false)
    const database = openShopDatabase(url)
    assert.deepEqual((await database.read()).fulfilments, [
      {
        purchase_id: 'C_odd-Id',
        payment_id: 'p_1',
        amount: '1250.00',
        currency: 'BDT',
        transaction_id: '23I2-1',
        items: JSON.stringify(PAID.order),
        fulfilled_at: 1_795_266_763_938,
      },
    ])
    await database.close()
    await store.close()
  })

  test('opening the table again keeps what is in it', async () => {
    const store = await openStore(await freshDatabase())
    await (await openFulfilments(store, Date.now)).fulfil(PAID)
    assert.equal(await (await openFulfilments(store, Date.now)).isFulfilled(PAID.purchaseId), true)
    await store.close()
  })
}

describe('fulfilments on SQLite', () => {
  const folder = mkdtempSync(join(tmpdir(), 'shop-fulfilments-'))
  after(() => rmSync(folder, { recursive: true }))
  let count = 0
  fulfilmentRules(async () => `file:${join(folder, `${++count}.db`)}`)
})

describe('fulfilments on PostgreSQL', () => {
  let postgres: ThrowAwayPostgres
  before(async () => {
    postgres = await startPostgres()
  })
  after(() => postgres.stop())
  fulfilmentRules(() => postgres.createDatabase())

  test('instances that start together agree on one table', async () => {
    const url = await postgres.createDatabase()
    const first = await openStore(url)
    const others = await Promise.all([openStore(url), openStore(url), openStore(url)])
    const opened = await Promise.all([first, ...others].map((store) => openFulfilments(store, Date.now)))
    await Promise.all(opened.map((fulfilments) => fulfilments.fulfil(PAID)))
    const database = openShopDatabase(url)
    assert.equal(await database.fulfilmentsOf(PAID.purchaseId), 1)
    await database.close()
    for (const store of [first, ...others]) await store.close()
  })
})
