import { REQUEST_DEADLINE_MS } from '../contract/limits.ts'
import { IpayError } from './errors.ts'

/**
 * Runs work that must end within 20 s. The work gets a signal, but need not listen: the promise settles anyway.
 * Rejects with `timeout` when the time is over, with whatever aborted `signal` when that came first.
 */
export const withDeadline = <T>(signal: AbortSignal, work: (signal: AbortSignal) => Promise<T>): Promise<T> =>
  new Promise((resolve, reject) => {
    const inner = new AbortController()
    const stop = (reason: unknown) => {
      reject(reason)
      inner.abort(reason)
    }
    const timer = setTimeout(() => stop(new IpayError('timeout')), REQUEST_DEADLINE_MS)
    signal.addEventListener('abort', () => stop(signal.reason), { signal: inner.signal })
    if (signal.aborted) stop(signal.reason)
    else
      work(inner.signal)
        .then(resolve, reject)
        .finally(() => {
          clearTimeout(timer)
          inner.abort()
        })
  })
