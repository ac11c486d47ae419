import * as z from 'zod'
import { TOKEN } from './limits.ts'
import { parseMoney } from './money.ts'
import { PROBLEM_CODES } from './problems.ts'
import { ENVIRONMENTS, PAYMENT_STATES, REASONS, RETRIES } from './states.ts'

/** A closed set of words; a word that this version does not know yet is read as the careful one. */
const words = <const T extends readonly string[], F extends T[number]>(known: T, careful: F) =>
  z.enum(known).or(z.string().transform((): T[number] => careful))

/** Decimal text such as `1250.00`; that it fits its currency is checked where the currency is known. */
export const AmountText = z
  .string()
  .regex(/^(0|[1-9][0-9]{0,14})(\.[0-9]{1,4})?$/)
  .meta({ description: "Decimal text with the currency's digits", examples: ['1250.00'] })

/** ISO 4217 code. */
export const CurrencyCode = z.string().regex(/^[A-Z]{3}$/)

/** An instant as RFC 3339 text in UTC. */
export const Instant = z.iso.datetime({ offset: true })

/** Opaque and URL-safe, one per payment. A reader takes any length; what the kit makes holds 128 bits of randomness. */
export const Token = z.string().regex(TOKEN)

const hasItsCurrencysDigits = (value: { amount: string; currency: string }) =>
  parseMoney(value.amount, value.currency) !== undefined
const wrongDigits = { message: "amount does not fit the currency's digits", path: ['amount'] }

/** What the buyer saw; compared with the shop's price, never charged. */
export const Shown = z.object({ amount: AmountText, currency: CurrencyCode }).refine(hasItsCurrencysDigits, wrongDigits)

/** Body of `POST {order-endpoint}`. Any other member is ignored. */
export const OpenRequest = z.object({
  order: z.json().meta({ description: "What is being bought, in the shop's own words" }),
  shown: Shown.optional(),
  returnTo: z.string().min(1).max(2048).optional(),
  lang: z.string().max(35).optional(),
})

const common = {
  version: z.literal(1),
  token: Token,
  amount: AmountText,
  currency: CurrencyCode,
  reference: z.string().min(1).max(64),
  serverTime: Instant,
  environment: z.enum(ENVIRONMENTS),
}

/** 201 (a new attempt) or 200 (the live one, or a replay of the same key) of `POST {order-endpoint}`. */
export const OpenReply = z
  .object({
    ...common,
    state: z.literal('created'),
    paymentUrl: z.string().min(1).max(2048),
    expiresAt: Instant.nullable(),
  })
  .refine(hasItsCurrencysDigits, wrongDigits)

/** Pay on arrival: how far the parcel is. Readers that do not know it ignore it. */
export const Release = z.object({
  state: words(['waiting', 'authorized', 'released', 'returning', 'returned'], 'waiting'),
  carrier: z.string().max(64).nullish(),
  authorizedAt: Instant.nullish(),
})

/** 200 of `GET {order-endpoint}/{token}`, and the data of a live `status` event. */
export const PaymentStatus = z
  .object({
    ...common,
    state: words(PAYMENT_STATES, 'unresolved'),
    transactionId: z.string().max(128).nullable(),
    paidAt: Instant.nullable(),
    reason: words(REASONS, 'unknown').nullable(),
    retry: words(RETRIES, 'wait'),
    paymentUrl: z.string().min(1).max(2048).nullable(),
    expiresAt: Instant.nullable(),
    pollAfter: z.number().min(0).nullable(),
    refunded: AmountText.nullish(),
    release: Release.nullish(),
    events: z.string().max(2048).nullish(),
  })
  .refine(hasItsCurrencysDigits, wrongDigits)

/** RFC 9457 body of every error. `detail` is for developers and never shown to a buyer. */
export const Problem = z.object({
  type: z.string(),
  title: z.string(),
  status: z.int().min(400).max(599),
  code: z.enum(PROBLEM_CODES),
  instance: z.string(),
  detail: z.string().nullish(),
  token: Token.nullish(),
  amount: AmountText.nullish(),
  currency: CurrencyCode.nullish(),
})

export type OpenRequest = z.infer<typeof OpenRequest>
export type OpenReply = z.infer<typeof OpenReply>
export type PaymentStatus = z.infer<typeof PaymentStatus>
export type Problem = z.infer<typeof Problem>
export type Shown = z.infer<typeof Shown>
export type Release = z.infer<typeof Release>
