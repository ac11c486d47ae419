import type { Change } from '../ledger/order.ts'

/** What happens when a member presses Pay. */
export type MemberOutcome =
  | 'pays'
  | 'pays-late'
  | 'insufficient-balance'
  | 'account-blocked'
  | 'limit-exceeded'
  | 'error'

/** A wallet in the simulator. Wallets have numbers and no names: nobody is meant by them. */
export interface Member {
  readonly number: string
  readonly outcome: MemberOutcome
}

/** Everybody's PIN. */
export const PIN = '1234'
/** How long the slow member's payment stays unknown after the buyer is back at the shop. */
export const SLOW_MS = 8000

/** The test members, as the payment page lists them. */
export const MEMBERS: readonly Member[] = [
  { number: '01700000001', outcome: 'pays' },
  { number: '01700000002', outcome: 'insufficient-balance' },
  { number: '01700000003', outcome: 'account-blocked' },
  { number: '01700000004', outcome: 'limit-exceeded' },
  { number: '01700000005', outcome: 'error' },
  { number: '01700000006', outcome: 'pays-late' },
]

/** Digits as people type them: Bangla ones, with spaces or dashes between. */
export const plainDigits = (text: string): string =>
  text.replace(/[০-৯]/g, (digit) => String(digit.charCodeAt(0) - 0x09e6)).replace(/[\s-]/g, '')

/** The member with this number, however it is typed: the country's prefix too. */
export const memberOf = (number: string): Member | undefined =>
  MEMBERS.find((member) => member.number === plainDigits(number).replace(/^\+?880(?=1)/, '0'))

/** The step that an order takes when this member presses Pay. */
export function outcomeOf(member: Member, transactionId: string): Omit<Change, 'at'> {
  switch (member.outcome) {
    case 'pays':
    case 'pays-late':
      return { state: 'paid', transactionId }
    case 'error':
      return { state: 'error' }
    default:
      return { state: 'failed', reason: member.outcome }
  }
}
