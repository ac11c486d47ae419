import { TOKEN } from '../contract/limits.ts'
import { parseMoney } from '../contract/money.ts'
import type { OpenReply, PaymentStatus, Problem } from '../contract/schemas.ts'
import { isErrorCode } from './errors.ts'

/**
 * The shop's replies, read by hand: zod would cost the page more than the whole element. The verdict is the one of
 * `contract/schemas.ts`; a property test feeds both.
 */
type Check = (value: unknown) => unknown
type Checks = Readonly<Record<string, Check>>

const matches =
  (pattern: RegExp): Check =>
  (value) =>
    typeof value === 'string' && pattern.test(value)
const text =
  (from: number, to: number): Check =>
  (value) =>
    typeof value === 'string' && value.length >= from && value.length <= to
const orNull =
  (check: Check): Check =>
  (value) =>
    value === null || check(value)
const orAbsent =
  (check: Check): Check =>
  (value) =>
    value === undefined || check(value)
const oneOf = (words: string): Check => matches(RegExp(`^(?:${words})$`))

/** RFC 3339, on a day that exists. */
const instant: Check = (value) => {
  if (!matches(/^\d{4}-\d\d-\d\dT([01]\d|2[0-3])(:[0-5]\d){2}(\.\d+)?(Z|[+-]([01]\d|2[0-3]):[0-5]\d)$/)(value))
    return false
  const day = (value as string).slice(0, 10)
  const date = new Date(day)
  return !Number.isNaN(+date) && date.toISOString().startsWith(day)
}

const amount = matches(/^(0|[1-9]\d{0,14})(\.\d{1,4})?$/)
const token = matches(TOKEN)
const currency = matches(/^[A-Z]{3}$/)

const COMMON: Checks = {
  version: (value) => value === 1,
  token,
  amount,
  currency,
  reference: text(1, 64),
  serverTime: instant,
  environment: oneOf('production|sandbox'),
  expiresAt: orNull(instant),
}

const OPEN: Checks = { ...COMMON, state: oneOf('created'), paymentUrl: text(1, 2048) }

const RELEASE: Checks = {
  state: oneOf('waiting|authorized|released|returning|returned'),
  carrier: orAbsent(orNull(text(0, 64))),
  authorizedAt: orAbsent(orNull(instant)),
}

const STATUS: Checks = {
  ...COMMON,
  state: text(0, 1 / 0),
  transactionId: orNull(text(0, 128)),
  paidAt: orNull(instant),
  reason: orNull(text(0, 1 / 0)),
  retry: text(0, 1 / 0),
  paymentUrl: orNull(text(1, 2048)),
  pollAfter: orNull((value) => Number.isFinite(value) && (value as number) >= 0),
  refunded: orAbsent(amount),
  release: orAbsent((value) => pick(value, RELEASE)),
  events: orAbsent(text(0, 2048)),
}

const PROBLEM: Checks = {
  type: text(0, 1 / 0),
  title: text(0, 1 / 0),
  status: (value) => Number.isInteger(value) && (value as number) > 399 && (value as number) < 600,
  code: isErrorCode,
  instance: text(0, 1 / 0),
  detail: orAbsent(text(0, 1 / 0)),
  token: orAbsent(token),
  amount: orAbsent(amount),
  currency: orAbsent(currency),
}

/** The own members that the checks name, in a new object; undefined when one of them is not as it should be. */
function pick(value: unknown, checks: Checks): Record<string, unknown> | undefined {
  if (value === null || typeof value !== 'object' || Array.isArray(value)) return undefined
  const picked: Record<string, unknown> = {}
  for (const [name, check] of Object.entries(checks)) {
    const member = Object.hasOwn(value, name) ? (value as Record<string, unknown>)[name] : undefined
    if (!check(member)) return undefined
    if (member !== undefined) picked[name] = member
  }
  return picked
}

/** As `pick`, and the amount has the digits of its currency. */
function pickPayment(value: unknown, checks: Checks): Record<string, unknown> | undefined {
  const picked = pick(value, checks)
  return picked && parseMoney(picked['amount'], picked['currency'] as string) ? picked : undefined
}

/** A word of a closed set; one that this version does not know is read as the careful one. */
function careful(picked: Record<string, unknown>, name: string, words: string, otherwise: string): void {
  if (typeof picked[name] === 'string' && !oneOf(words)(picked[name])) picked[name] = otherwise
}

/** Reads the answer to an open request; undefined when it is not one. */
export const readOpenReply = (value: unknown): OpenReply | undefined =>
  pickPayment(value, OPEN) as OpenReply | undefined

/** Reads a status; undefined when it is not one. Unknown members are left out, unknown words read as the careful ones. */
export function readPaymentStatus(value: unknown): PaymentStatus | undefined {
  const picked = pickPayment(value, STATUS)
  if (!picked) return undefined
  careful(picked, 'state', 'created|processing|paid|cancelled|failed|expired|unresolved', 'unresolved')
  careful(picked, 'reason', 'insufficient-balance|account-blocked|limit-exceeded|declined|technical|unknown', 'unknown')
  careful(picked, 'retry', 'now|later|no|wait', 'wait')
  return picked as PaymentStatus
}

/** Reads an RFC 9457 body with a code that this version knows; undefined otherwise. */
export const readProblem = (value: unknown): Problem | undefined => pick(value, PROBLEM) as Problem | undefined

/** A fresh attempt, as the status that the shop would answer now. */
export const asStatus = (reply: OpenReply): PaymentStatus => ({
  ...reply,
  transactionId: null,
  paidAt: null,
  reason: null,
  retry: 'wait',
  pollAfter: null,
})
