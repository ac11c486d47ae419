import type { PaymentStatus } from '../contract/schemas.ts'
import type { IpayError } from './errors.ts'
import type { ElementState } from './payment-state.ts'

/** Bubbles, crosses shadow roots, and carries the fields that its class names, which nobody can change. */
class IpayEvent<Fields extends object> extends Event {
  constructor(type: keyof IpayEventMap, fields: Fields) {
    super(type, { bubbles: true, composed: true, cancelable: /start|redirect/.test(type) })
    for (const [name, value] of Object.entries(fields)) Object.defineProperty(this, name, { value, enumerable: true })
  }
}

export class DelayableEvent<Fields extends object> extends IpayEvent<Fields> {
  #waits: Promise<unknown>[] = []

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
export class IpayStartEvent extends DelayableEvent<Pick<IpayStartEvent, 'order'>> {
  /** What is about to be bought, in the shop's own words. */
  declare readonly order: unknown
}

/** `ipay-redirect`: before leaving for the payment page. Cancelable; then the page navigates itself. */
export class IpayRedirectEvent extends DelayableEvent<Pick<IpayRedirectEvent, 'url' | 'payment'>> {
  /** The checked payment address. */
  declare readonly url: string
  declare readonly payment: PaymentStatus
}

/** `ipay-state`: after every change of state. */
export class IpayStateEvent extends IpayEvent<Pick<IpayStateEvent, 'state' | 'previous' | 'payment'>> {
  declare readonly state: ElementState
  declare readonly previous: ElementState
  declare readonly payment: PaymentStatus | null
}

/** `ipay-paid`, `ipay-cancelled`, `ipay-failed`, `ipay-expired`, `ipay-unresolved`: once per outcome and payment. */
export class IpayOutcomeEvent extends IpayEvent<Pick<IpayOutcomeEvent, 'payment'>> {
  /** Null only when nothing about the payment could be read (`ipay-unresolved`). */
  declare readonly payment: PaymentStatus | null
}

/** `ipay-error`: the payment could not start, or its outcome could not be found out. */
export class IpayErrorEvent extends IpayEvent<Pick<IpayErrorEvent, 'error'>> {
  declare readonly error: IpayError
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
