import type { Reason } from '../../src/contract/states.ts'
import type { GatewayReading } from '../../src/server/gateways/port.ts'
import type { OpenBehaviour, ReadBehaviour } from '../support/scripted-gateway.ts'
import type { Dice } from './random.ts'

/** How bad a history's world is. Each history has a few kinds of misfortune and is spared the others. */
export interface Profile {
  readonly purchases: number
  readonly actions: number
  /** Probability per call to the gateway. */
  readonly network: number
  /** Probability that an answer of the gateway contradicts itself or the order. */
  readonly lies: number
  /** Probability per transaction. */
  readonly store: number
  /** Probability per step of the shop that the database answers slowly. */
  readonly slowStore: number
  /** Probability per call of the paid handler. */
  readonly handler: number
  readonly crashes: boolean
  readonly instances: number
  readonly clockJumps: boolean
  /** Single processes stop for a while and go on, as under a debugger or a busy host. */
  readonly freezes: boolean
  /** For how long the gateway takes orders beyond the end that it named. */
  readonly graceMs: number
  readonly priceChanges: boolean
  /** Orders that ended unpaid are paid all the same, hours later. Such histories last a day. */
  readonly lateSettlements: boolean
  readonly wholeDay: boolean
}

export function drawProfile(dice: Dice): Profile {
  const level = (...levels: number[]) => dice.pick(levels)
  const lateSettlements = dice.chance(0.1)
  return {
    purchases: dice.pick([1, 1, 1, 2, 3]),
    actions: dice.int(3, dice.chance(0.2) ? 40 : 14),
    network: level(0, 0, 0.05, 0.3),
    lies: level(0, 0, 0, 0, 0.1),
    store: level(0, 0, 0, 0.02, 0.15),
    slowStore: level(0, 0.3),
    handler: level(0, 0, 0.3, 0.8),
    crashes: dice.chance(0.5),
    instances: dice.pick([1, 1, 1, 2, 3]),
    clockJumps: dice.chance(0.2),
    freezes: dice.chance(0.2),
    graceMs: dice.pick([0, 0, 5_000, 90_000]),
    priceChanges: dice.chance(0.35),
    lateSettlements,
    wholeDay: lateSettlements || dice.chance(0.05),
  }
}

/** Milliseconds of the network: mostly quick, now and then longer than any deadline of ours. */
const travel = (dice: Dice, bad: boolean) => (bad && dice.chance(0.3) ? dice.int(1_000, 40_000) : dice.int(5, 400))

export function openBehaviour(dice: Dice, { network }: Profile): OpenBehaviour {
  const bad = dice.chance(network)
  const times = { requestMs: travel(dice, bad), replyMs: travel(dice, bad) }
  if (!bad) return times
  switch (dice.weighted({ slow: 3, lost: 2, unanswered: 4, twice: 2, garbage: 2, down: 2, refused: 1, unsafe: 1 })) {
    case 'slow':
      return times
    case 'lost':
      return { ...times, request: 'lost' }
    case 'unanswered':
      return { ...times, reply: 'lost' }
    case 'twice':
      return { ...times, request: 'twice' }
    case 'garbage':
      return { ...times, reply: { kind: 'unknown', detail: 'HTTP 200: the answer is not JSON' } }
    case 'down':
      return { request: 'lost', reply: 'lost', ...{ requestMs: times.requestMs } }
    case 'refused':
      // A refusal makes no order.
      return { requestMs: times.requestMs, request: 'refused', reply: { kind: 'refused', detail: 'HTTP 401' } }
    case 'unsafe':
      return {
        ...times,
        reply: (genuine) =>
          genuine.kind === 'opened' ? { ...genuine, paymentUrl: 'https://evil.example/pay' } : genuine,
      }
  }
}

type PaymentReading = Extract<GatewayReading, { kind: 'payment' }>

/** The gateway's word, bent: what a fault inside it, or a mixed-up cache, may say. Never a false "paid in full". */
function bent(dice: Dice, knowsOrder: boolean): (genuine: GatewayReading) => GatewayReading {
  const word = dice.pick(['created', 'processing', 'cancelled', 'failed', 'expired'] as const)
  const change: Partial<PaymentReading> = dice.pick<Partial<PaymentReading>>([
    { state: 'paid', reference: 'SOMEBODYELSES' },
    // Before the order's id is known, any id has to be believed.
    ...(knowsOrder ? [{ state: 'paid', orderId: 'IPAY-99999999' } as const] : []),
    { state: 'paid', amount: { minor: 1, currency: 'BDT' } },
    { state: 'unknown' },
    { state: 'error' },
    { reference: 'SOMEBODYELSES' },
    // Another one than above: told twice alike with `paid` it would be a false "paid in full".
    { orderId: 'IPAY-88888888' },
    { amount: { minor: 1, currency: 'BDT' } },
    { amount: null },
  ])
  return (genuine) => {
    if (genuine.kind !== 'payment') return genuine
    // What has ended may be told in other words; what can still be paid is never called ended.
    const hasEnded = genuine.state !== 'created' && genuine.state !== 'processing'
    return hasEnded && dice.chance(0.5) ? { ...genuine, state: word } : { ...genuine, ...change }
  }
}

export function readBehaviour(dice: Dice, { network, lies }: Profile, knowsOrder: boolean): ReadBehaviour {
  const bad = dice.chance(network)
  const times = { requestMs: travel(dice, bad), replyMs: travel(dice, bad) }
  if (dice.chance(lies)) return { ...times, reply: bent(dice, knowsOrder) }
  if (!bad) return times
  switch (dice.weighted({ slow: 3, lost: 2, unanswered: 2, down: 3 })) {
    case 'slow':
      return times
    case 'lost':
      return { ...times, request: 'lost' }
    case 'unanswered':
      return { ...times, reply: 'lost' }
    case 'down':
      return { ...times, reply: { kind: 'unreachable', detail: 'HTTP 503' } }
  }
}

export const REASONS: readonly Reason[] = ['declined', 'insufficient-balance', 'limit-exceeded', 'account-blocked']
