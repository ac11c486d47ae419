/** What a payment can be, as the shop's server knows it. */
export const PAYMENT_STATES = ['created', 'processing', 'paid', 'cancelled', 'failed', 'expired', 'unresolved'] as const
export type PaymentState = (typeof PAYMENT_STATES)[number]

/** Why a payment failed, as far as the gateway says. */
export const REASONS = [
  'insufficient-balance',
  'account-blocked',
  'limit-exceeded',
  'declined',
  'technical',
  'unknown',
] as const
export type Reason = (typeof REASONS)[number]

/** May the buyer try again: `now`, `later`, `no` (never for this payment), `wait` (not known yet). */
export const RETRIES = ['now', 'later', 'no', 'wait'] as const
export type Retry = (typeof RETRIES)[number]

/** Which gateway's money: a simulator says `sandbox`. */
export const ENVIRONMENTS = ['production', 'sandbox'] as const
export type Environment = (typeof ENVIRONMENTS)[number]

/** States that no later question to the gateway is expected to change for the buyer. */
export const FINAL_STATES: readonly PaymentState[] = ['paid', 'cancelled', 'failed', 'expired']

/** What a buyer may do next, derived from the state alone. */
export function retryOf(state: PaymentState, reason: Reason | null): Retry {
  if (state === 'paid') return 'no'
  if (state === 'cancelled' || state === 'expired') return 'now'
  if (state === 'failed') return reason === 'limit-exceeded' || reason === 'account-blocked' ? 'later' : 'now'
  return 'wait'
}
