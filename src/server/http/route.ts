import { ProblemError } from '../problem-error.ts'
import type { CallerInfo, HttpDeps } from './deps.ts'
import type { Origins } from './origins.ts'
import type { RateLimits } from './rate-limits.ts'

/** What every route works with: the dependencies, and what was made of them once. */
export interface Kit extends HttpDeps {
  readonly origins: Origins
  readonly limits: RateLimits
}

/** One request at its route. */
export interface Visit {
  readonly request: Request
  readonly info: CallerInfo | undefined
  /** Parts of the path by their names in the pattern, decoded. */
  param(name: string): string
}

/** One address below the endpoint, what may be asked there, and how it is answered. */
export interface Route {
  /** The label in metrics and log lines. */
  readonly name: 'open' | 'status' | 'events' | 'return' | 'notification'
  readonly path: string
  readonly methods: readonly string[]
  /**
   * `own-pages`: only our and allowed origins, with CORS. `anybody`: a navigation from the gateway, or a server; there
   * the request proves nothing and is not asked to.
   */
  readonly callers: 'own-pages' | 'anybody'
  answer(visit: Visit): Promise<Response>
}

/** What is answered while the process ends: whoever comes again in a moment meets its successor. */
export const stopping = () => new ProblemError('unavailable', 'the service is stopping', { retryAfter: 5 })
