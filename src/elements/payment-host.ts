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
export interface PaymentHost extends HTMLElement, ShopOptions {
  /** Draws again, soon. */
  requestUpdate(): void
  readonly environment: Environment
  /** What a press would order. @throws IpayError `misconfigured` */
  offer(): Offer
  /** Fingerprint of endpoint and order; empty for a panel, which has no order. @throws IpayError `misconfigured` */
  identity(): string
  /** Token of the payment that the buyer came back from; empty when the address names none. */
  returnedToken(): string
}
