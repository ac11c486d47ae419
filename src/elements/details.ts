import type { PaymentStatus } from '../contract/schemas.ts'
import { formatAmount, formatInstant } from './format.ts'
import { type MessageKey, type Messages, message } from './messages.ts'

/** What a receipt says about a payment, in rows of a name and a value. */
export function detailsOf(payment: PaymentStatus, language: string, own?: Messages | null): [string, string][] {
  const { amount, currency, transactionId, reference, paidAt, refunded, release } = payment
  const text = (key: MessageKey) => message(key, language, own)
  const rows: [MessageKey, string | null | undefined][] = [
    ['amount', formatAmount(amount, currency, language)],
    ['transaction', transactionId],
    ['reference', reference],
    ['time', paidAt && formatInstant(paidAt, language)],
    ['refunded', refunded && formatAmount(refunded, currency, language)],
    ['parcel', release && [text(`r-${release.state}`), release.carrier].filter(Boolean).join(', ')],
  ]
  return rows.flatMap(([key, value]) => (value ? [[text(key), value]] : []))
}
