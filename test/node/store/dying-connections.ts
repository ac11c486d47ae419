import pg from 'pg'
import { until } from '../../support/until.ts'
import type { Strike } from './disturbed-use-cases.ts'

/** The forms of the driver's `query` that a query builder uses: all of them give a promise. */
type Query = (this: pg.Client, ...parameters: unknown[]) => Promise<unknown>

/** Ends the server's side of one connection at a chosen statement of this process. */
export interface DyingConnections {
  /**
   * The connection of the `nth` statement is ended by the server: `before` the statement, or `after` it was carried out and
   * before its answer was heard. Beginning and ending a transaction are statements too.
   */
  at(nth: number, when: 'before' | 'after'): Strike
  /** Puts the driver's own function back. */
  stop(): Promise<void>
}

/** Replaces the driver's `query` for as long as a file's tests last. `url` is a database of the same server. */
export async function dyingConnections(url: string): Promise<DyingConnections> {
  const original: Query = pg.Client.prototype.query
  const executioner = new pg.Client({ connectionString: url })
  await executioner.connect()
  let left = 0
  let moment: 'before' | 'after' = 'before'
  let struck = false

  async function end(client: pg.Client): Promise<void> {
    struck = true
    const pid: unknown = Reflect.get(client, 'processID')
    const ended = new Promise<void>((resolve) => client.once('end', resolve))
    await original.call(executioner, 'select pg_terminate_backend($1)', [pid])
    await ended
    // What it had locked is free once it has gone.
    await until('the connection is gone', async () => {
      const left = await original.call(executioner, 'select 1 from pg_stat_activity where pid = $1', [pid])
      return (left as pg.QueryResult).rowCount === 0
    })
  }

  async function query(this: pg.Client, ...parameters: unknown[]): Promise<unknown> {
    const isIt = left > 0 && --left === 0
    if (isIt && moment === 'before') await end(this)
    const result = await original.apply(this, parameters)
    if (!isIt) return result
    await end(this)
    throw new Error('Connection terminated unexpectedly')
  }
  Object.assign(pg.Client.prototype, { query })
  return {
    at: (nth, when) => ({
      arm() {
        left = nth
        moment = when
        struck = false
      },
      disarm() {
        left = 0
        return struck
      },
    }),
    async stop() {
      Object.assign(pg.Client.prototype, { query: original })
      await executioner.end()
    },
  }
}
