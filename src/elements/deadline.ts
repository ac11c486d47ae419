import { REQUEST_DEADLINE_MS } from '../contract/limits.ts'
import { IpayError } from './errors.ts'

/**
 * Runs work that must end within 20 s. The work gets a signal, but need not listen: the promise settles anyway.
 * @throws IpayError `timeout` when the time is over; whatever aborted `signal` when that came first.
 */
export async function withDeadline<T>(signal: AbortSignal, work: (signal: AbortSignal) => Promise<T>): Promise<T> {
  const inner = new AbortController()
  const stop = () => inner.abort(signal.reason)
  const timer = setTimeout(() => inner.abort(new IpayError('timeout')), REQUEST_DEADLINE_MS)
  signal.addEventListener('abort', stop)
  try {
    signal.throwIfAborted()
    return await Promise.race([
      work(inner.signal),
      new Promise<never>((_, reject) => {
        inner.signal.addEventListener('abort', () => reject(inner.signal.reason))
      }),
    ])
  } catch (error) {
    throw inner.signal.aborted ? inner.signal.reason : error
  } finally {
    clearTimeout(timer)
    signal.removeEventListener('abort', stop)
  }
}
