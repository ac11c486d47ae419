/** Time as an argument: whoever needs the hour or a timer takes one of these. */
export interface Clock {
  /** Milliseconds since 1970, UTC. */
  now(): number
  /** Runs `task` once after `ms`; returns what cancels it. */
  after(ms: number, task: () => void): () => void
}

/** The machine's clock, shifted by `offsetMs` (tests of expiry use the shift). Its timers keep no process alive. */
export function systemClock(offsetMs = 0): Clock {
  return {
    now: () => Date.now() + offsetMs,
    after(ms, task) {
      const timer = setTimeout(task, ms)
      timer.unref?.()
      return () => clearTimeout(timer)
    },
  }
}
