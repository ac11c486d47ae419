import type { Money } from '../../src/contract/money.ts'
import type { Environment, Reason } from '../../src/contract/states.ts'
import type { Clock } from '../../src/server/clock.ts'
import type {
  AttemptToOpen,
  AttemptToRead,
  Gateway,
  GatewayCall,
  GatewayReading,
  OpenOutcome,
} from '../../src/server/gateways/port.ts'

/** How long an order can be paid, as at the order gateway. */
const ORDER_LIFE_MS = 15 * 60_000

export type OrderState = 'created' | 'processing' | 'paid' | 'cancelled' | 'failed' | 'expired' | 'error'

/** One order in the gateway's own books. */
export interface ScriptedOrder {
  readonly orderId: string
  readonly reference: string
  readonly amount: Money
  readonly paymentUrl: string
  readonly createdAt: number
  readonly expiresAt: number
  state: OrderState
  reason: Reason | null
  transactionId: string | null
  paidAt: number | null
  /** When it was paid, or ended otherwise; null while it can still be paid. */
  endedAt: number | null
}

/** What the network and the gateway do with one call. Times in milliseconds of the clock; default 0 and genuine. */
export interface Behaviour<Answer> {
  /**
   * On the way there: it arrives, is lost, arrives twice (somebody sent it again), or is turned away at the door (an answer
   * without any effect on the books).
   */
  readonly request?: 'arrives' | 'lost' | 'twice' | 'refused'
  readonly requestMs?: number
  /** On the way back: the real answer, none, or another one. */
  readonly reply?: 'genuine' | 'lost' | Answer | ((genuine: Answer) => Answer)
  readonly replyMs?: number
}

export type OpenBehaviour = Behaviour<OpenOutcome>
export type ReadBehaviour = Behaviour<GatewayReading>

/** One question that reached, or should have reached, the gateway. */
export interface ScriptedCall {
  readonly kind: 'open' | 'read'
  readonly reference: string
  readonly at: number
}

/** A gateway in this process: its own ledger, the clock of the test, and any misfortune that the test asks for. */
export interface ScriptedGateway extends Gateway {
  readonly orders: readonly ScriptedOrder[]
  readonly calls: readonly ScriptedCall[]
  /** What every call meets; replaced by a test or a simulation. */
  behave: {
    open(attempt: AttemptToOpen): OpenBehaviour
    read(attempt: AttemptToRead): ReadBehaviour
  }
  /** The next calls of this kind meet these, one after the other, before `behave` is asked again. */
  onOpen(...behaviours: OpenBehaviour[]): void
  onRead(...behaviours: ReadBehaviour[]): void
  /** The order of a reference (or of a payment address) as it is now; throws when there is none. */
  order(of: string): ScriptedOrder
  /** Can somebody who has its address pay it at this moment? */
  isPayable(order: ScriptedOrder): boolean
  /**
   * What the buyer, the bank or time does to an order: false when its state does not allow that. `force` does it all the
   * same, as a late settlement does.
   */
  move(order: ScriptedOrder, to: OrderState, how?: { readonly reason?: Reason; readonly force?: boolean }): boolean
}

export interface ScriptedGatewayOptions {
  readonly clock: Clock
  /** The gateway takes orders for this much longer than it says; default 0. */
  readonly graceMs?: number
  /** Default `sandbox`. */
  readonly environment?: Environment
}

export function scriptedGateway({
  clock,
  graceMs = 0,
  environment = 'sandbox',
}: ScriptedGatewayOptions): ScriptedGateway {
  const orders: ScriptedOrder[] = []
  const byReference = new Map<string, ScriptedOrder>()
  const calls: ScriptedCall[] = []
  const scripted: { open: OpenBehaviour[]; read: ReadBehaviour[] } = { open: [], read: [] }

  /** Time expires what nobody paid. */
  function current(order: ScriptedOrder): ScriptedOrder {
    if (order.state === 'created' && clock.now() >= order.expiresAt + graceMs) {
      order.state = 'expired'
      order.endedAt = order.expiresAt + graceMs
    }
    return order
  }

  function create(attempt: AttemptToOpen): OpenOutcome {
    if (byReference.has(attempt.reference)) {
      return { kind: 'unknown', detail: 'HTTP 409: already been used', exists: true }
    }
    const orderId = `IPAY-${10_000_000 + orders.length}`
    const order: ScriptedOrder = {
      orderId,
      reference: attempt.reference,
      amount: attempt.amount,
      paymentUrl: `https://demo.ipay.com.bd/pay/${orderId}`,
      createdAt: clock.now(),
      expiresAt: clock.now() + ORDER_LIFE_MS,
      state: 'created',
      reason: null,
      transactionId: null,
      paidAt: null,
      endedAt: null,
    }
    orders.push(order)
    byReference.set(order.reference, order)
    return { kind: 'opened', orderId, paymentUrl: order.paymentUrl, expiresAt: order.expiresAt }
  }

  function word(reference: string): GatewayReading {
    const found = byReference.get(reference)
    if (!found) return { kind: 'absent', raw: 'HTTP 404' }
    const { orderId, state, amount, reason, transactionId, paidAt } = current(found)
    const raw = JSON.stringify({ state, orderId, transactionId })
    return { kind: 'payment', state, orderId, reference, amount, reason, transactionId, paidAt, raw }
  }

  /** One call through the network: `act` is what the gateway does when it arrives, `late` what a deadline makes of it. */
  function through<T>(behaviour: Behaviour<T>, act: () => T, late: T, call: GatewayCall): Promise<T> {
    const { request = 'arrives', requestMs = 0, reply = 'genuine', replyMs = 0 } = behaviour
    return new Promise<T>((resolve, reject) => {
      const gone = () => resolve(late)
      if (call.signal.aborted) return gone()
      call.signal.addEventListener('abort', gone, { once: true })
      if (request === 'lost') return
      const arrive = () => {
        const first = request === 'refused' ? late : act()
        const genuine = request === 'twice' ? act() : first
        if (call.signal.aborted || reply === 'lost') return
        const answer = reply === 'genuine' ? genuine : reply instanceof Function ? reply(genuine) : reply
        const deliver = () => {
          try {
            // A deadline that passed meanwhile has answered already.
            if (!call.signal.aborted && request !== 'refused') call.accepted?.()
            resolve(answer)
          } catch (error) {
            reject(error)
          }
        }
        if (replyMs > 0) clock.after(replyMs, deliver)
        else deliver()
      }
      if (requestMs > 0) clock.after(requestMs, arrive)
      else arrive()
    })
  }

  return {
    name: 'scripted',
    environment,
    orders,
    calls,
    behave: { open: () => ({}), read: () => ({}) },
    onOpen: (...behaviours) => void scripted.open.push(...behaviours),
    onRead: (...behaviours) => void scripted.read.push(...behaviours),
    open(attempt, call) {
      calls.push({ kind: 'open', reference: attempt.reference, at: clock.now() })
      const behaviour = scripted.open.shift() ?? this.behave.open(attempt)
      return through(behaviour, () => create(attempt), { kind: 'unknown', detail: 'timeout' }, call)
    },
    read(attempt, call) {
      calls.push({ kind: 'read', reference: attempt.reference, at: clock.now() })
      const behaviour = scripted.read.shift() ?? this.behave.read(attempt)
      return through(behaviour, () => word(attempt.reference), { kind: 'unreachable', detail: 'timeout' }, call)
    },
    order(of) {
      const found = byReference.get(of) ?? orders.find((order) => order.paymentUrl === of)
      if (!found) throw new Error(`the gateway has no order ${of}`)
      return current(found)
    },
    isPayable: (order) => ['created', 'processing'].includes(current(order).state),
    move(order, to, { reason, force = false } = {}) {
      if (!force && !['created', 'processing'].includes(current(order).state)) return false
      order.state = to
      if (to !== 'created' && to !== 'processing') order.endedAt ??= clock.now()
      order.reason = to === 'failed' ? (reason ?? 'declined') : null
      if (to === 'paid') {
        order.transactionId = `23I2-${order.orderId.slice(5)}`
        order.paidAt = clock.now()
      }
      return true
    },
  }
}
