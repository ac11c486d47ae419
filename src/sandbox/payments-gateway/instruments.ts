import { ApiError, badField } from '../rest/api-error.ts'
import type { Fields } from '../rest/fields.ts'

export const METHOD_TYPES = ['card', 'bank_transfer', 'digital_wallet', 'buy_now_pay_later'] as const
export type MethodType = (typeof METHOD_TYPES)[number]

/** What happens when an instrument is charged. `challenge`: 3-D Secure first. `slow`: processing, then paid. */
export type ChargeOutcome =
  | 'succeeds'
  | 'challenge'
  | 'slow'
  | 'disputed'
  | 'insufficient_funds'
  | 'card_declined'
  | 'expired_card'
  | 'limit_exceeded'
  | 'account_blocked'
  | 'processing_error'

/** The part of a card that may be kept. */
export interface CardFace {
  readonly brand: string
  readonly last4: string
  readonly exp_month: number
  readonly exp_year: number
}

/** Something to pay with. Never holds a card's number or CVC. */
export interface Instrument {
  readonly type: MethodType
  readonly outcome: ChargeOutcome
  readonly card: CardFace | null
}

/** Test card numbers and what they do; any other number that passes the Luhn check succeeds. */
export const TEST_CARDS: Readonly<Record<string, ChargeOutcome>> = {
  '4242424242424242': 'succeeds',
  '5555555555554444': 'succeeds',
  '4000002500003155': 'challenge',
  '4000000000000077': 'slow',
  '4000000000000259': 'disputed',
  '4000000000000002': 'card_declined',
  '4000000000009995': 'insufficient_funds',
  '4000000000000069': 'expired_card',
  '4000000000000127': 'limit_exceeded',
  '4000000000009979': 'account_blocked',
  '4000000000000119': 'processing_error',
}

const BRANDS: readonly (readonly [RegExp, string])[] = [
  [/^4/, 'visa'],
  [/^5[1-5]/, 'mastercard'],
  [/^3[47]/, 'amex'],
]

function ofCard(number: string, month = 12, year = 2034): Instrument {
  const brand = BRANDS.find(([pattern]) => pattern.test(number))?.[1] ?? 'unknown'
  const card = { brand, last4: number.slice(-4), exp_month: month, exp_year: year }
  return { type: 'card', outcome: Object.hasOwn(TEST_CARDS, number) ? TEST_CARDS[number]! : 'succeeds', card }
}

/** Tokens that always exist, one for each test card, and one for each method that is no card. */
export const TEST_TOKENS: Readonly<Record<string, Instrument>> = {
  tok_visa: ofCard('4242424242424242'),
  tok_mastercard: ofCard('5555555555554444'),
  tok_3ds: ofCard('4000002500003155'),
  tok_slow: ofCard('4000000000000077'),
  tok_disputed: ofCard('4000000000000259'),
  tok_card_declined: ofCard('4000000000000002'),
  tok_insufficient_funds: ofCard('4000000000009995'),
  tok_expired_card: ofCard('4000000000000069'),
  tok_limit_exceeded: ofCard('4000000000000127'),
  tok_account_blocked: ofCard('4000000000009979'),
  tok_processing_error: ofCard('4000000000000119'),
  tok_bank_transfer: { type: 'bank_transfer', outcome: 'slow', card: null },
  tok_digital_wallet: { type: 'digital_wallet', outcome: 'succeeds', card: null },
  tok_buy_now_pay_later: { type: 'buy_now_pay_later', outcome: 'succeeds', card: null },
}

/** The sum rule that every card number keeps. */
function passesLuhn(number: string): boolean {
  const sum = [...number].reverse().reduce((total, digit, index) => {
    const doubled = Number(digit) * (index % 2 === 0 ? 1 : 2)
    return total + (doubled > 9 ? doubled - 9 : doubled)
  }, 0)
  return sum % 10 === 0
}

/**
 * Reads `card` of `POST /tokens`; number and CVC are looked at and dropped. Messages never repeat what was sent.
 * @throws ApiError 400 for what is no card, 402 for an expiry date in the past.
 */
export function instrumentOfCard(card: Fields, now: number): Instrument {
  const number = String(card['number'] ?? '').replace(/[ -]/g, '')
  const [month, year] = [Number(card['exp_month']), Number(card['exp_year'])]
  if (!/^\d{12,19}$/.test(number) || !passesLuhn(number)) throw badField('card.number', 'is not a card number')
  if (!/^\d{3,4}$/.test(String(card['cvc'] ?? ''))) throw badField('card.cvc', 'must be 3 or 4 digits')
  if (!Number.isInteger(month) || month < 1 || month > 12) throw badField('card.exp_month', 'must be from 1 to 12')
  if (!Number.isInteger(year) || year < 2000 || year > 2099)
    throw badField('card.exp_year', 'must be a year of four digits')
  if (Date.UTC(year, month) <= now) throw new ApiError(402, 'expired_card', 'The card has expired')
  return ofCard(number, month, year)
}
