import * as z from 'zod'
import type { Money } from '../../../contract/money.ts'
import type { GatewayReading, GatewayState } from '../port.ts'
import { reasonOf } from './failure-codes.ts'

const Minor = z.int().min(0)
const Id = z.string().min(1).max(64)

/** A payment as the gateway shows it. What decides about money has to be there; the rest is taken where it fits. */
export const PaymentReply = z.object({
  id: Id,
  status: z.unknown().optional(),
  amount: z.unknown().optional(),
  currency: z.unknown().optional(),
  amount_captured: z.unknown().optional(),
  amount_refunded: z.unknown().optional(),
  metadata: z.object({ orderId: z.string().min(1).max(64) }),
  next_action: z.unknown().optional(),
  failure_code: z.unknown().optional(),
  cancellation_reason: z.unknown().optional(),
  transaction_id: z.unknown().optional(),
  succeeded_at: z.unknown().optional(),
  expires_at: z.unknown().optional(),
})
export type PaymentReply = z.infer<typeof PaymentReply>

const STATES: Readonly<Record<string, GatewayState>> = {
  requires_payment_method: 'created',
  requires_confirmation: 'created',
  requires_action: 'created',
  processing: 'processing',
  // Authorised is not paid: the money is taken when the shop captures.
  requires_capture: 'processing',
  succeeded: 'paid',
  failed: 'failed',
  canceled: 'cancelled',
}

/** The states of the status flow in our words; a status that is not in the flow is never guessed. */
export function stateOf({ status, cancellation_reason }: Pick<PaymentReply, 'status' | 'cancellation_reason'>) {
  if (status === 'canceled' && cancellation_reason === 'expired') return 'expired'
  return typeof status === 'string' && Object.hasOwn(STATES, status) ? (STATES[status] ?? 'unknown') : 'unknown'
}

/** Unix seconds as milliseconds since 1970; null for anything else. */
export const instantOf = (seconds: unknown): number | null =>
  typeof seconds === 'number' && seconds > 0 && seconds < 1e11 ? Math.round(seconds * 1_000) : null

const textOf = (value: unknown): string | null => (typeof value === 'string' && value ? value.slice(0, 128) : null)

/** Reads a payment. Paid is only what succeeded in full: with less captured, the amount contradicts what we asked for. */
export function readPayment(body: unknown): GatewayReading {
  const parsed = PaymentReply.safeParse(body)
  if (!parsed.success) return { kind: 'unreachable', detail: 'the payment has an unexpected shape' }
  const payment = parsed.data
  const { id, status, metadata, amount, currency, amount_captured, amount_refunded, failure_code } = payment
  const whole = moneyOf(amount, currency)
  const captured = moneyOf(amount_captured, currency)
  const state = whole ? stateOf(payment) : 'unknown'
  return {
    kind: 'payment',
    state,
    orderId: id,
    reference: metadata.orderId,
    amount: state === 'paid' && amount_captured !== undefined ? (captured ?? NOTHING) : whole,
    reason: state === 'failed' ? reasonOf(failure_code) : null,
    transactionId: textOf(payment.transaction_id) ?? (state === 'paid' ? id : null),
    paidAt: state === 'paid' ? instantOf(payment.succeeded_at) : null,
    refunded: moneyOf(amount_refunded, currency),
    captured: state === 'paid' ? (captured ?? whole) : null,
    raw: JSON.stringify({ id, status, amount, currency, amount_captured, amount_refunded, failure_code }).slice(0, 400),
  }
}

/** An amount that was there and could not be read equals no amount that we asked for. */
const NOTHING: Money = { minor: 0, currency: 'XXX' }

/** An integer of the smallest unit and its currency; null when either is missing or something else. */
function moneyOf(minor: unknown, currency: unknown): Money | null {
  const value = Minor.safeParse(minor)
  return value.success && typeof currency === 'string' && /^[A-Z]{3}$/.test(currency)
    ? { minor: value.data, currency }
    : null
}

const Page = z.object({ url: z.string().min(1) })
const NextAction = z.record(z.string(), z.unknown())

/**
 * Where `next_action` sends the browser: a redirect or a challenge that has a page, or the page of a wallet, a bank or a
 * pay-later provider under the action's own `type`. Undefined when it has none.
 */
export function nextActionUrl(action: unknown): string | undefined {
  const members = NextAction.safeParse(action)
  if (!members.success) return undefined
  const { type } = members.data
  const places = [members.data['redirect'], members.data['redirect_to_url'], action]
  if (typeof type === 'string' && Object.hasOwn(members.data, type)) places.unshift(members.data[type])
  return places.map((place) => Page.safeParse(place).data?.url).find((url) => url !== undefined)
}
