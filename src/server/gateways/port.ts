import type { Money } from '../../contract/money.ts'
import type { Environment, Reason } from '../../contract/states.ts'

/** What a gateway is asked to open: one attempt, under a reference that was committed before the question. */
export interface AttemptToOpen {
  /** Unguessable, at most 50 characters, never used before. */
  readonly reference: string
  readonly amount: Money
  /** What the buyer reads on the payment page; any length and script, the adapter fits it to its gateway. */
  readonly description: string
  /** Where the gateway sends the buyer; built from the configured public address only. */
  readonly returnUrls: { readonly success: string; readonly failure: string; readonly cancel: string }
  /** BCP 47, or null. */
  readonly lang: string | null
}

/**
 * `opened`: the order exists and can be paid at `paymentUrl`, as the gateway wrote it; `payments` checks it before storing.
 * `refused`: the gateway said no for good; no order exists under this reference.
 * `unknown`: nobody can tell whether an order exists. The status by reference is the way to find out.
 */
export type OpenOutcome =
  | {
      readonly kind: 'opened'
      readonly orderId: string
      readonly paymentUrl: string
      /** Milliseconds since 1970, or null when the gateway names no end. */
      readonly expiresAt: number | null
    }
  | { readonly kind: 'refused'; readonly detail: string }
  | { readonly kind: 'unknown'; readonly detail: string; readonly retryAfterSeconds?: number }

/** The state that a gateway reports, in our words. `unknown`: it answered something we must not guess from. */
export type GatewayState = 'created' | 'processing' | 'paid' | 'cancelled' | 'failed' | 'expired' | 'error' | 'unknown'

/**
 * `payment`: the gateway's present word on one order. `absent`: it says that it knows no such order.
 * `unreachable`: no answer that could be read, which proves nothing.
 */
export type GatewayReading =
  | {
      readonly kind: 'payment'
      readonly state: GatewayState
      readonly orderId: string
      readonly reference: string
      /** Null when the gateway did not say it. */
      readonly amount: Money | null
      /** Why it failed; null unless `failed`. */
      readonly reason: Reason | null
      readonly transactionId: string | null
      /** Milliseconds since 1970. */
      readonly paidAt: number | null
      /** Total paid back so far, where the gateway has refunds. */
      readonly refunded?: Money | null
      /** The answer without secrets, for the audit trail; at most a few hundred characters. */
      readonly raw: string
    }
  | { readonly kind: 'absent'; readonly raw: string }
  | { readonly kind: 'unreachable'; readonly detail: string; readonly retryAfterSeconds?: number }

/** One attempt as a gateway is asked about it. `orderId` is null while no answer to the open request was stored. */
export interface AttemptToRead {
  readonly reference: string
  readonly orderId: string | null
  readonly amount: Money
}

/** How one question to a gateway is bounded and watched. */
export interface GatewayCall {
  readonly signal: AbortSignal
  /** Called when the gateway has begun to answer with success: from here on it has acted. Tests end the process there. */
  readonly accepted?: () => void
}

/** What every gateway can do. Neither function throws: every fault of the network is an outcome. */
export interface Gateway {
  /** Stable name, as in `IPAY_GATEWAY` and in the notification route. */
  readonly name: string
  readonly environment: Environment
  open(attempt: AttemptToOpen, call: GatewayCall): Promise<OpenOutcome>
  read(attempt: AttemptToRead, call: GatewayCall): Promise<GatewayReading>
}
