import assert from 'node:assert/strict'
import { after, before, describe, test } from 'node:test'
import { sql } from 'kysely'
import { openStore } from '../../../src/server/store/open-store.ts'
import type { KyselyStore } from '../../../src/server/store/sqlite-store.ts'
import { startPostgres, type ThrowAwayPostgres } from '../../support/postgres.ts'
import { disturbed, USE_CASES } from './disturbed-use-cases.ts'
import { type DyingConnections, dyingConnections } from './dying-connections.ts'

const TABLES = 'operations, notifications, flags, audit, deliveries, idempotency_keys, attempts, payments'
let cluster: ThrowAwayPostgres
let connections: DyingConnections
let store: KyselyStore
before(async () => {
  cluster = await startPostgres()
  store = await openStore(await cluster.createDatabase())
  connections = await dyingConnections(cluster.url)
})
after(async () => {
  await connections.stop()
  await store.close()
  await cluster.stop()
})

describe('a connection to PostgreSQL that dies at one statement', () => {
  for (const [name, useCase] of Object.entries(USE_CASES)) {
    test(`F11: a connection that dies at every statement of ${name}, one after the other: nothing half-written, a repeat works (OWASP ASVS 5.0, 2.3.3)`, async () => {
      for (const when of ['before', 'after'] as const) {
        let nth = 0
        do {
          nth += 1
          await sql.raw(`truncate ${TABLES} cascade`).execute(store.db)
        } while (await disturbed(store, useCase, connections.at(nth, when)))
        assert.ok(nth > 3, `only ${nth - 1} statements were tried`)
        assert.ok(nth < 100)
      }
    })
  }
})
