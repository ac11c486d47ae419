import {
  BrokenCircuitError,
  BulkheadRejectedError,
  bulkhead,
  circuitBreaker,
  handleWhenResult,
  SamplingBreaker,
  wrap,
} from 'cockatiel'

/**
 * A gateway counts as down when at least half of its answers in this time failed, at this rate or more: a single buyer's
 * bad luck does not close the shop, an outage under load does.
 */
const WINDOW_MS = 10_000
const FAILING_SHARE = 0.5
const LEAST_CALLS_PER_SECOND = 2
/** How long it is left alone before one call probes it. */
const HALF_OPEN_AFTER_MS = 2_000
/** Calls at the same time. Beyond this a hanging gateway would only collect our sockets. */
const MOST_CALLS = 256

/** Runs calls, or answers with `open` at once while the gateway is down or has all the calls it can take. */
export type Circuit = <T extends { readonly kind: string }>(call: () => Promise<T>, open: T) => Promise<T>

/** A circuit over outcomes: `isFailure` says which ones count as the gateway being down. */
export function createCircuit(isFailure: (outcome: { readonly kind: string }) => boolean): Circuit {
  const breaker = circuitBreaker(
    handleWhenResult((result) => isFailure(result as { kind: string })),
    {
      halfOpenAfter: HALF_OPEN_AFTER_MS,
      breaker: new SamplingBreaker({
        threshold: FAILING_SHARE,
        duration: WINDOW_MS,
        minimumRps: LEAST_CALLS_PER_SECOND,
      }),
    },
  )
  const policy = wrap(bulkhead(MOST_CALLS, 0), breaker)
  return async (call, open) => {
    try {
      return await policy.execute(call)
    } catch (error) {
      if (error instanceof BrokenCircuitError || error instanceof BulkheadRejectedError) return open
      throw error
    }
  }
}
