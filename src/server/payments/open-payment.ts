import { ownMembers } from '../../contract/own-members.ts'
import type { GatewayReading } from '../gateways/port.ts'
import { ProblemError } from '../problem-error.ts'
import type { PaymentRow } from '../store/port.ts'
import { claimOpening, type Decision } from './claim-opening.ts'
import { pause, within } from './deadline.ts'
import { type Deps, OrderRefused, type Quote } from './deps.ts'
import { isForAnotherOrder, keyReused } from './key-use.ts'
import { openAttempt } from './open-attempt.ts'
import type { Found } from './opening-rows.ts'
import { openReply } from './payment-status.ts'
import type { AttemptReader } from './read-attempt.ts'
import type { Opening } from './record-opening.ts'
import type { Opened, OpenInput } from './service.ts'
import { storable } from './storable.ts'

/** How long a request waits for another one that is opening the same purchase before it says so. */
const WAIT_FOR_OTHER_MS = 1_000
/** Looks again at first soon, then less often: a crowd that waits must not keep the database from the one it waits for. */
const WAIT_STEP_MS = 50
const LONGEST_STEP_MS = 250
const PRICE_DEADLINE_MS = 4_000
/**
 * How long a new attempt waits for the last word on the one that ended: with the price (4 s) and the gateway's answer (8 s)
 * the request stays within its 15 s. A later answer is settled all the same.
 */
const RECHECK_MS = 2_000
/** How often the shop is asked for the price again because another request was told another one meanwhile. */
const MOST_PRICES = 3
/** For a repeat of a key, a link that was asked about this recently, and since the key's first press, needs no other question. */
const FRESH_MS = 1_000

/**
 * Opens a payment, or resumes the live attempt: priced by the shop, written before the gateway is asked, one live attempt
 * for a purchase and price.
 * @throws ProblemError for every outcome that is not an address to pay at
 */
export async function openPayment(deps: Deps, reader: AttemptReader, input: OpenInput): Promise<Opened> {
  let quote = await priceOf(deps, input)
  let isNew = true
  let repriced = 0
  /** What the gateway said of each attempt that it was asked about; undefined where it said nothing. */
  const said = new Map<string, GatewayReading | undefined>()
  let replaced = false
  for (let waited = 0; waited <= WAIT_FOR_OTHER_MS; ) {
    deps.reached('before-attempt-row')
    const decision = await deps.store.transaction((rows) =>
      claimOpening(deps, rows, input, quote, isNew, ({ id }) => said.has(id)),
    )
    isNew = decision.kind === 'reprice'
    switch (decision.kind) {
      case 'problem':
        throw decision.problem
      case 'reprice':
        // A price that changes faster than it can be asked for is the other request's to settle.
        if (++repriced > MOST_PRICES) throw underWay()
        quote = await priceOf(deps, input)
        break
      case 'open': {
        deps.reached('after-attempt-row')
        const opening = await openAttempt(deps, decision.payment, decision.attempt, decision.again)
        // Somebody on the way sent the request twice: the order is there, its address is not. Another one replaces it.
        const isReplaced = opening.kind === 'unknown' && opening.exists && !replaced
        if (!isReplaced) return await opened(deps, reader, decision.payment, opening)
        replaced = true
        break
      }
      case 'recheck': {
        // It ended by the gateway's own word: silence, or any answer but that it was paid, keeps nobody from another one.
        const { attempt } = decision
        said.set(attempt.id, await within(deps.clock, RECHECK_MS, reader.read(attempt, 'open', 0), undefined))
        break
      }
      case 'wait': {
        const step = Math.min(LONGEST_STEP_MS, Math.max(WAIT_STEP_MS, waited))
        await pause(deps.clock, step)
        waited += step
        break
      }
      default: {
        const { attempt } = decision
        if (!said.has(attempt.id)) {
          // The buyer may have paid, cancelled or run out of time since: the gateway's word before ours.
          const maxAgeMs = decision.kind === 'resume' ? Math.min(FRESH_MS, decision.keyAgeMs) : 0
          said.set(attempt.id, await reader.read(attempt, 'open', maxAgeMs))
          // Others may have learned more meanwhile, even when there was no question or no answer: decided again, once.
          break
        }
        const word = said.get(attempt.id)
        if (!mayBePaid(decision, word)) throw undecided(deps, decision, word)
        return answer(deps, false, decision)
      }
    }
  }
  throw underWay()
}

const underWay = () => new ProblemError('in-progress', 'Another request is opening this purchase', { retryAfter: 1 })

/** The answer to the request whose attempt the gateway was just asked to open. */
async function opened(deps: Deps, reader: AttemptReader, payment: PaymentRow, opening: Opening): Promise<Opened> {
  switch (opening.kind) {
    case 'opened':
      return answer(deps, true, opening)
    case 'charged':
      await reader.read(opening.attempt, 'open', 0)
      throw withoutVisit(payment)
    case 'declined':
      throw withoutVisit(payment)
    case 'superseded':
      throw new ProblemError('in-progress', 'Another request took over this purchase', { retryAfter: 1 })
    case 'refused':
      throw new ProblemError('gateway-refused', 'The gateway refused the order; the operator was told')
    case 'unsafe':
      throw unavailable('The gateway answered without a payment address that may be followed')
    case 'unknown':
      // Nobody has this attempt's address: the reconciler asks what became of it, the next press opens another.
      throw unavailable('The gateway did not answer in a way that can be trusted', opening.retryAfter, opening.detail)
  }
}

/** A decision about an attempt whose address is out. */
type Standing = Extract<Decision, { readonly kind: 'resume' | 'ask' }>

/** There is no page for the buyer to visit: what became of the payment is told by its status alone. */
const withoutVisit = ({ token }: PaymentRow) =>
  new ProblemError('already-paid', 'The gateway needs nothing from the buyer; the status says what came of it', {
    token,
  })

/** Whether the gateway's word of this moment, or else our own clock, allows a link to be handed out again. */
function mayBePaid({ kind, attempt }: Standing, said: GatewayReading | undefined): boolean {
  const isPayable = said?.kind === 'payment' && said.state === 'created'
  // Past the end that we know of the gateway's word alone counts, and it has to be one that was taken.
  if (kind === 'ask') return isPayable && attempt.state === 'created'
  // A word that was not taken, because another clock is ahead of ours, is no reason to send a buyer to a dead end.
  return isPayable || said?.kind !== 'payment'
}

/** Whether the purchase's last attempt can still be paid is not known: nothing new may be opened beside it. */
function undecided(deps: Deps, { payment, attempt }: Found, said: GatewayReading | undefined): ProblemError {
  // The gateway itself said just now that the money is on its way, or that it needs no visit.
  const isUnderWay = said?.kind === 'payment' && said.state === 'processing'
  if (isUnderWay || attempt.payment_url?.startsWith(`${deps.endpoint}/`)) return withoutVisit(payment)
  if (attempt.state !== 'unresolved') return unavailable('Whether the last attempt can still be paid is not known')
  return new ProblemError('already-paid', 'The outcome of the last attempt is not known; do not pay again', {
    token: payment.token,
  })
}

function answer(deps: Deps, created: boolean, { payment, attempt }: Found): Opened {
  const reply = openReply(payment, attempt, deps.gateway.environment, deps.clock.now())
  if (created) deps.telemetry.count('ipay_payments_total', { outcome: 'opened' })
  deps.reached('before-answer')
  return { created, reply }
}

/** @param cause for the log alone */
const unavailable = (detail: string, retryAfter = 3, cause?: string) =>
  new ProblemError(
    'gateway-unavailable',
    detail,
    { retryAfter: Math.min(Math.max(Math.ceil(retryAfter), 1), 60) },
    cause,
  )

/** Stands for a price that did not come in time: a pricing function in JavaScript may return anything else. */
const LATE = Symbol('late')

/** The shop's price, checked: a mistake in the pricing function must not become an order. */
async function priceOf(deps: Deps, input: OpenInput): Promise<Quote> {
  let quote: Quote | typeof LATE
  try {
    const pricing = Promise.resolve(deps.price(input.order, { request: input.request }))
    quote = await within(deps.clock, PRICE_DEADLINE_MS, pricing, LATE)
  } catch (error) {
    if (!(error instanceof OrderRefused)) throw error
    if (await isForAnotherOrder(deps, input)) throw keyReused()
    throw new ProblemError('order-refused', error.message, {}, error)
  }
  if (quote === LATE) {
    throw new ProblemError('unavailable', 'The shop took too long to price the order', { retryAfter: 2 })
  }
  if (!quote) throw new TypeError('price() must return a purchaseId, an amount and a description')
  const { purchaseId, amount } = quote
  if (typeof purchaseId !== 'string' || !purchaseId || purchaseId.length > 200) {
    throw new TypeError('price() must return a purchaseId of 1 to 200 characters')
  }
  // The id of a stranger's order may have got this far: a purchase that cannot be written down is none that is sold.
  if (purchaseId !== storable(purchaseId)) throw new ProblemError('order-refused', 'There is no such purchase')
  if (!Number.isSafeInteger(amount?.minor) || amount.minor <= 0 || !/^[A-Z]{3}$/.test(amount.currency)) {
    throw new TypeError('price() must return a positive amount in minor units, for example bdt("1250.00")')
  }
  const { name, currency = amount.currency } = deps.gateway
  if (amount.currency !== currency)
    throw new TypeError(`price() must return an amount in ${currency}: ${name} takes no other`)
  return ownMembers({ ...quote, description: storable(quote.description) })
}
