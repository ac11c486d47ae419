import type { Deps } from '../deps.ts'
import { createWorker, type Worker } from '../worker.ts'
import type { OperationRunner } from './run-operation.ts'

const TICK_MS = 5_000
/** Longer than a running operation can take, so that it is not asked twice at a time. */
const UNTOUCHED_MS = 30_000
const BATCH = 16

/**
 * Asks again about operations whose outcome nobody knows, under the same key: after a lost answer, or when the process
 * ended between the row and the gateway. After a day they are left to the person who was told.
 */
export function createOperationFinisher(deps: Deps, runner: OperationRunner): Worker {
  const report = (error: unknown) => deps.telemetry.log('error', 'operation-failed', { error: String(error) })
  async function round(): Promise<boolean> {
    const open = await deps.store.rows.unfinishedOperations(deps.clock.now() - UNTOUCHED_MS, BATCH)
    const results = await Promise.allSettled(open.map((row) => runner.run(row)))
    for (const result of results) if (result.status === 'rejected') report(result.reason)
    return false
  }
  return createWorker(deps.clock, TICK_MS, round, report)
}
