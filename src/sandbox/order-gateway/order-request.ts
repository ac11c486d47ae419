import { type Money, parseMoney } from '../../contract/money.ts'

/** The fields of `POST /order`, checked. */
export interface OrderRequest {
  readonly amount: Money
  readonly referenceId: string
  readonly description: string
  readonly successCallbackUrl: string
  readonly failureCallbackUrl: string
  readonly cancelCallbackUrl: string
}

/** Longest text of each field, in UTF-16 code units: the strictest reading of the guide's "characters". */
const TEXTS = {
  referenceId: 50,
  description: 255,
  successCallbackUrl: 512,
  failureCallbackUrl: 512,
  cancelCallbackUrl: 512,
} as const

/**
 * Reads the body of `POST /order` as strictly as the guide is written.
 * @throws TypeError whose message is the gateway's answer.
 */
export function parseOrderRequest(body: unknown): OrderRequest {
  if (typeof body !== 'object' || body === null || Array.isArray(body)) throw new TypeError('Request body must be JSON')
  const fields = body as Readonly<Record<string, unknown>>
  return {
    amount: parseAmount(fields['amount']),
    referenceId: parseText(fields, 'referenceId'),
    description: parseText(fields, 'description'),
    successCallbackUrl: parseUrl(fields, 'successCallbackUrl'),
    failureCallbackUrl: parseUrl(fields, 'failureCallbackUrl'),
    cancelCallbackUrl: parseUrl(fields, 'cancelCallbackUrl'),
  }
}

function parseAmount(value: unknown): Money {
  if (typeof value !== 'number') throw new TypeError('amount is required and must be a number')
  const amount = parseMoney(String(value), 'BDT')
  if (!amount) throw new TypeError('amount must be positive and have at most two decimals')
  if (amount.minor === 0) throw new TypeError('amount must be greater than zero')
  return amount
}

function parseText(fields: Readonly<Record<string, unknown>>, name: keyof typeof TEXTS): string {
  const value = fields[name]
  if (typeof value !== 'string' || value.trim() === '') throw new TypeError(`${name} is required`)
  if (value.length > TEXTS[name]) throw new TypeError(`${name} must not exceed ${TEXTS[name]} characters`)
  if (!value.isWellFormed() || value.includes('\0')) throw new TypeError(`${name} is not valid text`)
  return value
}

function parseUrl(fields: Readonly<Record<string, unknown>>, name: keyof typeof TEXTS): string {
  const value = parseText(fields, name)
  const url = URL.parse(value)
  if (url?.protocol !== 'https:' && url?.protocol !== 'http:') throw new TypeError(`${name} must be a URL`)
  return value
}
