import type { CrashPoint } from '../../src/server/crash-points.ts'
import { createDeliverer } from '../../src/server/payments/deliver.ts'
import type { Deps, PaidPayment, Price } from '../../src/server/payments/deps.ts'
import { createOperator, type Operator } from '../../src/server/payments/operator.ts'
import { createPaymentsService } from '../../src/server/payments/payment-service.ts'
import { createAttemptReader } from '../../src/server/payments/read-attempt.ts'
import { createReconciler } from '../../src/server/payments/reconcile.ts'
import type { PaymentsService } from '../../src/server/payments/service.ts'
import { ProblemError } from '../../src/server/problem-error.ts'
import { guardedRows } from '../../src/server/store/guarded-rows.ts'
import type { Rows, Store } from '../../src/server/store/port.ts'
import type { ScriptedGateway } from '../support/scripted-gateway.ts'
import type { SimulatedClock } from './clock.ts'
import type { Profile } from './profile.ts'
import type { Dice } from './random.ts'

/** What an instance works on, and what it tells the world. */
export interface Surroundings {
  readonly clock: SimulatedClock
  readonly gateway: ScriptedGateway
  readonly store: Store
  readonly profile: Profile
  readonly price: Price
  /** By how much the clock of a process differs from the world's, in milliseconds. */
  readonly skewMs: (name: string) => number
  /** Misfortunes are over: from now on everything works. */
  readonly isCalm: () => boolean
  readonly handle: (payment: PaidPayment, dice: Dice) => Promise<void>
  /** The gateway is being asked to open; `isAway`: the process that asks is dead or frozen. Returns the end of it. */
  readonly opening: (reference: string, isAway: () => boolean) => () => void
  readonly note: (line: string) => void
  readonly complain: (level: string, event: string, fields: Readonly<Record<string, unknown>>) => void
  readonly alarm: (kind: string, reference: string) => void
}

/** One process of the shop. */
export interface Instance {
  readonly name: string
  readonly isDead: boolean
  readonly service: PaymentsService
  readonly operator: Operator
  /** The outcome of a request to this process; rejects with ConnectionLost when the process dies first. */
  request<T>(work: (service: PaymentsService, operator: Operator) => Promise<T>): Promise<T>
  /** Dies the `nth` time that it gets to `point` from now on. */
  arm(point: CrashPoint, nth: number): void
  kill(): void
  /** Nothing of this process goes on for so long. */
  freeze(ms: number): void
  /** Background rounds that could run now: the hour at which each may, and what starts it. */
  readonly rounds: readonly { readonly at: number; readonly start: () => void }[]
}

/** The process is gone: what a caller of it sees. */
export class ConnectionLost extends Error {}
/** Thrown inside a dead process to stop whatever it was doing; nobody outside sees it. */
class Dead extends Error {}

const never = <T>() => new Promise<T>(() => {})

/** Composes the rules of the money as the kit does, around a process that can die at any moment. */
export function startInstance(name: string, dice: Dice, surroundings: Surroundings): Instance {
  const { clock, gateway, profile, isCalm, note } = surroundings
  let isDead = false
  let armed: { point: CrashPoint; left: number } | undefined
  let died: (error: Error) => void = () => {}
  const death = new Promise<never>((_resolve, reject) => {
    died = reject
  })
  death.catch(() => {})
  function kill(): void {
    if (isDead) return
    isDead = true
    note(`${name} dies`)
    died(new ConnectionLost(name))
  }
  let frozenUntil = 0
  const isFrozen = () => clock.now() < frozenUntil
  async function thawed(): Promise<void> {
    while (isFrozen()) await new Promise<void>((resolve) => clock.after(frozenUntil - clock.now(), resolve))
  }
  /** Nothing that a dead process began reaches anybody, and a frozen one hears of nothing. */
  async function unlessDead<T>(value: T): Promise<T> {
    await thawed()
    return isDead ? never<T>() : value
  }

  const parked: { at: number; start: () => void }[] = []
  const skewMs = surroundings.skewMs(name)
  const own = {
    now: () => clock.now() + skewMs,
    after(ms: number, task: () => void) {
      let cancel = () => {}
      const fire = () => {
        if (isFrozen()) cancel = clock.after(frozenUntil - clock.now(), fire)
        else if (!isDead) task()
      }
      cancel = clock.after(ms, fire)
      return () => cancel()
    },
  }
  /** The workers' pauses end when the world says so; every other timer is the clock's. */
  const background = {
    now: own.now,
    after(ms: number, task: () => void) {
      if (ms > 1_000) return own.after(ms, task)
      const round = { at: clock.now() + ms, start: task }
      parked.push(round)
      return () => {
        const index = parked.indexOf(round)
        if (index >= 0) parked.splice(index, 1)
      }
    },
  }

  const rest = (longest: number) => new Promise<void>((resolve) => clock.after(dice.int(1, longest), resolve))
  const broken = () => new ProblemError('unavailable', 'The database cannot be used at the moment', { retryAfter: 2 })
  const guard = async <R>(work: () => Promise<R>): Promise<R> => {
    if (isDead) throw new Dead()
    return work()
  }
  const store: Store = {
    ...surroundings.store,
    rows: guardedRows(surroundings.store.rows, async (work) => {
      if (isDead) return never()
      if (!isCalm() && dice.chance(profile.store / 4)) throw broken()
      return unlessDead(await work())
    }),
    async transaction<T>(work: (rows: Rows) => Promise<T>): Promise<T> {
      await thawed()
      if (isDead) return never<T>()
      if (!isCalm() && dice.chance(profile.slowStore)) await rest(40)
      const fault = !isCalm() && dice.chance(profile.store) ? dice.pick(['before', 'during', 'after'] as const) : 'none'
      if (fault === 'before') throw broken()
      const value = await surroundings.store.transaction(async (rows) => {
        const result = await work(guardedRows(rows, guard))
        if (isDead) throw new Dead()
        if (fault === 'during') throw broken()
        return result
      })
      if (!isCalm() && dice.chance(profile.slowStore)) await rest(40)
      // Committed, and the connection was lost before the answer: the caller cannot know.
      if (fault === 'after') throw broken()
      return unlessDead(value)
    },
  }

  const deps: Deps = {
    gateway: {
      ...gateway,
      async open(attempt, call) {
        if (isDead) return never()
        const end = surroundings.opening(attempt.reference, () => isDead || isFrozen())
        const outcome = await gateway.open(attempt, call)
        end()
        return unlessDead(outcome)
      },
      read: async (attempt, call) => (isDead ? never() : unlessDead(await gateway.read(attempt, call))),
    },
    store,
    clock: own,
    random: (bytes) => dice.bytes(bytes),
    telemetry: {
      log: (level, event, fields = {}) => {
        if (!isDead && (level === 'error' || level === 'warn')) surroundings.complain(level, event, fields)
      },
      alarm: (kind, { reference }) => {
        if (!isDead) surroundings.alarm(kind, reference)
      },
      count() {},
      observe() {},
    },
    reached(point) {
      if (isDead) throw new Dead()
      if (armed?.point !== point) return
      armed.left -= 1
      if (armed.left > 0) return
      note(`${name} reaches ${point}`)
      kill()
      throw new Dead()
    },
    price: surroundings.price,
    onPaid: async (payment) => (isDead ? never() : unlessDead(await surroundings.handle(payment, dice))),
    endpoint: 'https://shop.example/ipay/orders',
    urlRules: { environment: 'sandbox', paymentHosts: [], onLoopback: false },
    becamePaid: () => deliverer.wake(),
    instance: name,
  }
  const reader = createAttemptReader(deps)
  const service = createPaymentsService(deps, reader)
  const operator = createOperator(deps, reader, service)
  const inBackground = { ...deps, clock: background }
  const reconciler = createReconciler(inBackground, reader)
  const deliverer = createDeliverer(inBackground)
  reconciler.start()
  deliverer.start()

  return {
    name,
    get isDead() {
      return isDead
    },
    service,
    operator,
    request: (work) => Promise.race([work(service, operator), death]),
    arm: (point, nth) => {
      armed = { point, left: nth }
    },
    kill,
    freeze(ms) {
      frozenUntil = clock.now() + ms
      // The world goes on to this moment even when nothing else is left to happen.
      clock.after(ms, () => {})
    },
    get rounds() {
      return isDead || isFrozen() ? [] : parked
    },
  }
}
