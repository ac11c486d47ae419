const MONTHS = ['Jan', 'Feb', 'Mar', 'Apr', 'May', 'Jun', 'Jul', 'Aug', 'Sep', 'Oct', 'Nov', 'Dec']
const UTC_PLUS_SIX_MS = 6 * 60 * 60 * 1000

/** An instant as the gateway writes it, in Bangladesh time (UTC+6, no daylight saving): `18 Sep 2017 12:33:39.749 BDT`. */
export function bangladeshTime(at: number): string {
  const there = new Date(at + UTC_PLUS_SIX_MS)
  const day = String(there.getUTCDate()).padStart(2, '0')
  return `${day} ${MONTHS[there.getUTCMonth()]} ${there.getUTCFullYear()} ${there.toISOString().slice(11, 23)} BDT`
}
