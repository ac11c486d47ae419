/**
 * The tables, one interface per row, spelled as their columns are. Instants are milliseconds since 1970 (UTC), amounts
 * integers in the currency's minor unit, flags of yes and no are 0 or 1: types that SQLite and PostgreSQL share.
 */
import type { ColumnType, Generated } from 'kysely'

/** What an attempt can be: the contract's states, and three of our own for orders that never had an address. */
export type AttemptState =
  /** Written before the gateway was asked, or the answer was lost: nobody has an address to pay it. */
  | 'opening'
  | 'created'
  | 'processing'
  | 'paid'
  | 'cancelled'
  | 'failed'
  | 'expired'
  | 'unresolved'
  /** The gateway said no to the request. */
  | 'refused'
  /** The gateway never heard of it, long after the question. */
  | 'void'

/** One purchase being paid. */
export interface PaymentRow {
  id: string
  /** Public, unguessable. */
  token: string
  purchase_id: string
  state: string
  /** The shop's newest price. */
  amount: number
  currency: string
  description: string
  /** The newest order that was priced, as JSON text. */
  order_json: string
  return_to: string
  lang: string | null
  /** The attempt that speaks for the payment: the paid one, else the newest. */
  attempt_id: string | null
  reason: string | null
  transaction_id: string | null
  paid_at: number | null
  refunded: number
  /** Why the payment is held for a person, or null. */
  hold: string | null
  /** Who is opening an attempt right now, and until when that claim counts. */
  claim: string | null
  claim_until: number
  /** Counts changes; the id of live events. */
  version: number
  created_at: number
  updated_at: number
}

/** One order at the gateway. */
export interface AttemptRow {
  id: string
  payment_id: string
  number: number
  gateway: string
  /** Our unguessable id at the gateway, committed before it is asked. */
  reference: string
  amount: number
  currency: string
  state: AttemptState
  order_id: string | null
  /** Null as long as nobody can have it. */
  payment_url: string | null
  expires_at: number | null
  reason: string | null
  transaction_id: string | null
  paid_at: number | null
  refunded: number
  /** Captured so far, for gateways with manual capture. */
  captured: number | null
  /** When the question was asked whose answer is the newest that was believed. */
  read_at: number
  /** When the reconciler asks next; null when it is done with this attempt. */
  next_check_at: number | null
  checks: number
  lease: string | null
  lease_until: number
  /** The gateway's last word without secrets. */
  last_answer: string | null
  /** What the gateway was asked beside reference and amount, as JSON, so that the very same question can be repeated. */
  asked: string | null
  /** How far the parcel is, as JSON of the status reply's `release`, for gateways that deliver before they are paid. */
  release: string | null
  /** What the gateway's notifications call its order, for gateways that send some. */
  notified_as: string | null
  /** Since when there is news of it that no answer has told yet; null when there is none. */
  news_at: number | null
  created_at: number
  updated_at: number
}

/** A key that a page sent, and the order it stands for. */
export interface KeyRow {
  key: string
  /** SHA-256 of purchase and canonical order. */
  fingerprint: string
  payment_id: string
  created_at: number
}

/** A call of the shop's paid handler that has to succeed once. */
export interface DeliveryRow {
  payment_id: string
  next_try_at: number | null
  tries: number
  lease: string | null
  lease_until: number
  last_error: string | null
  created_at: number
  done_at: number | null
}

/** One line of the audit trail. */
export interface AuditRow {
  id: Generated<number>
  payment_id: string
  attempt_id: string | null
  at: number
  /** Who caused it: `open`, `return`, `status`, `reconcile`, `notification`, `operator`, `delivery`. */
  cause: string
  event: string
  detail: string | null
}

/** Something a person has to look at. */
export interface FlagRow {
  id: string
  payment_id: string
  attempt_id: string | null
  kind: string
  detail: string | null
  created_at: number
  cleared_at: number | null
}

/** A notification that was received, kept for ever: its id is what makes a replay harmless. */
export interface NotificationRow {
  /** `gateway:event id`. */
  id: string
  gateway: string
  type: string
  reference: string | null
  received_at: number
}

/** A write that a merchant asked for (refund, capture, void): its row is committed before the gateway is asked. */
export interface OperationRow {
  /** Idempotency key towards the gateway. */
  id: string
  payment_id: string
  attempt_id: string
  kind: string
  amount: number | null
  reason: string | null
  /** `started`, `done`, `refused` or `unknown`. */
  state: string
  gateway_id: string | null
  /** Why it was refused, or is not known; null otherwise. */
  detail: string | null
  created_at: number
  updated_at: number
}

export interface Tables {
  payments: PaymentRow
  attempts: AttemptRow
  idempotency_keys: KeyRow
  deliveries: DeliveryRow
  audit: AuditRow
  flags: FlagRow
  notifications: NotificationRow
  operations: OperationRow
  schema_version: { version: ColumnType<number>; applied_at: number }
}
