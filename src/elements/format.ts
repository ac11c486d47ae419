import { currencyDigits } from '../contract/money.ts'

/** Is Bangla asked for? Everything else is drawn in English. */
export const isBangla = (language: string): boolean => /^bn(-|$)/i.test(language)

/** The locale for `Intl`: Bangla as asked for (digits may be chosen by `-u-nu-latn`), else English with lakh grouping. */
function localeOf(language: string): string {
  if (!isBangla(language)) return 'en-IN'
  try {
    return new Intl.Locale(language).toString()
  } catch {
    return 'bn'
  }
}

/** An amount as buyers write it, symbol first: `৳1,25,000.00`, `৳১,২৫,০০০.০০`. `amount` is decimal text. */
export function formatAmount(amount: string, currency: string, language: string): string {
  const locale = localeOf(language)
  const digits = currencyDigits(currency)
  const options = { minimumFractionDigits: digits, maximumFractionDigits: digits }
  const parts = new Intl.NumberFormat(locale, { style: 'currency', currency, currencyDisplay: 'narrowSymbol' })
  const symbol = parts.formatToParts(0).find(({ type }) => type === 'currency')?.value ?? currency
  const space = /[A-Z]$/i.test(symbol) ? '\u00a0' : ''
  return symbol + space + new Intl.NumberFormat(locale, options).format(Number(amount))
}

/** A duration in words: `12 minutes`, `৫ সেকেন্ড`. */
export const formatDuration = (count: number, unit: 'minute' | 'second', language: string): string =>
  new Intl.NumberFormat(localeOf(language), { style: 'unit', unit, unitDisplay: 'long' }).format(count)

/** An instant in the buyer's own time zone. */
export const formatInstant = (instant: string, language: string): string =>
  new Intl.DateTimeFormat(localeOf(language), { dateStyle: 'medium', timeStyle: 'short' }).format(new Date(instant))
