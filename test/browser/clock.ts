/**
 * Makes the page's time run `times` as fast until the returned function is called: timers and `performance.now()`, which
 * are all that the elements measure time with.
 */
export function hurry(times: number): () => void {
  const { setTimeout: timeout } = window
  const { now } = performance
  const from = now.call(performance)
  const faster = (work: TimerHandler, ms = 0, ...given: unknown[]) => timeout(work, ms / times, ...given)
  window.setTimeout = faster as typeof window.setTimeout
  performance.now = () => from + (now.call(performance) - from) * times
  return () => {
    window.setTimeout = timeout
    performance.now = now
  }
}
