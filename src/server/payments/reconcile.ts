import type { Deps } from './deps.ts'
import type { AttemptReader } from './read-attempt.ts'
import { createWorker, type Worker } from './worker.ts'

const TICK_MS = 1_000
/** Longer than the longest question, so that a lease ends by itself only when its holder died. */
const LEASE_MS = 30_000
/** Attempts asked about at the same time. */
const BATCH = 48
/** Keys are forgotten after this: far beyond the 24 h that a repeat may take, and beyond every attempt's life. */
const KEY_LIFE_MS = 7 * 86_400_000
const CLEAN_EVERY_MS = 3_600_000

/**
 * Asks about every attempt whose check is due until it is final. Sufficient alone: return visits and notifications only
 * make it faster. Several instances share the work by leases.
 */
export function createReconciler(deps: Deps, reader: AttemptReader): Worker {
  let cleanedAt = 0
  let roundAt = Number.POSITIVE_INFINITY
  async function round(): Promise<boolean> {
    const now = deps.clock.now()
    // At the start, and when the clock was set back: nothing may wait for an hour that has been already.
    if (now < roundAt) await deps.store.transaction((rows) => rows.bringForward(now))
    roundAt = now
    if (now < cleanedAt || now - cleanedAt >= CLEAN_EVERY_MS) {
      cleanedAt = now
      await deps.store.transaction((rows) => rows.deleteKeysBefore(now - KEY_LIFE_MS))
    }
    const due = await deps.store.transaction((rows) =>
      rows.claimDueAttempts({ owner: deps.instance, now, until: now + LEASE_MS, limit: BATCH }),
    )
    for (const attempt of due) {
      if (attempt.next_check_at !== null) {
        deps.telemetry.observe('ipay_due_lag_seconds', Math.max(0, now - attempt.next_check_at) / 1_000)
      }
    }
    const results = await Promise.allSettled(due.map((attempt) => reader.read(attempt, 'reconcile', 0)))
    for (const result of results) if (result.status === 'rejected') report(result.reason)
    // A full batch without a single success means that something is down: the next tick is soon enough.
    return due.length === BATCH && results.some((result) => result.status === 'fulfilled')
  }
  const report = (error: unknown) => deps.telemetry.log('error', 'reconcile-failed', { error: String(error) })
  return createWorker(deps.clock, TICK_MS, round, report)
}
