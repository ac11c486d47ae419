import type { DatabaseSync } from 'node:sqlite'
import { type Kysely, sql } from 'kysely'
import type { Tables } from './schema.ts'

/** So many share one wait for the disk at most: their statements run without a pause, and readers wait meanwhile. */
const MOST = 32

type Work<T> = (tx: Kysely<Tables>) => Promise<T>

/** One asked-for transaction. `run` throws only when the whole group is lost. */
interface Job {
  run(tx: Kysely<Tables>, alone: boolean): Promise<void>
  committed(): void
  lost(error: unknown): void
}

/** Runs transactions; those asked for in the same turn of the event loop are committed together. */
export interface GroupCommit {
  /** Resolves once `work` is durable. What `work` throws undoes its own changes only. */
  run<T>(work: Work<T>): Promise<T>
  /** Resolves when nothing is under way. */
  idle(): Promise<void>
}

/**
 * A durable commit waits for the disk, and with one connection everybody waits for everybody: under load one wait
 * serves many. Each keeps a savepoint of its own; a fault of the database that ends the transaction ends it for all.
 */
export function groupCommit(db: Kysely<Tables>, raw: DatabaseSync): GroupCommit {
  const waiting: Job[] = []
  let rounds: Promise<void> | undefined

  async function round(): Promise<void> {
    while (waiting.length > 0) {
      // After the events of this turn: requests that arrived together are written together.
      await new Promise((resolve) => setImmediate(resolve))
      const jobs = waiting.splice(0, MOST)
      try {
        await db.transaction().execute(async (tx) => {
          for (const job of jobs) await job.run(tx, jobs.length === 1)
        })
        for (const job of jobs) job.committed()
      } catch (error) {
        for (const job of jobs) job.lost(error)
      }
    }
    rounds = undefined
  }

  return {
    run: <T>(work: Work<T>) =>
      new Promise<T>((resolve, reject) => {
        waiting.push(jobOf(work, raw, resolve, reject))
        rounds ??= round()
      }),
    idle: async () => rounds,
  }
}

function jobOf<T>(
  work: Work<T>,
  raw: DatabaseSync,
  resolve: (value: T) => void,
  reject: (error: unknown) => void,
): Job {
  let outcome: () => void
  return {
    async run(tx, alone) {
      if (alone) {
        const value = await work(tx)
        outcome = () => resolve(value)
        return
      }
      await sql`savepoint work`.execute(tx)
      try {
        const value = await work(tx)
        outcome = () => resolve(value)
      } catch (error) {
        // SQLite takes the whole transaction back by itself when the disk fails.
        if (!raw.isTransaction) throw error
        await sql`rollback to work`.execute(tx)
        outcome = () => reject(error)
      }
      await sql`release work`.execute(tx)
    },
    committed: () => outcome(),
    lost: reject,
  }
}
