import { openPostgresStore } from './postgres-store.ts'
import { type KyselyStore, openSqliteStore } from './sqlite-store.ts'

/**
 * Opens the database and brings its tables up to date. `file:data/shop.db` is an embedded SQLite file (`file::memory:`
 * for tests), `postgres://…` a server that several instances share.
 * @throws Error with a sentence for the operator when the address is neither, or the database cannot be used.
 */
export async function openStore(databaseUrl: string): Promise<KyselyStore> {
  if (/^postgres(ql)?:\/\//.test(databaseUrl)) return openPostgresStore(databaseUrl)
  const path = /^file:(?:\/\/(?=\/))?(.+)$/.exec(databaseUrl)?.[1]
  if (!path) throw new Error('DATABASE_URL must begin with "file:" or "postgres://".')
  return openSqliteStore(path)
}
