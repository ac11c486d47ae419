import type { PaymentStatus, Shown } from '../contract/schemas.ts'
import { formatAmount } from './format.ts'
import { hasMessage, type MessageKey, type Messages, message } from './messages.ts'
import type { ElementState } from './payment-state.ts'

/** What there is to tell. */
export interface Facts {
  readonly state: ElementState
  readonly payment?: PaymentStatus | null
  readonly error?: { readonly code: string } | null
  readonly slow?: boolean
  /** The shop's price, and the one that the buyer saw. */
  readonly price?: Shown | null
  readonly shown?: Shown | undefined
}

/** What a buyer is told about a state, in plain words; empty in `idle`. */
export function storyOf(facts: Facts, language: string, own?: Messages | null): string {
  const { state, payment, error, slow, price, shown } = facts
  const amount = (money: Shown | null | undefined) =>
    money ? formatAmount(money.amount, money.currency, language) : ''
  let key: string = slow && state === 'starting' ? 'slow' : state
  if (state === 'idle') return ''
  if (state === 'error') key = errorText(error?.code ?? state)
  if (state === 'failed' && hasMessage(payment?.reason ?? '')) key = payment?.reason ?? key
  if (state === 'paid' && payment && payment.refunded === payment.amount) key = 'all-back'
  const told = message(key as MessageKey, language, own, { amount: amount(price), shown: amount(shown) })
  return slow && state === 'confirming' ? `${told} ${message('slow', language, own)}` : told
}

/** The text for an error code; codes that a buyer cannot do anything about share one. */
function errorText(code: string): string {
  if (/unavailable$|^internal$|^in-progress$/.test(code)) return 'busy'
  // A new price that was not said cannot be told.
  return hasMessage(code) && code !== 'price-changed' ? code : 'error'
}
