import type { Money } from '../../contract/money.ts'

/** Which simulated system an order was opened at. */
export type GatewayName = 'ipay' | 'ipay-payments' | 'ipay-sessions'

/** What an order can be. `processing` and `authorized` (captured later) occur at the gateways that have them. */
export const ORDER_STATES = [
  'created',
  'processing',
  'authorized',
  'paid',
  'cancelled',
  'failed',
  'expired',
  'error',
] as const
export type OrderState = (typeof ORDER_STATES)[number]

/** One step in an order's life. */
export interface Change {
  readonly state: OrderState
  /** Milliseconds since 1970. */
  readonly at: number
  /** Why it failed, such as `insufficient-balance`. */
  readonly reason?: string
  readonly transactionId?: string
  /** Members that replace those of the gateway's honest status answer, for tests; `undefined` leaves one out. */
  readonly answer?: Readonly<Record<string, unknown>>
  /** Members of the honest answer that are left out. */
  readonly leaveOut?: readonly string[]
}

/** A request that the gateway received. */
export interface Call {
  readonly method: string
  readonly path: string
  /** Milliseconds since 1970. */
  readonly at: number
  /** What was answered; null when the answer was withheld (a fault). */
  readonly status: number | null
}

/** What a merchant asked for. */
export interface PlacedOrder {
  readonly gateway: GatewayName
  readonly orderId: string
  /** The merchant's own id, unique for ever. */
  readonly referenceId: string
  readonly amount: Money
  readonly description: string
  /** The buyer's language, where the merchant named it. */
  readonly lang?: string
  readonly successUrl: string
  readonly failureUrl: string
  readonly cancelUrl: string
  readonly createdAt: number
  readonly expiresAt: number
}

/** An order with all that happened to it. */
export interface Order extends PlacedOrder {
  /** Oldest first, never empty. */
  readonly history: Change[]
  readonly calls: Call[]
  /** A change that will have happened once its time is reached. */
  due: Change | null
}

/** The newest step. */
export const latest = (order: Order): Change => order.history.at(-1) as Change

/** The step that somebody sees whose news are `lagMs` old. */
export const seenWithLag = (order: Order, now: number, lagMs: number): Change =>
  order.history.findLast(({ at }) => at <= now - lagMs) ?? (order.history[0] as Change)
