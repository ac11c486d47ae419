import type { PaymentStatus } from '../../contract/schemas.ts'
import type { Clock } from '../clock.ts'
import type { PaymentsService } from '../payments/service.ts'
import type { Telemetry } from '../telemetry.ts'

/** Where changes of a payment's status come from, for the live status of the events route. */
export interface LiveStatus {
  /**
   * Calls `changed` with each new status of this token, until the returned function is called. It is called soon after
   * the change was committed, never before; missing one change is harmless, because streams also read for themselves.
   */
  subscribe(token: string, changed: (status: PaymentStatus) => void): () => void
}

/** A gateway's message as it came over the wire: nothing is decoded, so that its signature can be checked. */
export interface Notification {
  readonly body: Uint8Array
  readonly headers: Headers
}

/**
 * Takes one notification of one gateway. Returning means: stored, answer 200. Throws ProblemError `bad-signature` for
 * what the gateway did not sign, `unavailable` for what should come again.
 */
export type NotificationHandler = (notification: Notification) => Promise<void>

/** What the HTTP side stands on. */
export interface HttpDeps {
  readonly payments: PaymentsService
  /** The public address of the shop's endpoint. Origins and redirects are built from it, never from a request's Host. */
  readonly endpoint: URL
  /** Origins of pages elsewhere that may call the endpoint (CORS). */
  readonly allowedOrigins: readonly string[]
  /** Where buyers come back when a request names no place: a path, or an address on an allowed origin. */
  readonly returnTo: string
  /** New attempts per client address and minute; 0 switches every rate limit off. */
  readonly opensPerMinute: number
  readonly clock: Clock
  readonly telemetry: Telemetry
  /** By the gateway's name, as it stands in the route. Left out: the route answers 404. */
  readonly notifications?: Readonly<Record<string, NotificationHandler>>
  /** Left out: the events route answers 404, and pages poll. */
  readonly events?: LiveStatus
}

/**
 * What is known about the caller beside its request. `clientAddress` is the address of the connection, or what a trusted
 * proxy said. `@hono/node-server` hands over its own bindings, whose socket is read when there is no `clientAddress`.
 */
export interface CallerInfo {
  readonly clientAddress?: string | undefined
  readonly incoming?: { readonly socket?: { readonly remoteAddress?: string | undefined } | undefined } | undefined
}

/**
 * The shop's endpoint as a function. `close` ends its open streams, and from then on presses, notifications and new streams
 * are told to come again, until `open`.
 */
export type HttpHandler = ((request: Request, info?: CallerInfo) => Promise<Response>) & { close(): void; open(): void }
