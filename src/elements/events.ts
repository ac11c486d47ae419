import type { PaymentStatus } from '../contract/schemas.ts'
import type { IpayError } from './errors.ts'
import type { ElementState, Outcome } from './payment-state.ts'

class IpayEvent extends Event {
  constructor(type: string, fields: object, cancelable = false) {
    super(type, { bubbles: true, composed: true, cancelable })
    Object.assign(this, fields)
  }
}

class DelayableEvent extends IpayEvent {
  #waits: Promise<unknown>[] = []

  constructor(type: string, fields: object) {
    super(type, fields, true)
  }

  /** Holds the payment back until the promise settles; a rejection cancels as `preventDefault()` does. */
  waitUntil(promise: Promise<unknown>): void {
    this.#waits.push(promise)
  }

  /** @internal Resolves to false when the page prevented the event or one of its promises was rejected. */
  allowed(): Promise<boolean> {
    return Promise.all(this.defaultPrevented ? [] : this.#waits).then(
      () => !this.defaultPrevented,
      () => false,
    )
  }
}

/** `ipay-start`: before the shop is asked. Cancelable. */
export class IpayStartEvent extends DelayableEvent {
  /** What is about to be bought, in the shop's own words. */
  declare readonly order: unknown

  constructor(order: unknown) {
    super('ipay-start', { order })
  }
}

/** `ipay-redirect`: before leaving for the payment page. Cancelable; then the page navigates itself. */
export class IpayRedirectEvent extends DelayableEvent {
  /** The checked payment address. */
  declare readonly url: string
  declare readonly payment: PaymentStatus

  constructor(url: string, payment: PaymentStatus) {
    super('ipay-redirect', { url, payment })
  }
}

/** `ipay-state`: after every change of state. */
export class IpayStateEvent extends IpayEvent {
  declare readonly state: ElementState
  declare readonly previous: ElementState
  declare readonly payment: PaymentStatus | null

  constructor(state: ElementState, previous: ElementState, payment: PaymentStatus | null) {
    super('ipay-state', { state, previous, payment })
  }
}

/** `ipay-paid`, `ipay-cancelled`, `ipay-failed`, `ipay-expired`, `ipay-unresolved`: once per outcome and payment. */
export class IpayOutcomeEvent extends IpayEvent {
  /** Null only when nothing about the payment could be read (`ipay-unresolved`). */
  declare readonly payment: PaymentStatus | null

  constructor(outcome: Outcome, payment: PaymentStatus | null) {
    super(`ipay-${outcome}`, { payment })
  }
}

/** `ipay-error`: the payment could not start, or its outcome could not be found out. */
export class IpayErrorEvent extends IpayEvent {
  declare readonly error: IpayError

  constructor(error: IpayError) {
    super('ipay-error', { error })
  }
}

/** The elements' events by name. */
export interface IpayEventMap {
  'ipay-start': IpayStartEvent
  'ipay-redirect': IpayRedirectEvent
  'ipay-state': IpayStateEvent
  'ipay-paid': IpayOutcomeEvent
  'ipay-cancelled': IpayOutcomeEvent
  'ipay-failed': IpayOutcomeEvent
  'ipay-expired': IpayOutcomeEvent
  'ipay-unresolved': IpayOutcomeEvent
  'ipay-error': IpayErrorEvent
}
