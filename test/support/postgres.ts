import { execFile, spawnSync } from 'node:child_process'
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { dirname, join } from 'node:path'
import { promisify } from 'node:util'
import pg from 'pg'
import { pathOf } from './browsers.ts'
import { freePort } from './free-port.ts'

const run = promisify(execFile)

/** A PostgreSQL of one's own that forgets everything when it stops. */
export interface ThrowAwayPostgres {
  /** Address of the database `postgres`, as `DATABASE_URL` takes it. */
  readonly url: string
  /** Makes an empty database and returns its address. */
  createDatabase(): Promise<string>
  /** Stops the server, ends every connection, does `meanwhile`, and starts it again on the same data and port. */
  restart(meanwhile?: () => Promise<void>): Promise<void>
  stop(): Promise<void>
}

/** Runs a program of PostgreSQL, which refuses to work as root: then the user `postgres` of Debian's package does it. */
function asServer(program: string, args: readonly string[]): [string, string[]] {
  return process.getuid?.() === 0 ? ['runuser', ['-u', 'postgres', '--', program, ...args]] : [program, [...args]]
}

/**
 * A new cluster on a free port of 127.0.0.1: everybody on this machine is trusted, and nothing is synced to the disk
 * unless it has to be `durable`.
 */
export async function startPostgres({ durable = false } = {}): Promise<ThrowAwayPostgres> {
  const bin = dirname(pathOf('postgres'))
  const folder = mkdtempSync(join(tmpdir(), 'ipay-postgres-'))
  if (process.getuid?.() === 0) await run('chown', ['postgres', folder])
  const data = join(folder, 'data')
  const port = await freePort()
  await run(...asServer(join(bin, 'initdb'), ['-A', 'trust', '-N', '-U', 'postgres', '-E', 'UTF8', '-D', data]))
  const options = `-c listen_addresses=127.0.0.1 -c fsync=${durable ? 'on' : 'off'} -c max_connections=150 -k ${folder} -p ${port}`
  const start = ['-D', data, '-l', join(folder, 'log'), '-w', '-t', '60', '-o', options, 'start']
  await run(...asServer(join(bin, 'pg_ctl'), start))

  let running = true
  function stopNow(): void {
    if (!running) return
    running = false
    const [program, args] = asServer(join(bin, 'pg_ctl'), ['-D', data, '-m', 'immediate', '-w', 'stop'])
    spawnSync(program, args)
    rmSync(folder, { recursive: true, force: true })
  }
  // A test that ends without stopping it leaves no server behind.
  process.once('exit', stopNow)

  let databases = 0
  const address = (database: string) => `postgres://postgres@127.0.0.1:${port}/${database}`
  return {
    url: address('postgres'),
    async createDatabase() {
      databases += 1
      const name = `shop_${process.pid}_${databases}`
      const client = new pg.Client({ connectionString: address('postgres') })
      await client.connect()
      await client.query(`create database ${name}`)
      await client.end()
      return address(name)
    },
    async restart(meanwhile = async () => {}) {
      await run(...asServer(join(bin, 'pg_ctl'), ['-D', data, '-m', 'fast', '-w', 'stop']))
      await meanwhile()
      await run(...asServer(join(bin, 'pg_ctl'), start))
    },
    async stop() {
      process.off('exit', stopNow)
      stopNow()
    },
  }
}
