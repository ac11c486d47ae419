import type { Clock } from '../clock.ts'

/** A background loop that can be started, woken and stopped. */
export interface Worker {
  start(): void
  /** Runs a round soon instead of at the next tick. */
  wake(): void
  /** Starts no new round; resolves when the running one has ended. */
  stop(): Promise<void>
}

/**
 * Runs `round` every `everyMs`, never two at a time, and again at once while it returns true (there is more to do). A
 * round that throws is reported and tried again at the next tick: no fault ends the loop.
 */
export function createWorker(
  clock: Clock,
  everyMs: number,
  round: () => Promise<boolean>,
  failed: (error: unknown) => void,
): Worker {
  let running: Promise<void> | undefined
  let cancel = () => {}
  let active = false
  let again = false

  function tick() {
    cancel()
    if (!active) return
    if (running) {
      again = true
      return
    }
    running = rounds().finally(() => {
      running = undefined
      if (active) cancel = clock.after(again ? 0 : everyMs, tick)
      again = false
    })
  }
  async function rounds() {
    try {
      while (active && (await round())) again = false
    } catch (error) {
      failed(error)
    }
  }
  return {
    start() {
      if (active) return
      active = true
      tick()
    },
    wake: tick,
    async stop() {
      active = false
      cancel()
      await running
    },
  }
}
