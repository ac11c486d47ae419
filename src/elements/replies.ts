import { parseMoney } from '../contract/money.ts'
import type { OpenReply, PaymentStatus, Problem } from '../contract/schemas.ts'
import { isProblemCode } from './errors.ts'

/**
 * The shop's replies, read by hand: zod would cost the page more than the whole element. The verdict is the one of
 * `contract/schemas.ts`; a property test feeds both.
 *
 * A shape names each member's pattern, over the value as JSON would begin it: text has a quote before it, so that `"1"` is
 * not taken for `1`. A closed set of words has the careful one beside it, for words that this version does not know. A shape
 * inside a shape is an object that may be absent.
 */
type Rule = string | Pair | Shape
type Pair = readonly [pattern: string, careful: string]
type Shape = { readonly [name: string]: Rule }

const isPair = (rule: Pair | Shape): rule is Pair => Array.isArray(rule)
const BAD = Symbol()

const TEXT = '"[^]*'
const TOKEN = '"[\\w-]{1,128}'
const AMOUNT = '"(0|[1-9]\\d{0,14})(\\.\\d{1,4})?'
const CURRENCY = '"[A-Z]{3}'
const ADDRESS = '"[^]{1,2048}'
/** RFC 3339; that the day exists is checked apart. */
const INSTANT = '"\\d{4}-\\d\\d-\\d\\dT([01]\\d|2[0-3])(:[0-5]\\d){2}(\\.\\d+)?(Z|[+-]([01]\\d|2[0-3]):[0-5]\\d)'
const orNull = (pattern: string) => `null|${pattern}`
const orAbsent = (pattern: string) => `undefined|null|${pattern}`

const COMMON: Shape = {
  version: '1',
  token: TOKEN,
  amount: AMOUNT,
  currency: CURRENCY,
  reference: '"[^]{1,64}',
  serverTime: INSTANT,
  environment: '"(production|sandbox)',
  expiresAt: orNull(INSTANT),
}

const OPEN: Shape = { ...COMMON, state: '"created', paymentUrl: ADDRESS }

const RELEASE: Shape = {
  state: ['"(waiting|authorized|released|returning|returned)', 'waiting'],
  carrier: orAbsent('"[^]{0,64}'),
  authorizedAt: orAbsent(INSTANT),
}

const STATUS: Shape = {
  ...COMMON,
  state: ['"(created|processing|paid|cancelled|failed|expired|unresolved)', 'unresolved'],
  transactionId: orNull('"[^]{0,128}'),
  paidAt: orNull(INSTANT),
  reason: [orNull('"(insufficient-balance|account-blocked|limit-exceeded|declined|technical|unknown)'), 'unknown'],
  retry: ['"(now|later|no|wait)', 'wait'],
  paymentUrl: orNull(ADDRESS),
  pollAfter: orNull('\\d.*'),
  refunded: orAbsent(AMOUNT),
  release: RELEASE,
  events: orAbsent('"[^]{0,2048}'),
}

const PROBLEM: Shape = {
  type: TEXT,
  title: TEXT,
  status: '[45]\\d\\d',
  code: TEXT,
  instance: TEXT,
  detail: orAbsent(TEXT),
  token: orAbsent(TOKEN),
  amount: orAbsent(AMOUNT),
  currency: orAbsent(CURRENCY),
}

/** The member as it is meant; `BAD` when it is not as it should be. */
function read(member: unknown, rule: Rule): unknown {
  if (typeof rule === 'string') return matches(member, rule) ? member : BAD
  if (!isPair(rule)) return member === undefined || member === null ? member : (pick(member, rule) ?? BAD)
  return matches(member, rule[0]) ? member : typeof member === 'string' ? rule[1] : BAD
}

function matches(member: unknown, pattern: string): boolean {
  const text = typeof member === 'string' ? `"${member}` : member && typeof member === 'object' ? '' : String(member)
  // February has no 30th.
  const isDay = () => new Date(text.slice(1, 11)).getUTCDate() === +text.slice(9, 11)
  return RegExp(`^(${pattern})$`).test(text) && (!member || !pattern.includes(INSTANT) || isDay())
}

/** The own members that the shape names, in a new object; undefined when one of them is not as it should be. */
function pick(value: unknown, shape: Shape): Record<string, unknown> | undefined {
  if (!value || typeof value !== 'object' || Array.isArray(value)) return
  const picked: Record<string, unknown> = {}
  for (const [name, rule] of Object.entries(shape)) {
    const member = read(Object.hasOwn(value, name) ? (value as Record<string, unknown>)[name] : undefined, rule)
    if (member === BAD) return
    if (member !== undefined) picked[name] = member
  }
  return picked
}

/** As `pick`, and the amount has the digits of its currency. */
function pickPayment(value: unknown, shape: Shape): Record<string, unknown> | undefined {
  const picked = pick(value, shape)
  return picked && parseMoney(picked['amount'], picked['currency'] as string) && picked
}

/** Reads the answer to an open request; undefined when it is not one. */
export const readOpenReply = (value: unknown): OpenReply | undefined =>
  pickPayment(value, OPEN) as OpenReply | undefined

/** Reads a status; undefined when it is not one. Unknown members are left out, unknown words read as the careful ones. */
export const readPaymentStatus = (value: unknown): PaymentStatus | undefined =>
  pickPayment(value, STATUS) as PaymentStatus | undefined

/** Reads an RFC 9457 body with a code that this version knows; undefined otherwise. */
export function readProblem(value: unknown): Problem | undefined {
  const picked = pick(value, PROBLEM)
  return picked && isProblemCode(picked['code'] as string) ? (picked as Problem) : undefined
}

/** A fresh attempt, as the status that the shop would answer now. */
export const asStatus = (reply: OpenReply): PaymentStatus => ({
  ...reply,
  transactionId: null,
  paidAt: null,
  reason: null,
  retry: 'wait',
  pollAfter: null,
})
