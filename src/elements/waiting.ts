/** How long an element waits for an outcome with the page in view, before it says that nobody knows yet. */
export const CONFIRMING_MS = 120_000
/** Pause between questions after that. */
export const SLOW_PAUSE_MS = 60_000

/** Pause before question n (0 is the first repeat) when the shop suggests none: 1, 1.5, 2.3 … 15 s. */
export const backOff = (n: number): number => Math.min(15_000, 1_000 * 1.5 ** n)

/** Waits for `ms` and for the page to be in view; a page that comes back into view is due at once. Ends when the signal aborts. */
export const pauseInView = (ms: number, signal: AbortSignal): Promise<void> =>
  new Promise((resolve) => {
    const done = new AbortController()
    const end = () => {
      if (document.hidden && !signal.aborted) return
      clearTimeout(timer)
      done.abort()
      resolve()
    }
    const timer = setTimeout(end, ms)
    document.addEventListener('visibilitychange', end, done)
    signal.addEventListener('abort', end, done)
    if (signal.aborted) end()
  })

/**
 * Counts the time with the page in view, until the signal aborts, and calls `over` whenever there is none left of `ms`.
 * `left` tells how much is, `restart` counts from the start.
 */
export function countInView(ms: number, signal: AbortSignal, over: () => void) {
  let left = ms
  let timer: ReturnType<typeof setTimeout>
  let from: number | undefined
  const count = () => {
    const now = performance.now()
    left -= now - (from ?? now)
    from = document.hidden ? undefined : now
    clearTimeout(timer)
    if (signal.aborted) return left
    if (left <= 0) over()
    else if (from) timer = setTimeout(count, left)
    return left
  }
  document.addEventListener('visibilitychange', count, { signal })
  signal.addEventListener('abort', count)
  count()
  return {
    left: count,
    restart() {
      from = undefined
      left = ms
      count()
    },
  }
}
