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

/** Code → a further press can help without anybody changing something first. */
const RETRYABLE: Readonly<Record<IpayErrorCode, 0 | 1>> = {
  misconfigured: 0,
  offline: 1,
  unreachable: 1,
  timeout: 1,
  'bad-answer': 1,
  refused: 0,
  'unsafe-payment-url': 0,
  'blocked-navigation': 1,
  'invalid-request': 0,
  'bad-signature': 0,
  'cross-site': 0,
  'not-found': 0,
  'method-not-allowed': 0,
  'already-paid': 0,
  'price-changed': 1,
  'in-progress': 1,
  'too-large': 0,
  'unsupported-type': 0,
  'key-reused': 0,
  'order-refused': 0,
  'too-many-requests': 1,
  internal: 1,
  'gateway-refused': 0,
  'gateway-unavailable': 1,
  unavailable: 1,
}

/** Is this one of the codes that this version knows? */
export const isErrorCode = (code: unknown): code is IpayErrorCode =>
  typeof code === 'string' && Object.hasOwn(RETRYABLE, code)

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

  constructor(code: IpayErrorCode, { hint, cause, reference, retryAfterSeconds }: IpayErrorDetails = {}) {
    super(hint ? `${code}: ${hint}` : code, { cause })
    this.code = code
    this.retryable = !!RETRYABLE[code]
    this.reference = reference ?? null
    this.retryAfterSeconds = retryAfterSeconds ?? 0
  }
}
