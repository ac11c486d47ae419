import * as z from 'zod'
import { parseMoney } from '../../../contract/money.ts'
import type { Reason } from '../../../contract/states.ts'
import type { GatewayReading, GatewayState } from '../port.ts'
import type { StatusCodes } from './status-codes.ts'
import { parseTransactionTime } from './transaction-time.ts'

/** The only currency of the order gateway, which never names it. */
export const CURRENCY = 'BDT'

/** 200 of `POST /order`. */
export const OrderReply = z.object({
  orderId: z.string().min(1).max(64),
  paymentUrl: z.string().min(1),
  referenceId: z.string(),
})

/** 200 of both status addresses. Everything but the code is a clue; what is missing stays unknown. */
const StatusReply = z.object({
  statusCode: z.unknown().optional(),
  status: z.unknown().optional(),
  orderId: z.string().min(1).max(64),
  referenceId: z.string().min(1).max(64),
  orderAmount: z.unknown().optional(),
  currency: z.unknown().optional(),
  transactionId: z.unknown().optional(),
  transactionTime: z.unknown().optional(),
})

/** Labels that agree with paid, and ones that contradict it whatever else they say. */
const PAID_WORDS = /\bpaid\b|\bsuccess/i
const UNPAID_WORDS =
  /unpaid|unsuccess|not |fail|cancel|expire|creat|placed|initiat|pending|process|error|refund|declin/i

/** Reads a status answer. Anything that contradicts itself is `unknown`, never paid and never failed. */
export function readStatusReply(body: unknown, codes: StatusCodes): GatewayReading {
  const parsed = StatusReply.safeParse(body)
  if (!parsed.success) return { kind: 'unreachable', detail: 'the status answer has an unexpected shape' }
  const { orderId, referenceId, statusCode, status, orderAmount, currency, transactionId, transactionTime } =
    parsed.data
  const amount = amountOf(orderAmount, currency)
  const state = amount === 'unreadable' ? 'unknown' : stateOf(statusCode, status, codes)
  return {
    kind: 'payment',
    state,
    orderId,
    reference: referenceId,
    amount: amount === 'unreadable' ? null : amount,
    reason: state === 'failed' ? reasonOf(status) : null,
    transactionId: typeof transactionId === 'string' && transactionId ? transactionId.slice(0, 128) : null,
    paidAt: parseTransactionTime(transactionTime),
    raw: JSON.stringify({ statusCode, status, orderId, orderAmount, currency, transactionId, transactionTime }).slice(
      0,
      400,
    ),
  }
}

function stateOf(code: unknown, label: unknown, codes: StatusCodes): GatewayState {
  if (typeof code !== 'number' || typeof label !== 'string') return 'unknown'
  const state = Object.hasOwn(codes, String(code)) ? codes[String(code)] : undefined
  if (state === undefined) return 'unknown'
  const soundsPaid = PAID_WORDS.test(label) && !UNPAID_WORDS.test(label)
  return (state === 'paid') === soundsPaid ? state : 'unknown'
}

/** The amount in poisha; null when it is left out, `unreadable` when it is there and no amount, or not one of taka. */
function amountOf(value: unknown, currency: unknown) {
  // No answer is known to name a currency: one that does, and names another, is not about our order's money.
  if (currency !== undefined && currency !== null && currency !== CURRENCY) return 'unreadable'
  if (value === undefined || value === null) return null
  if (typeof value !== 'number' || !Number.isFinite(value)) return 'unreadable'
  return parseMoney(String(value), CURRENCY) ?? 'unreadable'
}

function reasonOf(label: unknown): Reason {
  const text = String(label)
  if (/balance|insufficient/i.test(text)) return 'insufficient-balance'
  if (/block|locked|suspend/i.test(text)) return 'account-blocked'
  if (/limit/i.test(text)) return 'limit-exceeded'
  if (/declin|reject/i.test(text)) return 'declined'
  return /technical|internal/i.test(text) ? 'technical' : 'unknown'
}
