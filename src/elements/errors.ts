import type { ProblemCode } from '../contract/problems.ts'

/** What can go wrong in the page itself, before or without an answer of the shop. */
export type PageErrorCode =
  | 'misconfigured'
  | 'offline'
  | 'unreachable'
  | 'timeout'
  | 'bad-answer'
  | 'refused'
  | 'unsafe-payment-url'
  | 'blocked-navigation'

/** Every value of `IpayError.code`. */
export type IpayErrorCode = PageErrorCode | ProblemCode

/** Problems after which a further press can help without anybody changing something first, those of the page, and all others. */
const PASSING = /^(price-changed|in-progress|too-many-requests|internal|(gateway-)?unavailable)$/
const PASSING_IN_PAGE = /^(offline|unreachable|timeout|bad-answer|blocked-navigation)$/
const LASTING =
  /^(invalid-request|bad-signature|cross-site|not-found|method-not-allowed|already-paid|too-large|unsupported-type|key-reused|order-refused|gateway-refused)$/

/** Is this a problem of the shop's endpoint that this version knows? */
export const isProblemCode = (code: string): code is ProblemCode => PASSING.test(code) || LASTING.test(code)

/** What an error may carry besides its code. */
export interface IpayErrorDetails {
  /** For the developer's console; a buyer never sees it. */
  readonly hint?: string
  readonly cause?: unknown
  /** What the buyer can quote to the shop. */
  readonly reference?: string | null
  /** How long the shop asks to be left alone, in seconds. */
  readonly retryAfterSeconds?: number
}

/**
 * Why a payment could not be started, or its outcome not be found out. It never says that a payment failed: that is an
 * outcome (`ipay-failed`), and only the shop's status knows it.
 */
export class IpayError extends Error {
  override name = 'IpayError'
  readonly code: IpayErrorCode
  /** May the same press be tried again as it is? */
  readonly retryable: boolean
  readonly reference: string | null
  /** How long the shop asks to be left alone, in seconds; 0 when it said nothing. */
  readonly retryAfterSeconds: number

  constructor(code: IpayErrorCode, { hint, cause, reference = null, retryAfterSeconds = 0 }: IpayErrorDetails = {}) {
    super(hint ? `${code}: ${hint}` : code, { cause })
    this.code = code
    this.retryable = PASSING.test(code) || PASSING_IN_PAGE.test(code)
    this.reference = reference
    this.retryAfterSeconds = retryAfterSeconds
  }
}

/** Whatever was thrown, as one of our errors. */
export const asIpayError = (error: unknown): IpayError =>
  error instanceof IpayError ? error : new IpayError('unreachable', { cause: error })
