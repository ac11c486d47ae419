import assert from 'node:assert/strict'
import { mkdtempSync, readdirSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { DatabaseSync } from 'node:sqlite'
import { after, before, test } from 'node:test'
import pg from 'pg'
import { MIGRATIONS } from '../../../src/server/store/migrations.ts'
import { openStore } from '../../../src/server/store/open-store.ts'
import { startPostgres, type ThrowAwayPostgres } from '../../support/postgres.ts'
import { runInside } from './run.ts'

const folder = mkdtempSync(join(tmpdir(), 'doctor-'))
let cluster: ThrowAwayPostgres
before(async () => {
  delete process.env['DATABASE_URL']
  cluster = await startPostgres()
})
after(async () => {
  await cluster.stop()
  rmSync(folder, { recursive: true, force: true })
})

/** The line about the database that the doctor prints. */
async function looks(databaseUrl: string): Promise<{ line: string; code: number | null }> {
  const file = join(folder, 'env')
  writeFileSync(file, `DATABASE_URL=${databaseUrl}\n`)
  const { out, error, code } = await runInside('doctor', '--settings', file)
  assert.doesNotMatch(`${out}${error}`, /hunter2/)
  return { line: /^.*\bdatabase\b.*$/m.exec(out)?.[0].trim() ?? `${out}${error}`, code }
}

async function run(databaseUrl: string, ...statements: string[]): Promise<void> {
  const client = new pg.Client({ connectionString: databaseUrl })
  await client.connect()
  for (const statement of statements) await client.query(statement)
  await client.end()
}

/** The same database for another user. */
const as = (user: string, databaseUrl: string) => databaseUrl.replace('postgres@', `${user}:hunter2@`)

test('an empty PostgreSQL that may be written is well, and so is one with tables', async () => {
  const url = await cluster.createDatabase()
  assert.match((await looks(url)).line, /^ok +database +PostgreSQL 1\d/)
  await (await openStore(url)).close()
  assert.match((await looks(url)).line, /^ok +database +PostgreSQL 1\d/)
})

test('a user who may only read is seen before the shop is started, with and without tables', async () => {
  const url = await cluster.createDatabase()
  await run(url, 'create role reader login', 'revoke create on schema public from public')
  assert.match((await looks(as('reader', url))).line, /^WRONG .* may not make tables/)
  await (await openStore(url)).close()
  await run(url, 'grant select on all tables in schema public to reader')
  const { line, code } = await looks(as('reader', url))
  assert.match(line, /^WRONG .* may not write the table attempts/)
  assert.equal(code, 1)
})

test('a database that takes no writes is seen', async () => {
  const url = await cluster.createDatabase()
  await (await openStore(url)).close()
  await run(url, `alter database ${url.split('/').at(-1)} set default_transaction_read_only = on`)
  assert.match((await looks(url)).line, /^WRONG .* takes no writes/)
})

test('a newer schema is seen, in PostgreSQL and in a file, which is left as it was', async () => {
  const url = await cluster.createDatabase()
  await (await openStore(url)).close()
  const newer = `insert into schema_version (version, applied_at) values (${MIGRATIONS.length + 1}, 0)`
  await run(url, newer)
  assert.match((await looks(url)).line, /^WRONG .* newer version of pay-with-ipay/)

  const file = join(folder, 'shop.db')
  await (await openStore(`file:${file}`)).close()
  assert.match((await looks(`file:${file}`)).line, /^ok /)
  const database = new DatabaseSync(file)
  database.exec(newer)
  database.close()
  const files = readdirSync(folder)
  assert.match((await looks(`file:${file}`)).line, /^WRONG .* newer version of pay-with-ipay/)
  assert.deepEqual(readdirSync(folder), files)
})

test('a file that is no database is seen', async () => {
  const file = join(folder, 'other.db')
  writeFileSync(file, 'this only looks like a file of at least a hundred bytes '.repeat(4))
  assert.match((await looks(`file:${file}`)).line, /^WRONG .*other\.db/)
})

test('a wrong password, a database that is not there and a server that is stopped are seen, without the password', async () => {
  const url = await cluster.createDatabase()
  const { line } = await looks(url.replace('postgres@', 'nobody:hunter2@'))
  assert.match(line, /^WRONG .*PostgreSQL cannot be used: .*nobody/)
  assert.match((await looks(`${url}_gone`)).line, /^WRONG .*does not exist/)
  await cluster.restart(async () => {
    const { line, code } = await looks(as('shop', url))
    assert.match(line, /^WRONG .*PostgreSQL cannot be used: .*ECONNREFUSED/)
    assert.equal(code, 1)
  })
})
