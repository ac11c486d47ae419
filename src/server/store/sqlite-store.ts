import { mkdirSync, realpathSync, statSync } from 'node:fs'
import { dirname, resolve } from 'node:path'
import type { DatabaseSync } from 'node:sqlite'
import { Kysely, SqliteDialect } from 'kysely'
import { ProblemError } from '../problem-error.ts'
import { claimReleaser } from './claims.ts'
import { groupCommit } from './group-commit.ts'
import { guardedRows } from './guarded-rows.ts'
import { migrate } from './migrations.ts'
import type { Store } from './port.ts'
import { rowsOf } from './rows.ts'
import type { Tables } from './schema.ts'
import { sqliteCode, sqliteDatabase } from './sqlite-database.ts'

const BUSY = 5
const CONSTRAINT = 19
/** How long a transaction waits for another program's lock before the request is answered with `unavailable`. */
const BUSY_PATIENCE_MS = 3_000
const BUSY_PAUSE_MS = 40

/** A store with the Kysely instance under it, for tables that the shop keeps beside ours. */
export type KyselyStore = Store & { readonly db: Kysely<Tables>; readonly kind: 'sqlite' | 'postgres' }

/**
 * The embedded store: one file (or `:memory:`), one writing process. WAL with `synchronous=FULL`: a transaction that was
 * acknowledged survives power loss.
 * @throws Error with a sentence for the operator when the file cannot be used or another process writes to it.
 */
export async function openSqliteStore(path: string): Promise<KyselyStore> {
  const inMemory = path === ':memory:'
  const lock = inMemory ? undefined : takeLock(path)
  try {
    return await openLocked(path, inMemory, lock)
  } catch (error) {
    lock?.close()
    const fault = error instanceof ProblemError ? error.cause : error
    throw sqliteCode(fault) === undefined ? error : unusable(path, fault)
  }
}

async function openLocked(path: string, inMemory: boolean, lock: Lock | undefined): Promise<KyselyStore> {
  const writer = sqliteDatabase(path, { readOnly: false })
  // The log is carried over every 32 MB instead of every 4: under load everybody waits for that.
  if (!inMemory) writer.raw.exec('pragma journal_mode = wal; pragma wal_autocheckpoint = 8000')
  writer.raw.exec('pragma synchronous = full; pragma foreign_keys = on; pragma trusted_schema = off')

  const listeners = new Set<(paymentId: string) => void>()
  const db = new Kysely<Tables>({ dialect: new SqliteDialect({ database: writer }) })
  await retried(() => db.transaction().execute((tx) => migrate(tx, { counter: 'integer' }, Date.now())))
  const releaseClaims = claimReleaser(() => db.transaction())
  // The only writer: whatever is claimed now was claimed by a process that is dead.
  await retried(releaseClaims)
  const reader = inMemory
    ? db
    : new Kysely<Tables>({ dialect: new SqliteDialect({ database: sqliteDatabase(path, { readOnly: true }) }) })

  const group = groupCommit(db, writer.raw)
  let closed: Promise<void> | undefined
  const rowsFor = (tx: Kysely<Tables>, changed: (paymentId: string) => void) =>
    rowsOf(tx, { rowLocks: false, changed: async (_tx, paymentId) => changed(paymentId) })

  return {
    kind: 'sqlite',
    db,
    rows: guardedRows(
      rowsFor(reader, () => {}),
      retried,
    ),
    async transaction(work) {
      const touched = new Set<string>()
      const result = await retried(() => {
        touched.clear()
        return group.run((tx) => work(rowsFor(tx, (id) => touched.add(id))))
      })
      for (const id of touched) for (const listener of listeners) listener(id)
      return result
    },
    releaseClaims,
    onChange(listener) {
      listeners.add(listener)
      return () => listeners.delete(listener)
    },
    async ping() {
      await retried(() => db.selectFrom('schema_version').select('version').executeTakeFirst())
    },
    close() {
      closed ??= closeAll()
      return closed
    },
  }

  async function closeAll() {
    await group.idle()
    await reader.destroy()
    if (reader !== db) await db.destroy()
    lock?.close()
  }
}

interface Lock {
  close(): void
}

/** Locks that this process holds, by their real paths. */
const heldHere = new Set<string>()

/** Holds an exclusive transaction on a side file for as long as the process lives; the kernel frees it at a kill. */
function takeLock(path: string): Lock {
  try {
    makeFolder(dirname(resolve(path)))
  } catch (error) {
    throw unusable(path, error)
  }
  const file = `${fileBehind(path)}.lock`
  let lock: DatabaseSync | undefined
  try {
    lock = sqliteDatabase(file, { readOnly: false }).raw
    lock.exec('pragma locking_mode = exclusive; begin exclusive')
  } catch (error) {
    lock?.close()
    if (sqliteCode(error) !== BUSY) throw unusable(path, error)
    if (heldHere.has(realpathSync(file))) {
      throw new Error(`The database ${path} is open already in this process. Open it once, and share that store.`)
    }
    throw new Error(
      `Another process is using the database ${path}. Stop it, give this one another DATABASE_URL, or use PostgreSQL for several instances.`,
    )
  }
  const held = lock
  const place = realpathSync(file)
  heldHere.add(place)
  return {
    close() {
      heldHere.delete(place)
      held.close()
    },
  }
}

/** The file that a path leads to: by whichever link a process comes, it meets the same lock. */
function fileBehind(path: string): string {
  return statSync(path, { throwIfNoEntry: false }) ? realpathSync(path) : path
}

/** As `mkdir -p`. Node's own never returns where the parent is there and yet says that nothing is, as below /proc. */
function makeFolder(folder: string): void {
  if (statSync(folder, { throwIfNoEntry: false })?.isDirectory()) return
  if (dirname(folder) !== folder) makeFolder(dirname(folder))
  try {
    mkdirSync(folder)
  } catch (error) {
    // Another process that starts at the same moment has just made it.
    if (!statSync(folder, { throwIfNoEntry: false })?.isDirectory()) throw error
  }
}

const unusable = (path: string, error: unknown) =>
  new Error(
    `The database ${path} cannot be opened for writing (${error instanceof Error ? error.message : 'unknown cause'}). Check the path in DATABASE_URL and its permissions.`,
    { cause: error },
  )

/** Waits out short locks of other programs; every other fault of SQLite becomes `unavailable`. Nothing was changed. */
async function retried<T>(work: () => Promise<T>): Promise<T> {
  const end = performance.now() + BUSY_PATIENCE_MS
  for (;;) {
    try {
      return await work()
    } catch (error) {
      const code = sqliteCode(error)
      if (code === undefined || code === CONSTRAINT) throw error
      if (code !== BUSY || performance.now() > end) {
        throw new ProblemError('unavailable', 'The database cannot be used at the moment', { retryAfter: 2 }, error)
      }
      await new Promise((resolve) => setTimeout(resolve, BUSY_PAUSE_MS))
    }
  }
}
