import { accessSync, constants, existsSync, statSync } from 'node:fs'
import { dirname, resolve } from 'node:path'
import { DatabaseSync } from 'node:sqlite'
import { pathToFileURL } from 'node:url'
import type { Client } from 'pg'
import { MIGRATIONS } from '../../server/store/migrations.ts'
import { about, type Finding, reasonOf } from './finding.ts'

const POSTGRES_DEADLINE_MS = 5_000
const OLDEST_POSTGRES = 15

/**
 * Can the database be written, and does this version know its tables? Nothing is created or changed by looking.
 * @param url `file:<path>` or `postgres://…`
 */
export async function lookAtStore(url: string): Promise<Finding> {
  return url.startsWith('file:') ? fileStore(url.slice('file:'.length)) : await postgresStore(url)
}

function fileStore(path: string): Finding {
  const { ok, wrong } = about('database')
  // What does not exist yet is made at the start, in the nearest folder that does.
  let place = resolve(path)
  while (!existsSync(place)) place = dirname(place)
  try {
    if (place !== resolve(path) && !statSync(place).isDirectory()) return wrong(`${place} is a file, not a folder.`)
    if (place === resolve(path) && !statSync(place).isFile()) return wrong(`${path} is not a file.`)
    accessSync(place, constants.W_OK)
    if (place !== resolve(path)) return ok(`${path}, to be made`)
    const fault = tooNew(versionOfFile(place))
    return fault === undefined ? ok(path) : wrong(fault)
  } catch (error) {
    return wrong(`${path} cannot be written: ${reasonOf(error)}.`)
  }
}

async function postgresStore(connectionString: string): Promise<Finding> {
  const { ok, wrong } = about('database')
  try {
    const { default: pg } = await import('pg')
    const client = new pg.Client({ connectionString, connectionTimeoutMillis: POSTGRES_DEADLINE_MS })
    client.on('error', () => {})
    try {
      await client.connect()
      const { rows } = await client.query<{ server_version: string }>('SHOW server_version')
      const version = rows[0]?.server_version ?? ''
      if (Number.parseInt(version, 10) < OLDEST_POSTGRES)
        return wrong(`PostgreSQL ${version} is too old: ${OLDEST_POSTGRES} or newer is needed.`)
      const fault = await faultOf(client)
      return fault === undefined ? ok(`PostgreSQL ${version}`) : wrong(fault)
    } finally {
      await client.end().catch(() => {})
    }
  } catch (error) {
    const missing = error instanceof Error && 'code' in error && error.code === 'ERR_MODULE_NOT_FOUND'
    // The address holds a password, so it is not repeated.
    return wrong(
      missing ? 'Install the package pg to use PostgreSQL.' : `PostgreSQL cannot be used: ${reasonOf(error)}.`,
    )
  }
}

/** The number of the last migration that a file has seen; 0 for an empty one. Leaves no companion files behind. */
function versionOfFile(path: string): number {
  const url = pathToFileURL(path)
  // Nobody's locks are looked at and no log is made for a look that takes a moment.
  url.searchParams.set('immutable', '1')
  const database = new DatabaseSync(url, { readOnly: true })
  try {
    const known = database.prepare("select 1 from sqlite_master where name = 'schema_version'").get()
    return known ? Number(database.prepare('select max(version) as version from schema_version').get()?.['version']) : 0
  } finally {
    database.close()
  }
}

const tooNew = (version: number): string | undefined =>
  version > MIGRATIONS.length
    ? `It was written by a newer version of pay-with-ipay (schema ${version}, this one knows ${MIGRATIONS.length}). Upgrade the package.`
    : undefined

interface Rights {
  readonly read_only: boolean
  readonly may_create: boolean | null
  readonly has_tables: boolean
}

/** What keeps the shop's user from working on this database, as a sentence. */
async function faultOf(client: Client): Promise<string | undefined> {
  const { rows } = await client.query<Rights>(`select
    current_setting('transaction_read_only')::boolean as read_only,
    has_schema_privilege(current_schema(), 'create') as may_create,
    to_regclass('schema_version') is not null as has_tables`)
  const [rights] = rows
  if (rights?.read_only) return 'The database takes no writes: it is a standby, or its user is set to read only.'
  if (!rights?.has_tables) {
    return rights?.may_create ? undefined : 'The user of DATABASE_URL may not make tables in this database.'
  }
  const found = await client.query<{ version: string | null }>('select max(version) as version from schema_version')
  const version = Number(found.rows[0]?.version ?? 0)
  if (version < MIGRATIONS.length && !rights.may_create)
    return 'The user of DATABASE_URL may not change the tables, which this version has to.'
  return tooNew(version) ?? (await unwritable(client))
}

async function unwritable(client: Client): Promise<string | undefined> {
  const { rows } = await client.query<{ name: string }>(`select table_name as name from information_schema.tables
    where table_schema = current_schema() and table_name in ('payments', 'attempts', 'deliveries', 'audit')
      and not (has_table_privilege(table_name, 'insert') and has_table_privilege(table_name, 'update'))
    order by table_name`)
  const [table] = rows
  return table && `The user of DATABASE_URL may not write the table ${table.name}.`
}
