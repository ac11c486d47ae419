/** One row of the problem table: the HTTP status and a title for developers. */
interface ProblemRow {
  readonly status: number
  readonly title: string
}

/** Every problem that the shop's endpoint can answer with, by its stable code (RFC 9457 bodies). */
export const PROBLEMS = {
  'invalid-request': { status: 400, title: 'The request is malformed' },
  'bad-signature': { status: 401, title: 'The notification is not signed by the gateway' },
  'cross-site': { status: 403, title: 'The request comes from another site' },
  'not-found': { status: 404, title: 'There is nothing at this address' },
  'method-not-allowed': { status: 405, title: 'This address does not take that method' },
  'already-paid': { status: 409, title: 'There is nothing to pay for this purchase' },
  'price-changed': { status: 409, title: 'The price is not the one that was shown' },
  'in-progress': { status: 409, title: 'This purchase is being worked on' },
  'too-large': { status: 413, title: 'The body is too large' },
  'unsupported-type': { status: 415, title: 'The body has an unsupported type' },
  'key-reused': { status: 422, title: 'The idempotency key was used for another order' },
  'order-refused': { status: 422, title: 'The shop does not sell this' },
  'too-many-requests': { status: 429, title: 'Too many requests' },
  internal: { status: 500, title: 'Something went wrong on our side' },
  'gateway-refused': { status: 502, title: 'The payment gateway refused the request' },
  'gateway-unavailable': { status: 503, title: 'The payment gateway cannot be reached' },
  unavailable: { status: 503, title: 'The service is busy' },
} as const satisfies Record<string, ProblemRow>

export type ProblemCode = keyof typeof PROBLEMS

/** The codes of the table, as a tuple for schemas. */
export const PROBLEM_CODES = Object.keys(PROBLEMS) as [ProblemCode, ...ProblemCode[]]

/** The `type` member of a problem body. */
export const problemType = (code: ProblemCode): string => `urn:pay-with-ipay:problem:${code}`
