import type { WithHints } from '../gateways/port.ts'
import { pause } from './deadline.ts'
import type { Deps } from './deps.ts'
import { type Naming, namesOrder, notifiedAttempt } from './notified-attempt.ts'
import type { AttemptReader } from './read-attempt.ts'

const FIRST_PAUSE_MS = 1_000
const LONGEST_PAUSE_MS = 60_000

/** Listens to the gateway's live events until it is stopped. */
export interface Hints {
  start(): void
  stop(): Promise<void>
}

/**
 * The gateway's open connection as a faster hint: each event that names an order of ours leads to a question about it.
 * Whatever is missed while the connection is away is found by the questions that are asked anyway.
 */
export function createHints(deps: Deps, reader: AttemptReader, { listen }: WithHints['hints']): Hints {
  let stopped = new AbortController()
  let running: Promise<void> | undefined
  const asking = new Set<Promise<unknown>>()

  async function hear(event: Naming): Promise<void> {
    const attempt = await notifiedAttempt(deps.store.rows, deps.gateway.name, event)
    if (attempt) await reader.read(attempt, 'notification', 0)
  }

  async function listenOn(signal: AbortSignal): Promise<void> {
    let lastEventId: string | undefined
    let pauseMs = FIRST_PAUSE_MS
    while (!signal.aborted) {
      await listen({
        signal,
        lastEventId,
        heard({ id, ...event }) {
          lastEventId = id ?? lastEventId
          pauseMs = FIRST_PAUSE_MS
          if (!namesOrder(event)) return
          const question: Promise<unknown> = hear(event)
            .catch((error) => deps.telemetry.log('warn', 'hint-failed', { error: String(error) }))
            .finally(() => asking.delete(question))
          asking.add(question)
        },
      })
      if (signal.aborted) break
      await Promise.race([pause(deps.clock, pauseMs), aborted(signal)])
      pauseMs = Math.min(LONGEST_PAUSE_MS, pauseMs * 2)
    }
  }

  return {
    start() {
      if (running) return
      stopped = new AbortController()
      running = listenOn(stopped.signal)
    },
    async stop() {
      stopped.abort()
      await running
      await Promise.all(asking)
      running = undefined
    },
  }
}

const aborted = (signal: AbortSignal): Promise<void> =>
  new Promise((resolve) => signal.addEventListener('abort', () => resolve(), { once: true }))
