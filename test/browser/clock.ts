interface Timer {
  readonly id: number
  readonly dueAt: number
  readonly work: () => void
}

/** The page's time in the hands of a test: it stands still between two calls of `pass`. */
export interface PageClock {
  /**
   * Lets milliseconds pass. Timers that fall due run in the order of their hours, and before time goes on after one of
   * them, every request that the page has sent is answered in full.
   */
  pass(ms: number): Promise<void>
  /** Gives the page its own time back. */
  release(): void
}

const { setTimeout: nativeTimeout, clearTimeout: nativeClear } = window
const nativeNow = performance.now.bind(performance)

/** Lets everything that is already due run, whatever a test did to the page's time. */
export const turn = (ms = 0): Promise<void> => new Promise((resolve) => nativeTimeout(resolve, ms))

/** Milliseconds of the real time, for the patience of a test. */
export const realNow = (): number => nativeNow()

/**
 * Stops timers and `performance.now()`, which are all that the elements measure time with. `awaitReplies: false` for a
 * shop that never answers.
 */
export function stopClock({ awaitReplies = true } = {}): PageClock {
  const { fetch: nativeFetch } = window
  const { now: ownNow } = performance
  const timers = new Map<number, Timer>()
  let hour = nativeNow()
  // Far from the numbers that the browser hands out.
  let made = 1_000_000_000
  let unanswered = 0

  const later = (work: () => void, ms = 0) => {
    made += 1
    timers.set(made, { id: made, dueAt: hour + Math.max(0, Number(ms) || 0), work })
    return made
  }
  const forget = (id?: number) => {
    if (id !== undefined && !timers.delete(id)) nativeClear(id)
  }
  const next = () => [...timers.values()].sort((a, b) => a.dueAt - b.dueAt || a.id - b.id)[0]

  async function countedFetch(...request: Parameters<typeof fetch>): Promise<Response> {
    unanswered += 1
    let answered = () => {
      unanswered -= 1
      answered = () => {}
    }
    try {
      const response = await nativeFetch(...request)
      const end = () => answered()
      response.clone().arrayBuffer().then(end, end)
      return response
    } catch (error) {
      answered()
      throw error
    }
  }

  async function quiet(): Promise<void> {
    do await turn()
    while (awaitReplies && unanswered > 0)
    // What the last reply set in motion.
    await turn()
  }

  window.setTimeout = later as typeof window.setTimeout
  window.clearTimeout = forget as typeof window.clearTimeout
  window.fetch = countedFetch
  performance.now = () => hour
  return {
    async pass(ms) {
      const end = hour + ms
      await quiet()
      for (let timer = next(); timer && timer.dueAt <= end; timer = next()) {
        timers.delete(timer.id)
        hour = Math.max(hour, timer.dueAt)
        timer.work()
        await quiet()
      }
      hour = end
    },
    release() {
      window.setTimeout = nativeTimeout
      window.clearTimeout = nativeClear
      window.fetch = nativeFetch
      performance.now = ownNow
    },
  }
}
