import type { Money } from '../../contract/money.ts'
import { Documents } from '../documents.ts'
import type { Journal } from '../journal.ts'

/** Where a parcel is handed over. */
export const HANDOVERS = ['door', 'pickup_point', 'locker'] as const
export type Handover = (typeof HANDOVERS)[number]

/** What a carrier's scanner says. */
export const SCANS = ['picked_up', 'out_for_delivery', 'arrived', 'released', 'returning', 'returned'] as const
export type Scan = (typeof SCANS)[number]

/** What a buyer ordered; it is paid by one of its payment sessions. Times are milliseconds since 1970. */
export interface ShopOrderRecord {
  readonly id: string
  /** The merchant's own id, unique. */
  readonly externalId: string
  readonly amount: Money
  readonly description: string
  readonly carrier: string
  readonly handover: Handover
  readonly metadata: Readonly<Record<string, string>>
  /** Ids of payment sessions, oldest first; they are orders of the ledger. */
  readonly sessions: readonly string[]
  readonly scans: readonly { readonly scan: Scan; readonly at: number }[]
  readonly at: number
}

/** What a payment session has beside its order in the ledger. */
export interface SessionRecord {
  readonly id: string
  readonly orderId: string
  /** The unique IPAY reference. */
  readonly reference: string
}

export const RETURN_REASONS = ['changed_mind', 'damaged', 'wrong_item', 'not_as_described', 'late'] as const

/** A parcel on its way back. */
export interface ReturnRecord {
  readonly id: string
  readonly orderId: string
  readonly reason: (typeof RETURN_REASONS)[number] | null
  readonly state: 'initiated' | 'kept' | 'received'
  readonly label: { readonly format: 'label' | 'qr'; readonly code: string } | null
  /** What the buyer is offered for keeping the parcel. */
  readonly offer: { readonly amount: Money; readonly accepted: boolean } | null
  readonly at: number
}

export interface SessionRefundRecord {
  readonly id: string
  readonly orderId: string
  readonly amount: Money
  readonly at: number
}

/** Everything that the sessions API keeps beside the ledger. */
export interface SessionsRecords {
  readonly orders: Documents<ShopOrderRecord>
  readonly sessions: Documents<SessionRecord>
  readonly returns: Documents<ReturnRecord>
  readonly refunds: Documents<SessionRefundRecord>
}

export const openSessionsRecords = (journal: Journal): SessionsRecords => ({
  orders: new Documents('sessions-orders', journal),
  sessions: new Documents('sessions', journal),
  returns: new Documents('sessions-returns', journal),
  refunds: new Documents('sessions-refunds', journal),
})
