import { PROBLEMS, type ProblemCode } from '../contract/problems.ts'

/** Members that some problems carry beside the common ones. */
export interface ProblemExtras {
  /** Seconds for the `Retry-After` header. */
  readonly retryAfter?: number
  readonly token?: string
  readonly amount?: string
  readonly currency?: string
}

/**
 * An outcome of the shop's endpoint that is one of the contract's problems. `detail` is for developers: it never holds a
 * secret, nor anything that the gateway or the buyer wrote. Anything thrown that is not a ProblemError is `internal`.
 */
export class ProblemError extends Error {
  readonly code: ProblemCode
  readonly extras: ProblemExtras

  constructor(code: ProblemCode, detail?: string, extras: ProblemExtras = {}, cause?: unknown) {
    super(detail ?? PROBLEMS[code].title, cause === undefined ? undefined : { cause })
    this.name = 'ProblemError'
    this.code = code
    this.extras = extras
  }
}
