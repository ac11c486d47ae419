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
  const digits = currencyDigits(currency)
  // `Intl` takes ten times as long as all the rest of a button; taka are what nearly every button shows.
  if (currency === 'BDT') {
    const [whole = '', fraction = ''] = amount.split('.')
    const text = `৳${whole.replace(/\B(?=(\d\d)*\d{3}$)/g, ',')}.${fraction.padEnd(2, '0')}`
    if (!isBangla(language) || /-nu-latn/i.test(language)) return text
    return text.replace(/\d/g, (digit) => String.fromCharCode(0x9e6 + Number(digit)))
  }
  const parts = new Intl.NumberFormat(localeOf(language), {
    ...{ style: 'currency', currency, currencyDisplay: 'narrowSymbol' },
    ...{ minimumFractionDigits: digits, maximumFractionDigits: digits },
  }).formatToParts(Number(amount))
  const read = (type: RegExp) => parts.map((part) => (type.test(part.type) ? part.value : '')).join('')
  const symbol = read(/currency/)
  return symbol + (/[A-Z]$/i.test(symbol) ? '\u00a0' : '') + read(/^[^cl]/)
}

/** A duration in words: `12 minutes`, `৫ সেকেন্ড`, `7 days`. */
export const formatDuration = (count: number, unit: 'second' | 'minute' | 'hour' | 'day', language: string): string =>
  new Intl.NumberFormat(localeOf(language), { style: 'unit', unit, unitDisplay: 'long' }).format(count)

/** An instant in the shop's time zone, Bangladesh: `21 Nov 2026, 4:03 pm`, in Bangla with the part of the day in words. */
export const formatInstant = (instant: string, language: string): string =>
  new Intl.DateTimeFormat(localeOf(language), {
    timeZone: 'Asia/Dhaka',
    day: 'numeric',
    month: 'short',
    year: 'numeric',
    hour: 'numeric',
    minute: '2-digit',
    ...(isBangla(language) && { dayPeriod: 'short' }),
  }).format(new Date(instant))
