import assert from 'node:assert/strict'
import { after, before, describe, test } from 'node:test'
import { sql } from 'kysely'
import { postgres } from '../payments/rules/databases.ts'
import { disturbed, USE_CASES } from './disturbed-use-cases.ts'
import { type DyingConnections, dyingConnections } from './dying-connections.ts'

const database = postgres()
let connections: DyingConnections
before(async () => {
  const { rows } = await sql<{ port: string }>`select current_setting('port') as port`.execute(
    (await database.store()).db,
  )
  connections = await dyingConnections(`postgres://postgres@127.0.0.1:${rows[0]?.port}/postgres`)
})
after(() => connections.stop())

describe('a connection to PostgreSQL that dies at one statement', () => {
  for (const [name, useCase] of Object.entries(USE_CASES)) {
    test(`F11: a connection ended at every statement of ${name}, one after the other: nothing half-written, a repeat works`, async () => {
      for (const when of ['before', 'after'] as const) {
        let nth = 1
        while (await disturbed(await database.store(), useCase, connections.at(nth, when))) nth += 1
        assert.ok(nth > 2, `only ${nth - 1} statements were tried`)
        assert.ok(nth < 100)
      }
    })
  }
})
