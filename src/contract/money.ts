/**
 * Money as an integer of the currency's minor unit (poisha for BDT) from the first line to the last.
 * Decimal text exists only on the wire and on the screen, and goes through the one grammar below: no floats.
 */

/** An amount in the minor unit of its currency: `{ minor: 125000, currency: 'BDT' }` is ৳1,250.00. */
export interface Money {
  readonly minor: number
  readonly currency: string
}

/** ISO 4217 currencies whose minor unit is not a hundredth, by the number of its digits. */
const DIGITS = [
  'BIF CLP DJF GNF ISK JPY KMF KRW PYG RWF UGX UYI VND VUV XAF XOF XPF',
  '',
  '',
  'BHD IQD JOD KWD LYD OMR TND',
  'CLF UYW',
].map((currencies) => currencies.split(' '))

/** How many decimal digits amounts of this ISO 4217 currency have: 2 for BDT, 0 for JPY, 3 for KWD. */
export function currencyDigits(currency: string): number {
  const digits = DIGITS.findIndex((currencies) => currencies.includes(currency))
  return digits < 0 ? 2 : digits
}

/**
 * Reads decimal text such as `1250`, `1250.5` or `1250.00`. Returns undefined for anything else: signs, exponents,
 * separators, spaces, other digits, leading zeros, more decimals than the currency has, or more than 15 digits in all.
 */
export function parseMoney(text: unknown, currency: string): Money | undefined {
  if (typeof text !== 'string' || !/^[A-Z]{3}$/.test(currency)) return undefined
  const parts = /^(0|[1-9][0-9]*)(?:\.([0-9]+))?$/.exec(text)
  const digits = currencyDigits(currency)
  const fraction = parts?.[2] ?? ''
  if (!parts || fraction.length > digits) return undefined
  const minor = `${parts[1]}${fraction.padEnd(digits, '0')}`
  return minor.length > 15 ? undefined : { minor: Number(minor), currency }
}

/** Decimal text with exactly the currency's digits: `1250.00`, `1250` for JPY. */
export function moneyText({ minor, currency }: Money): string {
  const digits = currencyDigits(currency)
  const text = String(minor).padStart(digits + 1, '0')
  return digits ? `${text.slice(0, -digits)}.${text.slice(-digits)}` : text
}

/**
 * Money from text that a programmer wrote.
 * @throws RangeError when the text is not an amount of that currency.
 */
export function money(text: string, currency: string): Money {
  const value = parseMoney(text, currency)
  if (!value) throw new RangeError(`"${text}" is not an amount in ${currency}: write decimal text such as "1250.00"`)
  return value
}

/** `bdt('1250.00')`: an amount in taka. Throws RangeError when the text is not one. */
export const bdt = (text: string): Money => money(text, 'BDT')

/** Same currency and same amount. */
export const sameMoney = (a: Money, b: Money): boolean => a.minor === b.minor && a.currency === b.currency
