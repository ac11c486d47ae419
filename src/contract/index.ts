/** The words that page and server share. */
export { canonicalJson } from './canonical-json.ts'
export { IDEMPOTENCY_KEY, MAX_BODY_BYTES, MAX_PAYMENT_URL_LENGTH, TOKEN_PARAMETER } from './limits.ts'
export { bdt, currencyDigits, type Money, money, moneyText, parseMoney, sameMoney } from './money.ts'
export { openApiDocument } from './openapi.ts'
export { isLoopback, type PaymentUrlRules, paymentUrl } from './payment-url.ts'
export { PROBLEM_CODES, PROBLEMS, type ProblemCode, problemType } from './problems.ts'
export { OpenReply, OpenRequest, PaymentStatus, Problem, Release, Shown } from './schemas.ts'
export {
  ENVIRONMENTS,
  type Environment,
  FINAL_STATES,
  PAYMENT_STATES,
  type PaymentState,
  REASONS,
  RETRIES,
  type Reason,
  type Retry,
  retryOf,
} from './states.ts'
