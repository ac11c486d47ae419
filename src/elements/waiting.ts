/** How long an element waits for an outcome with the page in view, before it says that nobody knows yet. */
export const CONFIRMING_MS = 120_000
/** Pause between questions after that. */
export const SLOW_PAUSE_MS = 60_000

/** Pause before question n (0 is the first repeat) when the shop suggests none: 1, 1.5, 2.3 … 15 s. */
export const backOff = (n: number): number => Math.min(15_000, 1_000 * 1.5 ** n)

/** Resolves after `ms`. Rejects when the signal aborts. */
export const sleep = (ms: number, signal: AbortSignal): Promise<void> =>
  new Promise((resolve, reject) => {
    const timer = setTimeout(resolve, ms)
    signal.addEventListener('abort', () => {
      clearTimeout(timer)
      reject(signal.reason)
    })
  })

/**
 * Waits for `ms` and for the page to be in view; a page that comes back into view is due at once. Resolves to the
 * milliseconds that were spent in view. Rejects when the signal aborts.
 */
export function pauseInView(ms: number, signal: AbortSignal): Promise<number> {
  return new Promise((resolve, reject) => {
    let seen = 0
    let from = performance.now()
    let wasHidden = document.hidden
    const end = () => {
      clearTimeout(timer)
      document.removeEventListener('visibilitychange', turn)
      if (signal.aborted) reject(signal.reason)
      else resolve(seen + (wasHidden ? 0 : performance.now() - from))
    }
    const turn = () => {
      if (document.hidden) {
        seen += performance.now() - from
        wasHidden = true
      } else {
        from = performance.now()
        wasHidden = false
        end()
      }
    }
    const timer = setTimeout(() => document.hidden || end(), ms)
    document.addEventListener('visibilitychange', turn)
    signal.addEventListener('abort', end)
  })
}
