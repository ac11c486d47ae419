/** The server kit: what a shop's Node server mounts. */
export { bdt, type Money, money, moneyText, parseMoney } from '../contract/money.ts'
export { type Clock, systemClock } from './clock.ts'
export { CRASH_POINTS, type CrashPoint, type Reached } from './crash-points.ts'
export { createPayments, type Payments, type PaymentsKit, type PaymentsOptions } from './create-payments.ts'
export { IPAY_BASE_URLS, type IpayGatewayOptions, ipayGateway } from './gateways/ipay/ipay-gateway.ts'
export { ASSUMED_STATUS_CODES, parseStatusCodes, type StatusCodes } from './gateways/ipay/status-codes.ts'
export type {
  AttemptToOpen,
  AttemptToRead,
  Gateway,
  GatewayCall,
  GatewayReading,
  GatewayState,
  OpenOutcome,
} from './gateways/port.ts'
export type { CallerInfo } from './http/deps.ts'
export { type OnPaid, OrderRefused, type PaidPayment, type Price, type Quote } from './payments/deps.ts'
export type { Flagged, Operator, PaymentRecord } from './payments/operator.ts'
export { openStore } from './store/open-store.ts'
export type { Store } from './store/port.ts'
export type { KyselyStore } from './store/sqlite-store.ts'
export { silent, type Telemetry } from './telemetry.ts'
