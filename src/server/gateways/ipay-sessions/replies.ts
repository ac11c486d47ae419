import * as z from 'zod'
import { type Money, parseMoney } from '../../../contract/money.ts'
import type { Release } from '../../../contract/schemas.ts'
import type { Reason } from '../../../contract/states.ts'
import { REASONS } from '../../../contract/states.ts'
import type { GatewayReading, GatewayState } from '../port.ts'

const Id = z.string().min(1).max(64)

/** A payment session. What decides about money has to be there; the rest is taken where it fits. */
export const SessionReply = z.object({
  id: Id,
  order_id: Id,
  reference: z.unknown().optional(),
  merchant_reference: z.string().min(1).max(64),
  status: z.unknown().optional(),
  amount: z.unknown().optional(),
  currency: z.unknown().optional(),
  provider: z.object({ status: z.unknown().optional() }).catch({ status: undefined }),
  failure_reason: z.unknown().optional(),
  transaction_id: z.unknown().optional(),
  confirmed_at: z.unknown().optional(),
  url: z.unknown().optional(),
  expires_at: z.unknown().optional(),
})
export type SessionReply = z.infer<typeof SessionReply>

/** An order, as far as the parcel and what was given back are concerned. */
export const OrderReply = z.object({
  id: Id,
  external_id: z.string().min(1).max(64),
  currency: z.unknown().optional(),
  amount_refunded: z.unknown().optional(),
  carrier: z.string().max(64).nullish().catch(null),
  parcel: z.object({ state: z.string() }).optional().catch(undefined),
  release: z
    .object({
      authorized: z.unknown().optional(),
      authorized_at: z.unknown().optional(),
      released_at: z.unknown().optional(),
    })
    .optional()
    .catch(undefined),
})
export type OrderReply = z.infer<typeof OrderReply>

const STATES: Readonly<Record<string, GatewayState>> = {
  requested: 'created',
  processing: 'processing',
  confirmed: 'paid',
  failed: 'failed',
  cancelled: 'cancelled',
  expired: 'expired',
}

/** Milliseconds since 1970 of RFC 3339 text with a zone; null for anything else. */
export function instantOf(text: unknown): number | null {
  if (typeof text !== 'string' || !/^\d{4}-\d{2}-\d{2}T[\d:.]+(?:Z|[+-]\d{2}:\d{2})$/.test(text)) return null
  const instant = Date.parse(text)
  return Number.isNaN(instant) ? null : instant
}

const moneyOf = (amount: unknown, currency: unknown): Money | null =>
  (typeof currency === 'string' && parseMoney(amount, currency)) || null

const reasonOf = (reason: unknown): Reason => {
  const word = typeof reason === 'string' ? reason.replaceAll('_', '-') : ''
  return REASONS.find((known) => known === word) ?? 'unknown'
}

/** Reads a payment session; the order's news, where they were read too, go with it. */
export function readSession(session: SessionReply, order: OrderReply | undefined): GatewayReading {
  const { id, merchant_reference, status, amount, currency, provider, failure_reason, transaction_id } = session
  const money = moneyOf(amount, currency)
  const known = typeof status === 'string' && Object.hasOwn(STATES, status) ? STATES[status] : undefined
  // An amount that is there and cannot be read says that we do not understand this answer.
  const state = known === undefined || (!money && amount !== undefined) ? 'unknown' : known
  return {
    kind: 'payment',
    state,
    orderId: id,
    reference: merchant_reference,
    amount: money,
    reason: state === 'failed' ? reasonOf(failure_reason) : null,
    transactionId: typeof transaction_id === 'string' && transaction_id ? transaction_id.slice(0, 128) : null,
    paidAt: state === 'paid' ? instantOf(session.confirmed_at) : null,
    ...(order && { refunded: moneyOf(order.amount_refunded, order.currency), release: releaseOf(order) }),
    raw: JSON.stringify({ id, status, amount, currency, provider: provider.status, failure_reason }).slice(0, 400),
  }
}

const AFTER: Readonly<Record<string, Release['state']>> = {
  released: 'released',
  returning: 'returning',
  returned: 'returned',
}

/** How far the parcel is: the last scan after the hand-over, before that whether it may be handed over. */
export function releaseOf({ carrier, parcel, release }: OrderReply): Release {
  const scanned = parcel && Object.hasOwn(AFTER, parcel.state) ? AFTER[parcel.state] : undefined
  const authorizedAt = instantOf(release?.authorized_at)
  return {
    state: scanned ?? (release?.authorized === true ? 'authorized' : 'waiting'),
    carrier: carrier ?? null,
    authorizedAt: authorizedAt === null ? null : new Date(authorizedAt).toISOString(),
  }
}
