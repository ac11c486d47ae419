import type { PaymentStatus } from '../contract/schemas.ts'

/** What an element can be in. One word at a time; also the CSS state, `:state(starting)`. */
export type ElementState =
  | 'idle'
  | 'starting'
  | 'redirecting'
  | 'unfinished'
  | 'confirming'
  | 'paid'
  | 'cancelled'
  | 'failed'
  | 'expired'
  | 'unresolved'
  | 'price-changed'
  | 'error'

/** States that have an event of their own. */
export type Outcome = 'paid' | 'cancelled' | 'failed' | 'expired' | 'unresolved'

/**
 * What can happen to an element. `press` the buyer acts · `leave` off to the payment page · `hold` an attempt is payable
 * and the buyer is still here · `ask` an attempt is known, its state is not · `tire` nobody knows, and waiting is over
 * · `reprice` the shop's price is another one · `fail` could not start or find out · `drop` nothing is remembered any more · and the
 * four outcomes that the shop's server confirmed.
 */
export type Happening =
  | 'press'
  | 'leave'
  | 'hold'
  | 'ask'
  | 'tire'
  | 'reprice'
  | 'fail'
  | 'drop'
  | 'paid'
  | 'cancelled'
  | 'failed'
  | 'expired'

const WAITING = 'starting redirecting unfinished confirming unresolved'
const ANY = `idle cancelled failed expired price-changed error ${WAITING}`

/**
 * Happening → the state it leads to, and the states it can happen in. `paid` is left by `drop` alone; once nobody knew, that
 * it is still being worked on is no news.
 */
const TABLE: Readonly<Record<Happening, readonly [to: ElementState, from: string]>> = {
  press: ['starting', 'idle unfinished cancelled failed expired price-changed error'],
  leave: ['redirecting', 'starting unfinished'],
  hold: ['unfinished', `idle price-changed error ${WAITING}`],
  ask: ['confirming', 'idle error cancelled failed expired starting redirecting unfinished'],
  tire: ['unresolved', `idle error cancelled failed expired ${WAITING}`],
  reprice: ['price-changed', 'starting'],
  fail: ['error', ANY],
  drop: ['idle', `paid ${ANY}`],
  paid: ['paid', ANY],
  cancelled: ['cancelled', ANY],
  failed: ['failed', ANY],
  expired: ['expired', ANY],
}

/** The state after a happening, or undefined when it cannot happen in that state. */
export function move(from: ElementState, happening: Happening): ElementState | undefined {
  const [to, sources] = TABLE[happening]
  return sources.split(' ').includes(from) ? to : undefined
}

/** What a status of the shop means: an outcome, something to pay, something to wait for, or nobody knows. */
export function happeningOf({ state, paymentUrl }: PaymentStatus): Happening {
  if (state === 'created') return paymentUrl ? 'hold' : 'ask'
  if (state === 'processing') return 'ask'
  return state === 'unresolved' ? 'tire' : state
}

/** Is this one of the four outcomes after which nothing is asked any more? */
export const isFinal = (state: string): boolean => /^(paid|cancelled|failed|expired)$/.test(state)

/** Is the element at work, so that a press means nothing? */
export const isBusy = (state: ElementState): boolean => /^(starting|redirecting)$/.test(state)
