const MONTHS = ['Jan', 'Feb', 'Mar', 'Apr', 'May', 'Jun', 'Jul', 'Aug', 'Sep', 'Oct', 'Nov', 'Dec']
/** Bangladesh time is six hours ahead of UTC all year; `Date.parse` knows no zone of that name. */
const OFFSET_MS = 6 * 3_600_000

/**
 * Reads `18 Sep 2017 12:33:39.749 BDT`, where BDT is Bangladesh time and not the currency.
 * @returns milliseconds since 1970, or null for anything else
 */
export function parseTransactionTime(text: unknown): number | null {
  if (typeof text !== 'string') return null
  const match = /^(\d{1,2}) ([A-Z][a-z]{2}) (\d{4}) (\d{2}):(\d{2}):(\d{2})(?:\.(\d{1,3}))? BDT$/.exec(text.trim())
  if (!match) return null
  const [day, hours, minutes, seconds] = [match[1], match[4], match[5], match[6]].map(Number) as [
    number,
    number,
    number,
    number,
  ]
  const month = MONTHS.indexOf(match[2] ?? '')
  const milliseconds = Number((match[7] ?? '0').padEnd(3, '0'))
  const instant = Date.UTC(Number(match[3]), month, day, hours, minutes, seconds, milliseconds)
  // A 31st of February would roll over into March: the parts must come out as they went in.
  const back = new Date(instant)
  const isReal = month >= 0 && back.getUTCDate() === day && back.getUTCHours() === hours
  return isReal && minutes < 60 && seconds < 60 ? instant - OFFSET_MS : null
}
