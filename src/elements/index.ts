/** The elements' classes, events, errors and types. Importing this registers nothing and works in Node. */
export type { OpenReply, OpenRequest, PaymentStatus, Shown } from '../contract/schemas.ts'
export type { Label, Variant } from './button-choices.ts'
export {
  type Card,
  type CardToken,
  CardTokenError,
  type CardTokenOptions,
  createCardToken,
} from './card-token.ts'
export { IpayError, type IpayErrorCode } from './errors.ts'
export {
  IpayErrorEvent,
  type IpayEventMap,
  IpayOutcomeEvent,
  IpayRedirectEvent,
  IpayStartEvent,
  IpayStateEvent,
} from './events.ts'
export { IpayButton } from './ipay-button.ts'
export { IpayResult } from './ipay-result.ts'
export type { MessageKey, Messages } from './messages.ts'
export type { ElementState, Outcome } from './payment-state.ts'
export type { CreateOrder, ReadStatus, RequestHeaders } from './shop-client.ts'
