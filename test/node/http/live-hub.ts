import type { PaymentStatus } from '../../../src/contract/schemas.ts'
import type { LiveStatus } from '../../../src/server/http/deps.ts'

/** A source of live status that says what a test tells it to. */
export interface LiveHub extends LiveStatus {
  /** Tells the streams of this payment; does nothing when nobody listens. */
  publish(status: PaymentStatus): void
  /** Whether a stream of this payment is open. */
  isHeard(token: string): boolean
}

export function createLiveHub(): LiveHub {
  const listeners = new Map<string, Set<(status: PaymentStatus) => void>>()
  return {
    subscribe(token, changed) {
      const own = listeners.get(token) ?? new Set()
      listeners.set(token, own)
      own.add(changed)
      return () => {
        own.delete(changed)
        if (own.size === 0 && listeners.get(token) === own) listeners.delete(token)
      }
    },
    publish(status) {
      for (const changed of [...(listeners.get(status.token) ?? [])]) changed(status)
    },
    isHeard: (token) => listeners.has(token),
  }
}
