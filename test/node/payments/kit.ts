import { setImmediate as turn } from 'node:timers/promises'
import { bdt, type Money } from '../../../src/contract/money.ts'
import type { PaymentStatus } from '../../../src/contract/schemas.ts'
import type { Reached } from '../../../src/server/crash-points.ts'
import { createDeliverer } from '../../../src/server/payments/deliver.ts'
import { type Deps, type OnPaid, OrderRefused, type PaidPayment } from '../../../src/server/payments/deps.ts'
import { systemRandom } from '../../../src/server/payments/ids.ts'
import { createOperator, type Operator } from '../../../src/server/payments/operator.ts'
import { createPaymentsService } from '../../../src/server/payments/payment-service.ts'
import { type AttemptReader, createAttemptReader } from '../../../src/server/payments/read-attempt.ts'
import { createReconciler } from '../../../src/server/payments/reconcile.ts'
import type { Opened, PaymentsService } from '../../../src/server/payments/service.ts'
import { ProblemError } from '../../../src/server/problem-error.ts'
import type { Store } from '../../../src/server/store/port.ts'
import { type ManualClock, manualClock } from '../../support/clock.ts'
import { type ScriptedGateway, scriptedGateway } from '../../support/scripted-gateway.ts'
import { type Busy, watchedStore } from '../../support/watched-store.ts'

/** The amount of every purchase that no test gave another price. */
export const PRICE = bdt('1250.00')

export interface PressOptions {
  readonly key?: string | null
  readonly order?: unknown
  readonly shown?: Money | null
  readonly returnTo?: string | null
  readonly lang?: string | null
}

/** The rules of the money over a store and a gateway that a test holds in its hands. */
export interface Kit {
  readonly clock: ManualClock
  readonly gateway: ScriptedGateway
  readonly store: Store
  readonly service: PaymentsService
  readonly operator: Operator
  readonly reader: AttemptReader
  /** What the shop asks for a purchase from now on; shared by twins. */
  readonly prices: Map<string, Money>
  /** Alarms in the order in which they went off. */
  readonly alarms: { readonly kind: string; readonly reference: string }[]
  /** Log lines' names and fields, and nothing else that the kit said. */
  readonly said: { readonly event: string; readonly fields: Readonly<Record<string, unknown>> }[]
  /** Every call of the paid handler that worked; shared by twins. */
  readonly handled: PaidPayment[]
  /** When each of them worked. */
  readonly handledAt: { readonly reference: string; readonly at: number }[]
  /** Presses the button of a purchase: `{cart}` is the order unless another one is given. */
  press(cart: string, options?: PressOptions): Promise<Opened>
  /** As `press`, for a press that must end in a problem: its code, token and seconds to wait. */
  refusal(cart: string, options?: PressOptions): Promise<ProblemError>
  status(token: string): Promise<PaymentStatus>
  /** The reconciler's rounds until nothing is due at this hour. */
  reconcile(): Promise<void>
  /** The deliverer's rounds until nothing is due at this hour. */
  deliver(): Promise<void>
  /** Starts reconciler and deliverer as the composed kit does; they work as the test moves the clock. */
  start(): { stop(): Promise<void> }
  /** Goes on `ms`, second by second where something is due, with the background work that falls due. */
  pass(ms: number): Promise<void>
  /** Moves the clock to each next timer until the work is done; for work that waits for nothing but the clock. */
  run<T>(work: Promise<T>): Promise<T>
  /** Another instance on the same store, gateway, clock, prices and handler. */
  twin(options?: KitOptions): Kit
}

export interface KitOptions {
  readonly onPaid?: OnPaid
  readonly reached?: Reached
  readonly store?: Store
  /** What the shop says that the buyer reads on the payment page. */
  readonly describe?: () => string
}

let made = 0

/** A kit at noon of 21 November 2026 over `store`. */
export function createKit(store: Store, options: KitOptions = {}): Kit {
  const clock = manualClock()
  const busy = { count: 0 }
  return build(watchedStore(store, busy), busy, clock, scriptedGateway({ clock }), new Map(), [], options)
}

function build(
  store: Store,
  busy: Busy,
  clock: ManualClock,
  gateway: ScriptedGateway,
  prices: Map<string, Money>,
  handled: PaidPayment[],
  options: KitOptions,
): Kit {
  const handledAt: Kit['handledAt'] = []
  const alarms: Kit['alarms'] = []
  const said: Kit['said'] = []
  made += 1
  const deps: Deps = {
    gateway,
    store,
    clock,
    random: systemRandom,
    telemetry: {
      log: (_level, event, fields = {}) => void said.push({ event, fields }),
      alarm: (kind, { reference }) => void alarms.push({ kind, reference }),
      count() {},
      observe() {},
    },
    reached: options.reached ?? (() => {}),
    price(order) {
      const cart = order !== null && typeof order === 'object' && 'cart' in order ? order.cart : undefined
      if (typeof cart !== 'string') throw new OrderRefused('There is no such cart')
      return { purchaseId: cart, amount: prices.get(cart) ?? PRICE, description: options.describe?.() ?? 'Two mugs' }
    },
    async onPaid(payment, context) {
      await options.onPaid?.(payment, context)
      handled.push(payment)
      handledAt.push({ reference: payment.reference, at: clock.now() })
    },
    endpoint: 'https://shop.example/ipay/orders',
    urlRules: { environment: 'sandbox', paymentHosts: [], onLoopback: false },
    becamePaid: () => deliverer.wake(),
    instance: `instance-${made}`,
  }
  const reader = createAttemptReader(deps)
  const service = createPaymentsService(deps, reader)
  const operator = createOperator(deps, reader, service)
  const deliverer = createDeliverer(deps)
  const request = new Request('https://shop.example/ipay/orders', { method: 'POST' })

  const press: Kit['press'] = (
    cart,
    { key = `key-of-${cart}`, order = { cart }, shown = null, returnTo = null, lang = null } = {},
  ) => service.open({ order, shown, returnTo, home: '/', lang, key, request })

  /** A worker that is started and stopped makes one round. */
  async function round(make: () => { start(): void; stop(): Promise<void> }): Promise<void> {
    const worker = make()
    worker.start()
    await run(worker.stop())
  }
  async function run<T>(work: Promise<T>): Promise<T> {
    let done = false
    work.then(
      () => {
        done = true
      },
      () => {
        done = true
      },
    )
    // Databases answer in real time: the clock only moves while none is being waited for.
    for (let idle = 0; !done; ) {
      await turn()
      idle = busy.count > 0 ? 0 : idle + 1
      if (done || idle < 5 || clock.nextInMs === undefined) continue
      await clock.advance(clock.nextInMs)
      idle = 0
    }
    return work
  }
  const due = async () => (await store.rows.dueLag(clock.now())).due

  return {
    clock,
    gateway,
    store,
    service,
    operator,
    reader,
    prices,
    alarms,
    said,
    handled,
    handledAt,
    press,
    run,
    async refusal(cart, refusalOptions) {
      try {
        await press(cart, refusalOptions)
      } catch (error) {
        if (error instanceof ProblemError) return error
        throw error
      }
      throw new Error(`the press on ${cart} was answered with an address`)
    },
    async status(token) {
      const status = await run(service.status(token))
      if (!status) throw new Error('the token is unknown')
      return status
    },
    async reconcile() {
      for (let before = Number.POSITIVE_INFINITY, now = await due(); now > 0 && now < before; now = await due()) {
        before = now
        await round(() => createReconciler(deps, reader))
      }
    },
    deliver: () => round(() => createDeliverer(deps)),
    start() {
      const reconciler = createReconciler(deps, reader)
      reconciler.start()
      deliverer.start()
      return { stop: () => run(Promise.all([reconciler.stop(), deliverer.stop()])).then(() => {}) }
    },
    async pass(ms) {
      const end = clock.now() + ms
      while (clock.now() < end) {
        await clock.advance(Math.min(5_000, end - clock.now()))
        await this.reconcile()
        await this.deliver()
      }
    },
    twin: ({ store: other, ...twinOptions } = {}) =>
      build(other ? watchedStore(other, busy) : store, busy, clock, gateway, prices, handled, {
        ...options,
        ...twinOptions,
      }),
  }
}
