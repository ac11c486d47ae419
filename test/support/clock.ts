import { setImmediate as turn } from 'node:timers/promises'
import type { Clock } from '../../src/server/clock.ts'

interface Timer {
  dueAt: number
  readonly order: number
  readonly task: () => void
}

/** A clock that stands still until the test moves it. */
export interface ManualClock extends Clock {
  /**
   * Moves the hour by `ms`. Timers that fall due run in the order of their time, each at its own hour, and each is
   * followed by a turn of the event loop, so that what it started goes on before the next one.
   */
  advance(ms: number): Promise<void>
  /** Sets the hour forward or back, as a person or a time server does: no time goes by, and timers keep what they have left. */
  jump(ms: number): void
  /** How many timers wait. */
  readonly waiting: number
  /** In how many milliseconds the next timer is due; undefined when none waits. */
  readonly nextInMs: number | undefined
}

/** Starts at noon of 21 November 2026 in UTC unless told another hour (milliseconds since 1970). */
export function manualClock(startAt = Date.UTC(2026, 10, 21, 12)): ManualClock {
  let hour = startAt
  let made = 0
  const timers = new Set<Timer>()

  function next(): Timer | undefined {
    return [...timers].sort((a, b) => a.dueAt - b.dueAt || a.order - b.order)[0]
  }

  return {
    now: () => hour,
    after(ms, task) {
      made += 1
      const timer = { dueAt: hour + Math.max(0, ms), order: made, task }
      timers.add(timer)
      return () => timers.delete(timer)
    },
    async advance(ms) {
      const end = hour + ms
      await turn()
      for (let timer = next(); timer && timer.dueAt <= end; timer = next()) {
        timers.delete(timer)
        hour = Math.max(hour, timer.dueAt)
        timer.task()
        await turn()
      }
      hour = end
      await turn()
    },
    jump(ms) {
      hour += ms
      for (const timer of timers) timer.dueAt += ms
    },
    get waiting() {
      return timers.size
    },
    get nextInMs() {
      const timer = next()
      return timer && timer.dueAt - hour
    },
  }
}
