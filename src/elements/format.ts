import { currencyDigits } from '../contract/money.ts'

/** Is Bangla asked for? Everything else is drawn in English. */
export const isBangla = (language: string): boolean => /^bn(-|$)/i.test(language)

/** The locale for `Intl`, whatever else the tag says: Bangla with the digits asked for, else English with lakh grouping. */
const localeOf = (language: string): string =>
  isBangla(language) ? (/-nu-latn/i.test(language) ? 'bn-u-nu-latn' : 'bn') : 'en-IN'

/** An amount as buyers write it, symbol first: `৳1,25,000.00`, `৳১,২৫,০০০.০০`. `amount` is decimal text. */
export function formatAmount(amount: string, currency: string, language: string): string {
  const digits = currencyDigits(currency)
  // `Intl` takes ten times as long as all the rest of a button; taka are what nearly every button shows.
  if (currency === 'BDT') {
    const [whole = '', fraction = ''] = amount.split('.')
    const text = `৳${whole.replace(/\B(?=(\d\d)*\d{3}$)/g, ',')}.${fraction.padEnd(2, '0')}`
    if (localeOf(language) !== 'bn') return text
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

/** An instant in the shop's time zone, Bangladesh: `21 Nov 2026, 4:03 pm`, `২১ নভেম্বর, ২০২৬, বিকাল ৪:০৩`. */
export const formatInstant = (instant: string, language: string): string =>
  new Intl.DateTimeFormat(localeOf(language), {
    timeZone: 'Asia/Dhaka',
    day: 'numeric',
    year: 'numeric',
    hour: 'numeric',
    minute: '2-digit',
    ...(isBangla(language) ? { month: 'long', dayPeriod: 'short' } : { month: 'short' }),
  })
    .format(new Date(instant))
    // `Intl` says "এ ১০:৫০ রাত্রি"; people say "রাত ১০:৫০".
    .replace(/ এ (\S+) (\S+?)(্রি)?$/, ', $2 $1')
