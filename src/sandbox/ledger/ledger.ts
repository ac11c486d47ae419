import type { Clock } from '../clock.ts'
import type { Journal } from '../journal.ts'
import { type Call, type Change, type GatewayName, latest, type Order, type PlacedOrder } from './order.ts'

/** What the journal holds; replaying them in order gives the ledger again. */
type LedgerEvent =
  | { readonly type: 'placed'; readonly order: PlacedOrder }
  | { readonly type: 'moved'; readonly orderId: string; readonly change: Change }
  | { readonly type: 'due'; readonly orderId: string; readonly change: Change }
  | { readonly type: 'called'; readonly orderId: string | null; readonly call: Call }
  | { readonly type: 'forgotten' }

const EVENT_TYPES: readonly unknown[] = [
  'placed',
  'moved',
  'due',
  'called',
  'forgotten',
] satisfies LedgerEvent['type'][]

const isLedgerEvent = (value: unknown): value is LedgerEvent =>
  typeof value === 'object' && value !== null && 'type' in value && EVENT_TYPES.includes(value.type)

/** Told of every step at the moment it is taken or noticed (expiry is noticed when somebody looks). */
export type MoveListener = (order: Order, change: Change) => void

/** All orders of the simulators, and every call that was received. */
export class Ledger {
  readonly #clock: Clock
  readonly #journal: Journal
  readonly #orders = new Map<string, Order>()
  readonly #references = new Map<string, Order>()
  readonly #calls: Call[] = []
  readonly #listeners = new Set<MoveListener>()

  constructor(clock: Clock, journal: Journal) {
    this.#clock = clock
    this.#journal = journal
    for (const event of journal.read()) if (isLedgerEvent(event)) this.#apply(event)
  }

  now(): number {
    return this.#clock.now()
  }

  /** Adds an order, which is then in state `created`. The caller has made sure that id and reference are new. */
  place(order: PlacedOrder): Order {
    this.#record({ type: 'placed', order })
    return this.#orders.get(order.orderId) as Order
  }

  /** The order with this id, as of now. */
  byId(orderId: string): Order | undefined {
    return this.#upToDate(this.#orders.get(orderId))
  }

  /** The order that a merchant opened under this reference at this gateway, as of now. */
  byReference(gateway: GatewayName, referenceId: string): Order | undefined {
    return this.#upToDate(this.#references.get(`${gateway} ${referenceId}`))
  }

  /** Takes one step, whatever the present state: tests need steps that real life forbids. */
  move(order: Order, change: Omit<Change, 'at'>): Change {
    const taken = { ...change, at: this.now() }
    this.#record({ type: 'moved', orderId: order.orderId, change: taken })
    this.#tell(order, taken)
    return taken
  }

  /** Takes one step in `ms` milliseconds of the clock, should the order still be open or processing then. */
  moveLater(order: Order, ms: number, change: Omit<Change, 'at'>): void {
    this.#record({ type: 'due', orderId: order.orderId, change: { ...change, at: this.now() + ms } })
  }

  /** Writes a received call down, under its order where it names one. */
  called(order: Order | undefined, call: Call): void {
    this.#record({ type: 'called', orderId: order?.orderId ?? null, call })
  }

  /** Every order as of now, oldest first. */
  orders(): Order[] {
    return [...this.#orders.values()].map((order) => this.#upToDate(order) as Order)
  }

  /** Every received call, those without an order too, oldest first. */
  calls(): readonly Call[] {
    return this.#calls
  }

  /** Calls `listener` after each step from now on; returns what stops that. */
  onMove(listener: MoveListener): () => void {
    this.#listeners.add(listener)
    return () => this.#listeners.delete(listener)
  }

  /** Forgets every order and call; used references may be used again. */
  forget(): void {
    this.#record({ type: 'forgotten' })
  }

  #record(event: LedgerEvent): void {
    this.#journal.append(event)
    this.#apply(event)
  }

  #apply(event: LedgerEvent): void {
    if (event.type === 'forgotten') {
      this.#orders.clear()
      this.#references.clear()
      this.#calls.length = 0
    } else if (event.type === 'placed') {
      const order = { ...event.order, history: [{ state: 'created', at: event.order.createdAt }], calls: [], due: null }
      this.#orders.set(order.orderId, order as Order)
      this.#references.set(`${order.gateway} ${order.referenceId}`, order as Order)
    } else if (event.type === 'called') {
      this.#calls.push(event.call)
      if (event.orderId !== null) this.#orders.get(event.orderId)?.calls.push(event.call)
    } else {
      // Replay: what the clock did between two events has to happen between them again.
      const order = this.#elapsed(this.#orders.get(event.orderId), event.type === 'moved' ? event.change.at : 0)
      if (event.type === 'moved') order?.history.push(event.change)
      else if (order) order.due = event.change
    }
  }

  #upToDate(order: Order | undefined): Order | undefined {
    const known = order?.history.length ?? 0
    this.#elapsed(order, this.now())
    for (const change of order?.history.slice(known) ?? []) this.#tell(order as Order, change)
    return order
  }

  /** Lets happen what the clock alone decides: a step that was due, and expiry. */
  #elapsed(order: Order | undefined, now: number): Order | undefined {
    if (!order) return undefined
    const { due } = order
    const { state } = latest(order)
    if (due && due.at <= now && (state !== 'created' || due.at < order.expiresAt)) {
      order.due = null
      if (state === 'created' || state === 'processing') order.history.push(due)
    }
    if (now >= order.expiresAt && latest(order).state === 'created') {
      order.history.push({ state: 'expired', at: order.expiresAt })
    }
    return order
  }

  #tell(order: Order, change: Change): void {
    for (const listener of this.#listeners) listener(order, change)
  }
}
