import { after, before } from 'node:test'
import { sql } from 'kysely'
import { openStore } from '../../../../src/server/store/open-store.ts'
import type { KyselyStore } from '../../../../src/server/store/sqlite-store.ts'
import { startPostgres, type ThrowAwayPostgres } from '../../../support/postgres.ts'

/** A database under test: `store` is empty, `another` a further connection to the same rows, as another instance has. */
export interface Database {
  readonly name: string
  store(): Promise<KyselyStore>
  /** A store of its own on the same database; only where several instances can share one. */
  readonly another?: () => Promise<KyselyStore>
}

const TABLES = [
  'operations',
  'notifications',
  'flags',
  'audit',
  'deliveries',
  'idempotency_keys',
  'attempts',
  'payments',
]

/** SQLite in memory, a new one for each test; closed when the file's tests have ended. */
export function sqliteInMemory(): Database {
  const opened: KyselyStore[] = []
  after(async () => {
    await Promise.all(opened.map((store) => store.close()))
  })
  return {
    name: 'SQLite',
    async store() {
      const store = await openStore('file::memory:')
      opened.push(store)
      return store
    },
  }
}

/** One database of a throw-away cluster, emptied for each test. */
export function postgres(): Database {
  let cluster: ThrowAwayPostgres
  let url: string
  let store: KyselyStore
  const others: KyselyStore[] = []
  before(async () => {
    cluster = await startPostgres()
    url = await cluster.createDatabase()
    store = await openStore(url)
  })
  after(async () => {
    await Promise.all([store, ...others].map((opened) => opened.close()))
    await cluster.stop()
  })
  return {
    name: 'PostgreSQL',
    async store() {
      await sql.raw(`truncate ${TABLES.join(', ')} cascade`).execute(store.db)
      return store
    },
    async another() {
      const other = await openStore(url)
      others.push(other)
      return other
    },
  }
}
