import { BrokenCircuitError, ConsecutiveBreaker, circuitBreaker, handleWhenResult } from 'cockatiel'

/** Failures in a row after which a gateway counts as down. */
const FAILURES = 8
/** How long it is left alone before one call probes it. */
const HALF_OPEN_AFTER_MS = 4_000

/** Runs calls, or answers with `open` at once while the gateway is down. */
export type Circuit = <T extends { readonly kind: string }>(call: () => Promise<T>, open: T) => Promise<T>

/** A circuit over outcomes: `isFailure` says which ones count as the gateway being down. */
export function createCircuit(isFailure: (outcome: { readonly kind: string }) => boolean): Circuit {
  const policy = circuitBreaker(
    handleWhenResult((result) => isFailure(result as { kind: string })),
    { halfOpenAfter: HALF_OPEN_AFTER_MS, breaker: new ConsecutiveBreaker(FAILURES) },
  )
  return async (call, open) => {
    try {
      return await policy.execute(call)
    } catch (error) {
      if (error instanceof BrokenCircuitError) return open
      throw error
    }
  }
}
