import { hostname } from 'node:os'
import { ownMembers } from '../contract/own-members.ts'
import { isLoopback } from '../contract/payment-url.ts'
import { checkedEndpoint, checkedHosts, checkedRate } from './check-options.ts'
import { checkShapes } from './check-shapes.ts'
import { type Clock, systemClock } from './clock.ts'
import type { Reached } from './crash-points.ts'
import { createTelemetry } from './create-telemetry.ts'
import type { AnyGateway, Gateway, WithCancel, WithCapture, WithHistory, WithRefunds } from './gateways/port.ts'
import { createHttp } from './http/create-http.ts'
import type { CallerInfo, NotificationHandler } from './http/deps.ts'
import { signedNotifications } from './http/signed-notifications.ts'
import { createInFlight } from './in-flight.ts'
import { createDeliverer } from './payments/deliver.ts'
import type { Deps, OnPaid, Price } from './payments/deps.ts'
import { createHints } from './payments/hints.ts'
import { newId, type Random, systemRandom } from './payments/ids.ts'
import { createLiveStatus } from './payments/live-status.ts'
import { createNotifications, type Notifications } from './payments/notifications.ts'
import {
  type Capturing,
  createOperations,
  type Recounting,
  type Refunding,
  type Voiding,
} from './payments/operations/create-operations.ts'
import { createOperationFinisher } from './payments/operations/finish-operations.ts'
import { createOperationRunner } from './payments/operations/run-operation.ts'
import { createOperator, type Operator } from './payments/operator.ts'
import { createPaymentsService } from './payments/payment-service.ts'
import { createAttemptReader } from './payments/read-attempt.ts'
import { createReconciler } from './payments/reconcile.ts'
import { safeTelemetry } from './safe-telemetry.ts'
import type { Store } from './store/port.ts'
import type { Telemetry } from './telemetry.ts'

export interface PaymentsOptions<G extends Gateway = Gateway> {
  readonly gateway: G
  readonly store: Store
  /** The public address where the handler is mounted; callbacks are built from it and from nothing else. */
  readonly endpoint: URL
  /** Prices an order from the shop's own data. Throws OrderRefused for what is not sold. */
  readonly price: Price
  /** Fulfils a paid purchase: called at least once, with the payment's id as the deduplication key. */
  readonly onPaid: OnPaid
  /** Where buyers come back when a request names no place. Default `/`. */
  readonly returnTo?: string
  /** Origins of pages elsewhere that may call the endpoint. Default none. */
  readonly allowedOrigins?: readonly string[]
  /** Further exact hosts of payment pages. Default none. */
  readonly paymentHosts?: readonly string[]
  /** New attempts per client address and minute, 0 for no limit. Default 60. */
  readonly opensPerMinute?: number
  readonly clock?: Clock
  /** Default `createTelemetry()`: JSON lines on stdout. Give your own to read its counters, `silent` to hear nothing. */
  readonly telemetry?: Telemetry
  /** For tests only: called at named points. */
  readonly reached?: Reached
  /** For tests only: a seeded source of ids. */
  readonly random?: Random
}

/** The kit, mounted by `fetch`, working in the background between `start` and `stop`. */
export interface PaymentsKit extends Operator {
  fetch(request: Request, info?: CallerInfo): Promise<Response>
  /** Begins to ask about open attempts and to call the paid handler. After `stop` it takes presses again. */
  start(): void
  /**
   * Begins nothing new: presses and notifications are answered with 503 from now on, live status ends, status questions go
   * on. Resolves when what was in flight has ended, answers included. The store stays open.
   */
  stop(): Promise<void>
  /** The database answers. */
  ready(): Promise<boolean>
}

/** The kit over one gateway: what the gateway cannot do, the kit does not have either. */
export type Payments<G extends Gateway = Gateway> = PaymentsKit &
  (G extends WithRefunds ? Refunding : unknown) &
  (G extends WithCapture ? Capturing : unknown) &
  (G extends WithCancel ? Voiding : unknown) &
  (G extends WithHistory ? Recounting : unknown)

/**
 * The server kit: composes the rules of the money with a gateway, a store and the HTTP side.
 * @throws TypeError when an option cannot be right; the sentence says what to change
 */
export function createPayments<G extends Gateway>(given: PaymentsOptions<G>): Payments<G> {
  const options = ownMembers(given)
  checkShapes(options)
  const { store } = options
  const gateway: AnyGateway = options.gateway
  const endpoint = checkedEndpoint(options.endpoint, gateway.environment)
  const clock = options.clock ?? systemClock()
  const telemetry = safeTelemetry(options.telemetry ?? createTelemetry())
  const random = options.random ?? systemRandom
  const deps: Deps = {
    gateway,
    store,
    clock,
    random,
    telemetry,
    reached: options.reached ?? (() => {}),
    price: options.price,
    onPaid: options.onPaid,
    endpoint,
    urlRules: {
      environment: gateway.environment,
      paymentHosts: checkedHosts(options.paymentHosts ?? []),
      onLoopback: isLoopback(options.endpoint.hostname),
    },
    becamePaid: () => deliverer.wake(),
    instance: `${hostname()}:${newId(random)}`,
  }
  const { watch, ended } = createInFlight()
  const asked = createAttemptReader(deps)
  const reader = { ...asked, read: watch(asked.read) }
  const rules = createPaymentsService(deps, reader)
  const service = { ...rules, open: watch(rules.open) }
  const reconciler = createReconciler(deps, reader)
  const deliverer = createDeliverer(deps)
  const runner = createOperationRunner(deps, reader)
  const finisher = createOperationFinisher(deps, runner)
  const notifications = gateway.notifications && createNotifications(deps, reader, gateway.notifications)
  const hints = gateway.hints && createHints(deps, reader, gateway.hints)
  let live = createLiveStatus(deps)
  let isStopped = false
  const http = createHttp({
    payments: service,
    endpoint: new URL(endpoint),
    allowedOrigins: options.allowedOrigins ?? [],
    returnTo: options.returnTo ?? '/',
    opensPerMinute: checkedRate(options.opensPerMinute ?? 60),
    clock,
    telemetry,
    notifications: notificationRoutes(gateway, notifications),
    events: { subscribe: (token, changed) => live.subscribe(token, changed) },
  })

  const kit: PaymentsKit = {
    ...createOperator(deps, reader, service),
    fetch: watch(http),
    start() {
      if (isStopped) {
        isStopped = false
        live = createLiveStatus(deps)
        http.open()
      }
      reconciler.start()
      deliverer.start()
      finisher.start()
      hints?.start()
    },
    async stop() {
      isStopped = true
      http.close()
      live.stop()
      await Promise.all([ended(), reconciler.stop(), deliverer.stop(), finisher.stop(), hints?.stop()])
      await notifications?.idle()
    },
    async ready() {
      return store.ping().then(
        () => true,
        () => false,
      )
    },
  }
  const { refund, capture, void: cancel, events } = createOperations(deps, runner)
  const able = {
    ...kit,
    ...(gateway.refunds && { refund: watch(refund) }),
    ...(gateway.capture && { capture: watch(capture) }),
    ...(gateway.cancel && { void: watch(cancel) }),
    ...(gateway.history && { events: watch(events) }),
  }
  // The spreads above follow the gateway's members one by one, as the type does; TypeScript cannot see that by itself.
  return able as unknown as Payments<G>
}

/** The route exists only where the gateway's messages can be told from anybody's: without a secret given there is none. */
function notificationRoutes(
  { name, notifications }: AnyGateway,
  taken: Notifications | undefined,
): Readonly<Record<string, NotificationHandler>> {
  if (!notifications || !taken) return {}
  const isTaken = notifications.isTaken ?? notifications.secrets().length > 0
  if (!isTaken) return {}
  const { signatureHeader: header } = notifications
  return {
    [name]: signedNotifications({ header, secrets: () => notifications.secrets(), store: taken.store }),
  }
}
