import assert from 'node:assert/strict'
import { describe, test } from 'node:test'
import { sql } from 'kysely'
import { MIGRATIONS } from '../../../src/server/store/migrations.ts'
import { openStore } from '../../../src/server/store/open-store.ts'
import { failingRules } from './failing.ts'
import { openingRules } from './opening.ts'
import { payingRules } from './paying.ts'
import { shops, startShopsOnce } from './shops.ts'

startShopsOnce()

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

  openingRules()
  payingRules()
  failingRules()
})
