import { Kysely, PostgresDialect, sql } from 'kysely'
import type { Pool } from 'pg'
import { ProblemError } from '../problem-error.ts'
import { claimReleaser } from './claims.ts'
import { guardedRows } from './guarded-rows.ts'
import { migrate } from './migrations.ts'
import { listenForChanges } from './postgres-listener.ts'
import { rowsOf } from './rows.ts'
import type { Tables } from './schema.ts'
import type { KyselyStore } from './sqlite-store.ts'

/** Any 64-bit number of our own: instances that start together take turns at the migrations. */
const MIGRATION_LOCK = 7_134_092_117
/** Channel of LISTEN/NOTIFY; its messages are payment ids. */
export const CHANGES = 'pay_with_ipay_changes'
/** How long closing waits for connections to say goodbye. */
const CLOSE_PATIENCE_MS = 2_000
/** Beyond this the database counts as stuck, and the request is answered with `unavailable`. */
const STATEMENT_TIMEOUT_MS = 4_000

/**
 * The store for several instances. Loss of the connection, a fail-over and a statement that takes too long surface as
 * `unavailable`, and the next request finds a fresh connection.
 */
export async function openPostgresStore(url: string): Promise<KyselyStore> {
  const pg = await import('pg')
  const types = new pg.default.TypeOverrides()
  types.setTypeParser(pg.default.types.builtins.INT8, Number)
  const pool = new pg.default.Pool({
    connectionString: url,
    types,
    max: 20,
    connectionTimeoutMillis: 3_000,
    statement_timeout: STATEMENT_TIMEOUT_MS,
    idle_in_transaction_session_timeout: 10_000,
  })
  // A connection that dies must not end the process, whether it is idle or in use: the pool replaces it, and whoever was
  // waiting for an answer gets the error. Without a listener of its own, one that dies between two questions is fatal.
  pool.on('error', () => {})
  pool.on('connect', (client) => void client.on('error', () => {}))
  const db = new Kysely<Tables>({ dialect: new PostgresDialect({ pool }) })
  // The rules lock rows and read them again, which is right at this level; a stricter default of the server would make
  // transactions fail that have only met. Said here, as poolers refuse options at the start of a connection.
  const transaction = () => db.transaction().setIsolationLevel('read committed')
  try {
    await translated(() =>
      transaction().execute(async (tx) => {
        await sql`set local statement_timeout = 0`.execute(tx)
        await sql`select pg_advisory_xact_lock(${MIGRATION_LOCK})`.execute(tx)
        await migrate(tx, { counter: 'bigserial' }, Date.now())
      }),
    )
  } catch (error) {
    await endPool(db, pool)
    throw error instanceof ProblemError ? unusable(error.cause) : error
  }

  let closed: Promise<void> | undefined
  const listeners = new Set<(paymentId: string) => void>()
  const listener = listenForChanges(url, CHANGES, (id) => {
    for (const tell of listeners) tell(id)
  })
  const differences = {
    rowLocks: true,
    async changed(tx: Kysely<Tables>, paymentId: string) {
      await sql`select pg_notify(${CHANGES}, ${paymentId})`.execute(tx)
    },
  }
  return {
    kind: 'postgres',
    db,
    rows: guardedRows(rowsOf(db, differences), translated),
    transaction: (work) => translated(() => transaction().execute((tx) => work(rowsOf(tx, differences)))),
    releaseClaims: claimReleaser(transaction),
    onChange(tell) {
      listeners.add(tell)
      return () => listeners.delete(tell)
    },
    async ping() {
      await translated(() => sql`select 1`.execute(db))
    },
    close() {
      closed ??= closeAll()
      return closed
    },
  }

  async function closeAll() {
    // A connection that dies while it is being closed may never say so; a stop must end all the same.
    let timer: NodeJS.Timeout | undefined
    const patience = new Promise<void>((resolve) => {
      timer = setTimeout(resolve, CLOSE_PATIENCE_MS)
    })
    const ended = listener.stop().then(() => endPool(db, pool))
    await Promise.race([ended, patience]).finally(() => clearTimeout(timer))
  }
}

/** The driver's own words name the host, the user or the database, and never the password. */
const unusable = (cause: unknown) => {
  const why = cause instanceof Error && cause.message ? cause.message : 'nobody answers at its address'
  return new Error(`The PostgreSQL database cannot be used (${why}). Check DATABASE_URL and the server.`, { cause })
}

async function endPool(db: Kysely<Tables>, pool: Pool) {
  await db.destroy()
  if (!pool.ended) await pool.end()
}

/** SQLSTATE classes that are our own mistakes; everything else is the database being away, busy or out of room. */
const OUR_MISTAKES = /^(?:22|23|42)/

async function translated<T>(work: () => Promise<T>): Promise<T> {
  try {
    return await work()
  } catch (error) {
    if (error instanceof ProblemError || !(error instanceof Error)) throw error
    const code = 'code' in error && typeof error.code === 'string' ? error.code : ''
    // Errors of our callers have codes too; five capitals or digits are the database's.
    const state = /^[0-9A-Z]{5}$/.test(code) ? code : undefined
    const lost = /connection|timeout|ECONN|terminat|ended/i.test(`${error.message} ${code}`)
    if (state === undefined ? !lost : OUR_MISTAKES.test(state)) throw error
    throw new ProblemError('unavailable', 'The database cannot be used at the moment', { retryAfter: 2 }, error)
  }
}
