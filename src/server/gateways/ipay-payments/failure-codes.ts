import type { Reason } from '../../../contract/states.ts'

/**
 * `failure_code` → why, in the words that buyers are told and that decide whether trying again makes sense. The guides name
 * no complete list: these are the usual codes of card interfaces, and any other is `unknown`.
 */
const REASONS: Readonly<Record<string, Reason>> = {
  insufficient_funds: 'insufficient-balance',
  insufficient_balance: 'insufficient-balance',
  account_blocked: 'account-blocked',
  account_closed: 'account-blocked',
  card_blocked: 'account-blocked',
  lost_card: 'account-blocked',
  stolen_card: 'account-blocked',
  pickup_card: 'account-blocked',
  restricted_card: 'account-blocked',
  limit_exceeded: 'limit-exceeded',
  card_velocity_exceeded: 'limit-exceeded',
  withdrawal_count_limit_exceeded: 'limit-exceeded',
  card_declined: 'declined',
  declined: 'declined',
  do_not_honor: 'declined',
  expired_card: 'declined',
  fraudulent: 'declined',
  incorrect_cvc: 'declined',
  incorrect_number: 'declined',
  invalid_expiry: 'declined',
  authentication_required: 'declined',
  authentication_failed: 'declined',
  payment_method_declined: 'declined',
  processing_error: 'technical',
  issuer_not_available: 'technical',
  technical: 'technical',
  timeout: 'technical',
}

export const reasonOf = (code: unknown): Reason =>
  typeof code === 'string' && Object.hasOwn(REASONS, code) ? (REASONS[code] ?? 'unknown') : 'unknown'
