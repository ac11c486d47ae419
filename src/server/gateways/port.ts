import type { Money } from '../../contract/money.ts'
import type { Release } from '../../contract/schemas.ts'
import type { Environment, Reason } from '../../contract/states.ts'
import type { Customers } from './customers.ts'

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
  /** Whose it is at the gateway, for gateways that keep customers. Left out: a guest. */
  readonly payer?: Payer
}

/** A customer that the gateway knows, and the saved payment method to charge, both by the gateway's own ids. */
export interface Payer {
  readonly customer?: string
  readonly paymentMethod?: string
}

/**
 * `opened`: the order exists and can be paid at `paymentUrl`, as the gateway wrote it; `payments` checks it before storing.
 * `charged`: the order exists and the buyer has nowhere to go (a saved method was charged); the status says what came of it.
 * `declined`: the buyer's saved method was declined; the attempt ended unpaid.
 * `refused`: the gateway said no for good; no order exists under this reference.
 * `unknown`: nobody can tell whether an order exists. The status by reference is the way to find out.
 * `notifiedAs`: what the gateway's notifications call the order, where it sends some; at most 64 characters.
 */
export type OpenOutcome =
  | {
      readonly kind: 'opened'
      readonly orderId: string
      readonly notifiedAs?: string
      readonly paymentUrl: string
      /** Milliseconds since 1970, or null when the gateway names no end. */
      readonly expiresAt: number | null
    }
  | { readonly kind: 'charged'; readonly orderId: string; readonly notifiedAs?: string }
  | {
      readonly kind: 'declined'
      readonly orderId: string | null
      readonly notifiedAs?: string
      readonly reason: Reason
      readonly detail: string
    }
  | { readonly kind: 'refused'; readonly detail: string }
  | {
      readonly kind: 'unknown'
      readonly detail: string
      readonly retryAfterSeconds?: number
      /** The gateway has an order under this reference already: its address is lost, so that another order may replace it. */
      readonly exists?: true
    }

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
      /** Taken from the buyer so far, where the gateway captures later. */
      readonly captured?: Money | null
      /** The buyer's bank takes the payment back: a person has to answer. */
      readonly disputed?: boolean
      /** Pay on arrival: how far the parcel is. */
      readonly release?: Release | null
      /** Something beside the state could not be read this time (disputes, refunds, the parcel): asking again may tell it. */
      readonly incomplete?: true
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

/** What every gateway can do. No function of it or of a capability throws: every fault of the network is an outcome. */
export interface Gateway {
  /** Stable name, as in `IPAY_GATEWAY` and in the notification route. */
  readonly name: string
  readonly environment: Environment
  /** The only currency that it takes; left out: any. */
  readonly currency?: string
  /**
   * `open` may be repeated with the same attempt and gives the same order, address included. An open request whose answer
   * was lost is then repeated instead of replaced. Left out: it may not.
   */
  readonly repeatsOpen?: true
  open(attempt: AttemptToOpen, call: GatewayCall): Promise<OpenOutcome>
  read(attempt: AttemptToRead, call: GatewayCall): Promise<GatewayReading>
}

/** A notification whose signature was checked, in our words. */
export interface GatewayEvent {
  /** The gateway's own id of the event: what makes a replay harmless, for ever. */
  readonly id: string
  readonly type: string
  /** The attempt's reference; null for events that name none. */
  readonly reference: string | null
  /** What the gateway itself calls the order (`notifiedAs`): it counts where no reference is named. */
  readonly notifiedAs?: string | null
  /** The type is one that this gateway documents. Others are answered with 200 and logged. */
  readonly known: boolean
}

/** The gateway calls us. A notification is a reason to read the status, never the status itself. */
export interface WithNotifications {
  readonly notifications: {
    /** The header that carries the hex HMAC-SHA256 of the body. */
    readonly signatureHeader: string
    /** Whether the route exists, for secrets that may come later. Left out: when there is a secret at start. */
    readonly isTaken?: boolean
    /** The secrets that count at this moment, several while one is being replaced. While there is none: 503. */
    secrets(): readonly string[]
    /** Reads parsed JSON whose signature was checked; undefined when it has no event's shape. */
    read(event: unknown): GatewayEvent | undefined
  }
}

/**
 * What a write came to. `done`: the gateway did it, now or at an earlier try with the same key. `refused`: it said no for
 * good, nothing was moved. `unknown`: nobody can tell; the same key may be sent again.
 */
export type WriteOutcome =
  | { readonly kind: 'done'; readonly id: string | null; readonly amount: Money | null }
  | { readonly kind: 'refused'; readonly detail: string }
  | { readonly kind: 'unknown'; readonly detail: string; readonly retryAfterSeconds?: number }

/** A write on an attempt whose order the gateway knows. */
export interface AttemptWrite {
  readonly reference: string
  readonly orderId: string
  readonly amount: Money
  /** The same for every repeat of the same write. */
  readonly idempotencyKey: string
}

/** Why money is given back, in the words of the gateways that have refunds. */
export const REFUND_REASONS = [
  'duplicate',
  'fraudulent',
  'requested_by_customer',
  'order_canceled',
  'product_not_received',
  'product_not_as_described',
] as const
export type RefundReason = (typeof REFUND_REASONS)[number]

/** Money can be given back, all or part of it. */
export interface WithRefunds {
  readonly refunds: {
    refund(write: AttemptWrite & { readonly reason: RefundReason }, call: GatewayCall): Promise<WriteOutcome>
  }
}

/** An authorised payment is taken later, all of it. */
export interface WithCapture {
  readonly capture: { capture(write: AttemptWrite, call: GatewayCall): Promise<WriteOutcome> }
}

/** A payment that was not taken yet can be called off. */
export interface WithCancel {
  readonly cancel: { cancel(write: AttemptWrite, call: GatewayCall): Promise<WriteOutcome> }
}

/** One step in the gateway's own history of a payment. */
export interface HistoryEntry {
  readonly id: string
  readonly type: string
  /** Milliseconds since 1970, or null when the gateway does not say. */
  readonly at: number | null
}

/** The gateway keeps a history of each payment. */
export interface WithHistory {
  readonly history: {
    /** Oldest first; undefined when it could not be read. */
    entries(attempt: AttemptToRead, call: GatewayCall): Promise<readonly HistoryEntry[] | undefined>
  }
}

/** The gateway tells of changes over an open connection: a faster hint beside the questions that are asked anyway. */
export interface WithHints {
  readonly hints: {
    /**
     * Reads until the connection ends or `signal` aborts, then resolves; the caller opens the next one. `heard` gets
     * what each event names its order by, and the event's id to resume after.
     */
    listen(options: {
      readonly signal: AbortSignal
      readonly lastEventId: string | undefined
      readonly heard: (
        event: Pick<GatewayEvent, 'reference' | 'notifiedAs'> & { readonly id: string | undefined },
      ) => void
    }): Promise<void>
  }
}

/** What a program asks about customers. These calls belong to the shop alone; they throw GatewayError. */
export interface WithCustomers {
  readonly customers: Customers
}

/** A gateway with whatever capabilities it has: what the composition sees. */
export type AnyGateway = Gateway &
  Partial<WithNotifications & WithRefunds & WithCapture & WithCancel & WithHistory & WithHints & WithCustomers>
