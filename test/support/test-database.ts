import { after, before } from 'node:test'
import { startPostgres, type ThrowAwayPostgres } from './postgres.ts'

/** Where the rows of one group of tests are: an empty database each time it is asked for. */
export interface TestDatabase {
  readonly name: string
  url(): Promise<string>
}

export const sqlite: TestDatabase = { name: 'SQLite', url: async () => 'file::memory:' }

/** Databases of a throw-away cluster, which lives as long as the tests of the file. */
export function postgresCluster(): TestDatabase {
  let cluster: ThrowAwayPostgres
  before(async () => {
    cluster = await startPostgres()
  })
  after(() => cluster.stop())
  return { name: 'PostgreSQL', url: () => cluster.createDatabase() }
}
