import type { Clock } from '../clock.ts'

/** Runs `work` with a signal that is aborted after `ms` of the given clock. */
export async function withDeadline<T>(clock: Clock, ms: number, work: (signal: AbortSignal) => Promise<T>): Promise<T> {
  const controller = new AbortController()
  const cancel = clock.after(ms, () => controller.abort(new DOMException('The deadline passed', 'TimeoutError')))
  try {
    return await work(controller.signal)
  } finally {
    cancel()
  }
}

/** Resolves after `ms` of the given clock. */
export const pause = (clock: Clock, ms: number): Promise<void> => new Promise((resolve) => clock.after(ms, resolve))

/** The value, or `fallback` when it takes longer than `ms`. The work itself goes on. */
export function within<T, F>(clock: Clock, ms: number, work: Promise<T>, fallback: F): Promise<T | F> {
  return new Promise((resolve, reject) => {
    const cancel = clock.after(ms, () => resolve(fallback))
    work.then(resolve, reject).finally(cancel)
  })
}
