import { randomUUID } from 'node:crypto'
import { PROBLEMS, type ProblemCode, problemType } from '../../contract/problems.ts'
import type { Problem } from '../../contract/schemas.ts'
import { ProblemError } from '../problem-error.ts'
import type { Telemetry } from '../telemetry.ts'

/** Seconds to wait for problems that pass by themselves, when whoever threw one did not say. */
const RETRY_AFTER: Partial<Record<ProblemCode, number>> = {
  'in-progress': 2,
  'too-many-requests': 60,
  'gateway-unavailable': 5,
  unavailable: 5,
}

/** A problem that has got its incident id and was logged: ready to be written down for a program or for a person. */
export interface Incident {
  readonly problem: Problem
  readonly headers: Headers
}

/**
 * Turns whatever was thrown into one of the contract's problems. Anything but a ProblemError is `internal`: the log gets
 * the error, the answer gets the incident id and not a word of the error's text (OWASP ASVS 5.0, 16.5.1).
 */
export function toIncident(thrown: unknown, route: string, telemetry: Telemetry): Incident {
  const error = thrown instanceof ProblemError ? thrown : new ProblemError('internal', undefined, {}, thrown)
  const { status, title } = PROBLEMS[error.code]
  const { token, amount, currency, retryAfter } = error.extras
  const instance = `urn:uuid:${randomUUID()}`
  const problem: Problem = {
    type: problemType(error.code),
    title,
    status,
    code: error.code,
    instance,
    ...(error.message !== title && { detail: error.message }),
    ...(token !== undefined && { token }),
    ...(amount !== undefined && { amount }),
    ...(currency !== undefined && { currency }),
  }
  const fields = { code: error.code, status, route, instance, detail: error.message }
  if (status >= 500) telemetry.log('error', 'request-failed', { ...fields, cause: error.cause })
  else telemetry.log('info', 'request-refused', fields)
  return { problem, headers: headersOf(error.code, retryAfter) }
}

function headersOf(code: ProblemCode, retryAfter: number | undefined): Headers {
  const headers = new Headers()
  const seconds = retryAfter ?? RETRY_AFTER[code]
  if (seconds !== undefined) headers.set('Retry-After', String(Math.max(1, Math.ceil(seconds))))
  // RFC 9110, 15.5.2: a 401 names the scheme that it wants.
  if (code === 'bad-signature') headers.set('WWW-Authenticate', 'HMAC-SHA256')
  return headers
}

/** The incident as RFC 9457 JSON. */
export function problemResponse({ problem, headers }: Incident): Response {
  headers.set('Content-Type', 'application/problem+json')
  return new Response(JSON.stringify(problem), { status: problem.status, headers })
}
