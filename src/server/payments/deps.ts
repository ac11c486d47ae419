import type { Money } from '../../contract/money.ts'
import type { PaymentUrlRules } from '../../contract/payment-url.ts'
import type { Clock } from '../clock.ts'
import type { Reached } from '../crash-points.ts'
import type { AnyGateway, Payer } from '../gateways/port.ts'
import type { Store } from '../store/port.ts'
import type { Telemetry } from '../telemetry.ts'
import type { Random } from './ids.ts'

/** What the shop says about an order. */
export interface Quote {
  /** The shop's own id of what is sold; one payment each. Where a stranger could guess it, bind it to the session. */
  readonly purchaseId: string
  readonly amount: Money
  /** What the buyer reads on the payment page. */
  readonly description: string
  /** A customer, or a saved method to charge, at gateways that keep them. Left out: the buyer pays as a guest. */
  readonly payer?: Payer
}

/** A payment as the paid handler gets it. `id` is the deduplication key: the handler may be called more than once. */
export interface PaidPayment {
  readonly id: string
  readonly token: string
  readonly purchaseId: string
  readonly amount: Money
  readonly reference: string
  readonly transactionId: string | null
  readonly paidAt: Date
  /** The newest order that was priced for this purchase. */
  readonly order: unknown
}

/** Prices an order from the shop's own data and says whose purchase it is. Throws OrderRefused for what is not sold. */
export type Price = (order: unknown, context: { readonly request: Request }) => Promise<Quote> | Quote

/** Fulfils a paid purchase. Called at least once, again after it threw or hung; it must be harmless to repeat. */
export type OnPaid = (payment: PaidPayment, context: { readonly signal: AbortSignal }) => Promise<void> | void

/** The shop's pricing function throws this for an order that it does not sell. */
export class OrderRefused extends Error {
  constructor(message = 'The shop does not sell this') {
    super(message)
    this.name = 'OrderRefused'
  }
}

/** What the rules of the money stand on. */
export interface Deps {
  readonly gateway: AnyGateway
  readonly store: Store
  readonly clock: Clock
  readonly random: Random
  readonly telemetry: Telemetry
  readonly reached: Reached
  readonly price: Price
  readonly onPaid: OnPaid
  /** The one rule for payment addresses, as the page applies it too. */
  readonly urlRules: PaymentUrlRules
  /** The endpoint's public address without a trailing slash; callbacks are built from nothing else. */
  readonly endpoint: string
  /** Told after a payment became paid, so that its delivery begins at once instead of at the next tick. */
  readonly becamePaid: () => void
  /** Names this process in leases. */
  readonly instance: string
}
