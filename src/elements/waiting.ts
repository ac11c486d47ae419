/** How long an element waits for an outcome with the page in view, before it says that nobody knows yet. */
export const CONFIRMING_MS = 120_000
/** Pause between questions after that. */
export const SLOW_PAUSE_MS = 60_000

/** Pause before question n (0 is the first repeat) when the shop suggests none: 1, 1.5, 2.3 … 15 s. */
export const backOff = (n: number): number => Math.min(15_000, 1_000 * 1.5 ** n)

/**
 * Waits for `ms` and for the page to be in view; a page that comes back into view is due at once. Resolves to the
 * milliseconds that were spent in view, at once when the signal aborts.
 */
export const pauseInView = (ms: number, signal: AbortSignal): Promise<number> =>
  new Promise((resolve) => {
    const from = performance.now()
    let hiddenAt = document.hidden && from
    const done = new AbortController()
    const end = () => {
      clearTimeout(timer)
      done.abort()
      resolve((hiddenAt || performance.now()) - from)
    }
    const timer = setTimeout(() => document.hidden || end(), ms)
    document.addEventListener(
      'visibilitychange',
      () => {
        if (document.hidden) hiddenAt = performance.now()
        else end()
      },
      done,
    )
    signal.addEventListener('abort', end, done)
    if (signal.aborted) end()
  })
