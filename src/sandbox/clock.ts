/** The hour, as an argument: expiry, lag and every time in the ledger follow it. */
export interface Clock {
  /** Milliseconds since 1970, UTC. */
  now(): number
}

/** The machine's clock, shifted by `offsetMs`. */
export const machineClock = (offsetMs = 0): Clock => ({ now: () => Date.now() + offsetMs })
