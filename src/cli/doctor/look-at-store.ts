import { accessSync, constants, existsSync, statSync } from 'node:fs'
import { dirname, resolve } from 'node:path'
import { about, type Finding, reasonOf, type Variables } from './finding.ts'

const POSTGRES_DEADLINE_MS = 5_000
const OLDEST_POSTGRES = 15

/** Can the database be written? A file is not created by this, and a server is only asked for its version. */
export async function lookAtStore(variables: Variables): Promise<Finding> {
  const url = variables['DATABASE_URL'] || 'file:data/shop.db'
  if (url.startsWith('file:')) return fileStore(url.slice('file:'.length))
  if (/^postgres(ql)?:\/\//.test(url)) return await postgresStore(url)
  return about('database').wrong('DATABASE_URL has to begin with file: or postgres://.')
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
    return ok(place === resolve(path) ? path : `${path}, to be made`)
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
      return Number.parseInt(version, 10) >= OLDEST_POSTGRES
        ? ok(`PostgreSQL ${version}`)
        : wrong(`PostgreSQL ${version} is too old: ${OLDEST_POSTGRES} or newer is needed.`)
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
