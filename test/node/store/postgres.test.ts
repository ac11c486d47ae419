import assert from 'node:assert/strict'
import { after, before, describe, test } from 'node:test'
import { setTimeout as pause } from 'node:timers/promises'
import { sql } from 'kysely'
import pg from 'pg'
import { ProblemError } from '../../../src/server/problem-error.ts'
import { MIGRATIONS } from '../../../src/server/store/migrations.ts'
import { openStore } from '../../../src/server/store/open-store.ts'
import type { Store } from '../../../src/server/store/port.ts'
import type { KyselyStore } from '../../../src/server/store/sqlite-store.ts'
import { startPostgres, type ThrowAwayPostgres } from '../../support/postgres.ts'
import { until } from '../../support/until.ts'
import { createKit } from '../payments/kit.ts'
import { stored } from './rows.ts'
import { storeSuite } from './suite.ts'

let cluster: ThrowAwayPostgres
let url: string
let store: KyselyStore
const opened: Store[] = []
before(async () => {
  cluster = await startPostgres()
  url = await cluster.createDatabase()
  store = await open()
})
after(async () => {
  await Promise.all(opened.map((one) => one.close()))
  await cluster.stop()
})
async function open(address = url): Promise<KyselyStore> {
  const one = await openStore(address)
  opened.push(one)
  return one
}
/** A connection of the test's own. */
async function connected<T>(work: (client: pg.Client) => Promise<T>, address = url): Promise<T> {
  const client = new pg.Client({ connectionString: address })
  await client.connect()
  try {
    return await work(client)
  } finally {
    await client.end()
  }
}

const TABLES = 'operations, notifications, flags, audit, deliveries, idempotency_keys, attempts, payments'
async function emptied(): Promise<KyselyStore> {
  // A pool learns of a connection that was ended when it uses it.
  await until('the database is empty', () => sql.raw(`truncate ${TABLES} cascade`).execute(store.db))
  return store
}

const isUnavailable = (error: unknown) =>
  error instanceof ProblemError && error.code === 'unavailable' && (error.extras.retryAfter ?? 0) >= 1
const isInProgress = (error: unknown) => error instanceof ProblemError && error.code === 'in-progress'

/** Ends every connection to the database but the one that asks. */
const killConnections = () =>
  connected((client) =>
    client.query(`select pg_terminate_backend(pid) from pg_stat_activity
      where datname = current_database() and pid <> pg_backend_pid()`),
  )

storeSuite('PostgreSQL', emptied)

describe('PostgreSQL', () => {
  test('three instances that start together on an empty database migrate it once', async () => {
    const address = await cluster.createDatabase()
    const stores = await Promise.all([open(address), open(address), open(address)])
    const versions = await sql<{ version: number }>`select version from schema_version order by version`.execute(
      (stores[0] as KyselyStore).db,
    )
    assert.deepEqual(
      versions.rows.map(({ version }) => version),
      MIGRATIONS.map((_, i) => i + 1),
    )
    const { payment } = await stored(stores[1] as KyselyStore, {})
    assert.equal((await stores[2]?.rows.payment(payment.id))?.id, payment.id)
  })

  test('a schema that is newer than this code is refused', async () => {
    const address = await cluster.createDatabase()
    await (await openStore(address)).close()
    await connected(
      (client) => client.query('insert into schema_version values ($1, 0)', [MIGRATIONS.length + 1]),
      address,
    )
    await assert.rejects(openStore(address), /written by a newer version of pay-with-ipay/)
  })

  test('a server with a stricter level by default serves buyers who press at the same time all the same', async () => {
    const address = await cluster.createDatabase()
    const name = address.split('/').at(-1)
    await connected((client) =>
      client.query(`alter database ${name} set default_transaction_isolation = 'serializable'`),
    )
    const strict = await open(address)
    const kit = createKit(strict)
    const presses = Array.from({ length: 10 }, (_, i) => kit.run(kit.press(`c${i}`)))
    for (const { created } of await Promise.all(presses)) assert.equal(created, true)
  })

  test('H18: a database that is not there is refused within seconds, with a sentence and without the password', async () => {
    for (const address of [
      url.replace('postgres@', 'postgres:hunter2@').replace(/\/[^/]*$/, '/nowhere'),
      'postgres://shop:hunter2@127.0.0.1:1/shop',
    ]) {
      await assert.rejects(openStore(address), (error: Error) => {
        assert.doesNotMatch(`${error.message} ${error.stack}`, /hunter2/)
        assert.match(error.message, /database/i)
        return true
      })
    }
  })

  test('a change is told to other instances', async () => {
    const other = await open()
    const told: string[] = []
    const stop = other.onChange((id) => told.push(id))
    const { payment } = await stored(store)
    await until('the other instance heard of it', async () => {
      await store.transaction((tx) => tx.updatePayment(payment.id, { state: 'created' }))
      return told.includes(payment.id)
    })
    stop()
  })

  test('connections that are ended by the server are replaced, listening included', async () => {
    const { payment } = await stored(store)
    await killConnections()
    await until('the store answers again', () => store.rows.payment(payment.id).catch(() => undefined))
    const told: string[] = []
    const stop = store.onChange((id) => told.push(id))
    await until('the store hears of changes again', async () => {
      await store.transaction((tx) => tx.updatePayment(payment.id, { state: 'created' }))
      return told.includes(payment.id)
    })
    stop()
  })

  test('F11: a connection that dies inside a transaction is `unavailable`, has changed nothing, and ends no process', async () => {
    const { payment } = await stored(store)
    const failing = store.transaction(async (tx) => {
      await tx.updatePayment(payment.id, { state: 'paid' })
      await killConnections()
      // The connection is gone while nobody is asking anything of it.
      await pause(100)
      await tx.updatePayment(payment.id, { state: 'failed' })
    })
    await assert.rejects(failing, isUnavailable)
    await until('the store answers again', () => store.ping().then(() => true))
    assert.equal((await store.rows.payment(payment.id))?.state, 'processing')
  })

  test('F11: a connection that dies at the commit leaves all of it or nothing, and a repeat is harmless', async () => {
    const kit = createKit(await emptied())
    kit.gateway.behave.open = () => ({ replyMs: 50 })
    for (let round = 0; round < 5; round++) {
      const pressed = kit.run(kit.press('c1')).then(
        () => 'opened',
        (error: unknown) => error,
      )
      await pause(round * 4)
      await killConnections()
      const outcome = await pressed
      // The claim of a press that died may still count for the next one.
      assert.ok(outcome === 'opened' || isUnavailable(outcome) || isInProgress(outcome), String(outcome))
    }
    const again = async () => {
      await kit.clock.advance(30_000)
      // The gateway answers on the manual clock.
      return kit.run(kit.press('c1')).catch(() => undefined)
    }
    const final = await until('the purchase can be paid', again)
    const attempts = await store.rows.attempts((await store.rows.paymentByPurchase('c1'))?.id ?? '')
    const links = attempts.filter((attempt) => attempt.payment_url !== null && attempt.state === 'created')
    assert.deepEqual(
      links.map((attempt) => attempt.payment_url),
      [final.reply.paymentUrl],
    )
  })

  test('F11: a row that somebody holds locked answers `unavailable` after the statement time-out, and nothing is lost', async () => {
    const kit = createKit(await emptied())
    const { reply } = await kit.press('c1')
    await connected(async (client) => {
      await client.query('begin')
      await client.query(`select * from payments where purchase_id = 'c1' for update`)
      const startedAt = performance.now()
      await assert.rejects(kit.press('c1'), isUnavailable)
      const waitedMs = performance.now() - startedAt
      assert.ok(waitedMs > 3_000, `${waitedMs} ms`)
      // Other purchases go on.
      assert.equal((await kit.press('c2')).created, true)
      await client.query('rollback')
    })
    assert.equal((await kit.press('c1')).reply.paymentUrl, reply.paymentUrl)
  })

  test('F11: a restart of the server is `unavailable` meanwhile and recovered from, with nothing lost', async () => {
    const kit = createKit(await emptied())
    const { reply } = await kit.press('c1')
    await cluster.restart(async () => {
      await assert.rejects(kit.press('c2'), isUnavailable)
      await assert.rejects(kit.service.status(reply.token), isUnavailable)
      await assert.rejects(store.ping(), isUnavailable)
    })
    await until('the store answers again', () => store.ping().then(() => true))
    assert.equal((await kit.press('c1')).reply.paymentUrl, reply.paymentUrl)
    assert.equal((await kit.press('c2')).created, true)
    assert.equal(kit.gateway.orders.length, 2)
  })

  test('a store that was closed is closed: its connections are gone', async () => {
    const address = await cluster.createDatabase()
    const one = await openStore(address)
    await one.ping()
    await Promise.all([one.close(), one.close()])
    await one.close()
    const left = await connected((client) =>
      client.query('select count(*)::int as n from pg_stat_activity where datname = $1', [address.split('/').at(-1)]),
    )
    assert.equal(left.rows[0].n, 0)
  })
})
