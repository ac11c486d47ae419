import type { Money } from '../../contract/money.ts'
import type { OpenReply, PaymentStatus } from '../../contract/schemas.ts'

/** An open request whose form was checked. */
export interface OpenInput {
  /** The shop's own words, parsed from JSON (or assembled from a form). */
  readonly order: unknown
  readonly shown: Money | null
  /** A path or an allowed address, checked by `http/return-to.ts`; null when the request names none. */
  readonly returnTo: string | null
  /** Where the buyer of a payment comes back for which no request named a place. */
  readonly home: string
  readonly lang: string | null
  /** Null for a plain form, which may not carry one. */
  readonly key: string | null
  /** Handed to the shop's `price` function, which binds the purchase to its session. */
  readonly request: Request
  /**
   * Called right before a new attempt is made (again when a transaction is repeated), never for a resume: the caller's
   * rate limit on new attempts. What it throws (a ProblemError) is the answer, and nothing was opened.
   */
  readonly beforeNew?: () => Promise<void>
}

/** `created`: this request opened a new attempt (201), otherwise the live one or a replay (200). */
export interface Opened {
  readonly created: boolean
  readonly reply: OpenReply
}

/** The use cases behind the shop's endpoint. They throw ProblemError and nothing else on purpose. */
export interface PaymentsService {
  /** Opens or resumes. Answers within 15 s. */
  open(input: OpenInput): Promise<Opened>
  /** What is known about a token, asking the gateway where that is due. Undefined for an unknown token. Within 5 s. */
  status(token: string): Promise<PaymentStatus | undefined>
  /**
   * A visit of the return route: asks the gateway for at most 3 s when `ask` is set, and says where the buyer goes.
   * Undefined for an unknown token.
   */
  returned(token: string, visit: { readonly ask: boolean }): Promise<{ readonly returnTo: string } | undefined>
  /** The address that the buyer of this token came from, without asking anybody. */
  returnTo(token: string): Promise<string | undefined>
}
