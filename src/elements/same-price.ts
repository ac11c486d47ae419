import { parseMoney } from '../contract/money.ts'
import type { Shown } from '../contract/schemas.ts'

/** The same amount of the same currency, however it is written. */
export const isSamePrice = (a: Shown, b: Shown): boolean =>
  a.currency === b.currency && parseMoney(a.amount, a.currency)?.minor === parseMoney(b.amount, b.currency)?.minor
