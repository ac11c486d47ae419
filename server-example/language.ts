import { type Money, moneyText } from '../src/contract/money.ts'

/** The shop's languages. */
export type Language = 'en' | 'bn'

const LOCALE = { en: 'en-IN', bn: 'bn-BD' } as const
const amounts = {
  en: new Intl.NumberFormat(LOCALE.en, { minimumFractionDigits: 2, maximumFractionDigits: 2 }),
  bn: new Intl.NumberFormat(LOCALE.bn, { minimumFractionDigits: 2, maximumFractionDigits: 2 }),
}

/** Taka as a buyer reads it, grouped by lakh: `৳1,25,000.00`, `৳১,২৫,০০০.০০`. */
export function amountText(money: Money, language: Language): string {
  // Decimal text goes in as it is: Intl reads it exactly, where a float would round.
  return `৳${amounts[language].format(moneyText(money) as `${number}`)}`
}

/** A whole number in the language's digits. */
export const countText = (count: number, language: Language): string =>
  new Intl.NumberFormat(LOCALE[language]).format(count)

/** An instant (RFC 3339) as the clock on a wall in Dhaka shows it, in the form that the script's panel has. */
export const timeText = (instant: string, language: Language): string =>
  new Intl.DateTimeFormat(LOCALE[language], {
    ...{ day: 'numeric', year: 'numeric', hour: 'numeric', minute: '2-digit' },
    ...(language === 'bn' ? { month: 'long', dayPeriod: 'short' } : { month: 'short' }),
    timeZone: 'Asia/Dhaka',
  })
    .format(new Date(instant))
    // `Intl` says "এ ১০:৫০ রাত্রি"; people say "রাত ১০:৫০".
    .replace(/ এ (\S+) (\S+?)(্রি)?$/, ', $2 $1')

/** Keeps the choice for pages whose address does not carry it, such as the one after a plain form. */
export const LANGUAGE_COOKIE = 'lang'

/** The language of a visit: what the address says, else the choice kept, else what the browser prefers, else English. */
export function languageOf(
  query: URLSearchParams,
  kept: string | undefined,
  acceptLanguage: string | undefined,
): Language {
  const asked = query.get('lang') ?? kept
  if (asked === 'en' || asked === 'bn') return asked
  const preferred = (acceptLanguage ?? '')
    .split(',')
    .map((part) => part.split(';')[0]?.trim().slice(0, 2).toLowerCase())
    .find((word) => word === 'en' || word === 'bn')
  return preferred === 'bn' ? 'bn' : 'en'
}
