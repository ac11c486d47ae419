import { randomInt } from 'node:crypto'

const digits = (count: number) => String(randomInt(10 ** count)).padStart(count, '0')
const LETTERS = 'ABCDEFGHJKLMNPQRSTUVWXYZ'

/** An order id of the gateway's form, such as `IPAY-12345678`, for which `taken` is false. */
export function newOrderId(taken: (id: string) => boolean): string {
  for (;;) {
    const id = `IPAY-${digits(10)}`
    if (!taken(id)) return id
  }
}

/** A transaction id of the gateway's form, such as `23I2-12345678`. */
export const newTransactionId = (at: number): string => {
  const year = String(new Date(at).getUTCFullYear()).slice(-2)
  return `${year}${LETTERS[randomInt(LETTERS.length)]}${digits(1)}-${digits(8)}`
}
