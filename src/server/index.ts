/** The server kit: what a shop's Node server mounts. */
export { bdt, type Money, money, moneyText, parseMoney } from '../contract/money.ts'
export { type Clock, systemClock } from './clock.ts'
export { CRASH_POINTS, type CrashPoint, type Reached } from './crash-points.ts'
export { createPayments, type Payments, type PaymentsKit, type PaymentsOptions } from './create-payments.ts'
export { createTelemetry } from './create-telemetry.ts'
export type { Customers, NewCustomer, SavedMethod, WriteOptions } from './gateways/customers.ts'
export { GatewayError } from './gateways/gateway-error.ts'
export { IPAY_BASE_URLS, type IpayGatewayOptions, ipayGateway } from './gateways/ipay/ipay-gateway.ts'
export { ASSUMED_STATUS_CODES, parseStatusCodes, type StatusCodes } from './gateways/ipay/status-codes.ts'
export type { PaymentsAuth } from './gateways/ipay-payments/authorizer.ts'
export {
  IPAY_PAYMENTS_BASE_URLS,
  type IpayPaymentsGateway,
  type IpayPaymentsOptions,
  ipayPaymentsGateway,
} from './gateways/ipay-payments/ipay-payments-gateway.ts'
export {
  IPAY_SESSIONS_BASE_URL,
  type IpaySessionsGateway,
  type IpaySessionsOptions,
  ipaySessionsGateway,
} from './gateways/ipay-sessions/ipay-sessions-gateway.ts'
export type { OrderDetails } from './gateways/ipay-sessions/order-details.ts'
export {
  HANDOVERS,
  type Handover,
  type ImportedOrder,
  type NewOrder,
  type Orders,
} from './gateways/ipay-sessions/orders.ts'
export { type ParcelReturn, RETURN_REASONS, type ReturnReason, type Returns } from './gateways/ipay-sessions/returns.ts'
export {
  type AnyGateway,
  type AttemptToOpen,
  type AttemptToRead,
  type Gateway,
  type GatewayCall,
  type GatewayReading,
  type GatewayState,
  type HistoryEntry,
  type OpenOutcome,
  type Payer,
  REFUND_REASONS,
  type RefundReason,
  type WithCancel,
  type WithCapture,
  type WithCustomers,
  type WithHints,
  type WithHistory,
  type WithNotifications,
  type WithRefunds,
} from './gateways/port.ts'
export type { Secret } from './gateways/secret.ts'
export type { CallerInfo } from './http/deps.ts'
export { type OnPaid, OrderRefused, type PaidPayment, type Price, type Quote } from './payments/deps.ts'
export type {
  Capturing,
  Recounting,
  Refunding,
  RefundRequest,
  Voiding,
} from './payments/operations/create-operations.ts'
export { OperationError, type OperationResult, type Target } from './payments/operations/operation.ts'
export type { Flagged, Operator, PaymentRecord } from './payments/operator.ts'
export { openStore } from './store/open-store.ts'
export type { Store } from './store/port.ts'
export type { KyselyStore } from './store/sqlite-store.ts'
export { silent, type Telemetry } from './telemetry.ts'
