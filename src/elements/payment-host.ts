import type { ReactiveControllerHost } from 'lit'
import type { OpenRequest, Shown } from '../contract/schemas.ts'
import type { Environment } from '../contract/states.ts'
import type { ShopOptions } from './shop-client.ts'

/** What a press is about; goes to the shop as it is. */
export interface Offer {
  readonly order: OpenRequest['order']
  readonly shown?: Shown
  readonly returnTo?: string
  readonly lang?: string
}

/** What the flow asks of the element that it runs for. */
export interface PaymentHost extends ReactiveControllerHost, HTMLElement {
  readonly environment: Environment
  /** How to reach the shop. @throws IpayError `misconfigured` */
  shop(): ShopOptions
  /** What a press would order. @throws IpayError `misconfigured` */
  offer(): Offer
  /** Fingerprint of endpoint and order; empty while there is no order (a panel never has one). */
  identity(): string
  /** Token of the payment that the buyer came back from; empty when the address names none. */
  returnedToken(): string
}
