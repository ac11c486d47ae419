import { ProblemError } from '../problem-error.ts'
import { isKnownOrigin, type Origins } from './origins.ts'

/**
 * Refuses what another site's page sent (OWASP ASVS 5.0, 3.5.1 to 3.5.3). Browsers write both headers themselves, a page
 * cannot forge them; programs send neither and are let through, since they carry no buyer's cookies by accident.
 * An allowed origin is cross-site by nature, so its `Origin` speaks before `Sec-Fetch-Site`.
 * @throws ProblemError `cross-site`
 */
export function refuseCrossSite(headers: Headers, origins: Origins): void {
  const origin = headers.get('origin')
  const site = headers.get('sec-fetch-site')
  if (origin !== null && origins.allowed.has(origin)) return
  if (origin !== null && !isKnownOrigin(origins, origin)) throw new ProblemError('cross-site', 'Origin is not allowed')
  if (site === 'cross-site' || site === 'same-site') throw new ProblemError('cross-site', `Sec-Fetch-Site is ${site}`)
}
