import type { Clock } from '../clock.ts'
import { ProblemError } from '../problem-error.ts'

/** The net under each route, in milliseconds: a little less than what the contract promises (15 s, 5 s and 5 s). */
export const OPEN_MS = 14_500
export const STATUS_MS = 4_500
/** Asking for at most this long, then `RETURN_FALLBACK_MS` for the address alone. */
export const RETURN_MS = 3_800
export const RETURN_FALLBACK_MS = 900
export const NOTIFICATION_MS = 9_500
/** A body that takes longer than this is not waited for. */
export const BODY_MS = 10_000

/**
 * The work's outcome, or the late one when it takes longer than `ms`. The work itself goes on; its later failure is not
 * reported to anybody.
 */
export function withDeadline<T>(
  clock: Clock,
  ms: number,
  work: Promise<T>,
  late: () => Error = () => new ProblemError('unavailable', 'the service did not answer in time', { retryAfter: 5 }),
): Promise<T> {
  return new Promise((resolve, reject) => {
    const cancel = clock.after(ms, () => reject(late()))
    work.then(resolve, reject).finally(cancel)
  })
}
