import type { PaymentsAuth } from '../server/index.ts'
import type { Settings } from './settings.ts'

/**
 * How the Payments API is told who asks, in the way that the settings name. The secrets are functions: a file that changes
 * counts without a restart.
 */
export function paymentsAuth({ auth, apiKey, apiSecret, tokenUrl, tokenScope }: Settings): PaymentsAuth {
  // Only the simulator is asked without a secret, and takes any.
  const secret = apiSecret ?? 'simulator-secret'
  if (auth === 'jwt') return { kind: 'jwt', token: apiKey }
  if (auth === 'basic') return { kind: 'basic', apiKey, apiSecret: secret }
  return {
    kind: 'oauth',
    clientId: apiKey,
    clientSecret: secret,
    ...(tokenUrl !== null && { tokenUrl }),
    ...(tokenScope !== null && { scope: tokenScope }),
  }
}
