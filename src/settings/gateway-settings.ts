import * as z from 'zod'
import { isPrivateHost, plainAddress } from './addresses.ts'
import type { Secrets } from './secret-settings.ts'
import { address, hosts, oneOf } from './setting-types.ts'
import type { Variables } from './settings.ts'
import type { Fault } from './settings-rules.ts'

/** What is said about a gateway beside its address and its secrets. */
export const GATEWAY_VARIABLES = {
  IPAY_PAYMENT_HOSTS: hosts.default([]),
  IPAY_AUTH: oneOf(['basic', 'oauth', 'jwt']).optional(),
  IPAY_TOKEN_URL: address(
    plainAddress,
    'must be an address such as https://api.ipay.com/oauth/token, without query or user name',
  ).optional(),
  IPAY_TOKEN_SCOPE: z
    .string()
    .regex(/^[!#-[\]-~]+(?: [!#-[\]-~]+)*$/, 'must be words with one space between them')
    .optional(),
  IPAY_CAPTURE: oneOf(['automatic', 'manual']).optional(),
}

/** What the simulator takes for a JWT when no other was given: it looks at issuer and end, and signs nothing. */
export const SIMULATOR_JWT = [{ alg: 'HS256' }, { iss: 'simulator', exp: 4_102_444_800 }, 'simulated']
  .map((part) => Buffer.from(JSON.stringify(part)).toString('base64url'))
  .join('.')

/** The secrets that this gateway cannot do without. */
export function neededSecrets({ IPAY_GATEWAY, IPAY_AUTH }: Variables): (keyof Secrets)[] {
  const needed: (keyof Secrets)[] = ['IPAY_API_KEY']
  if (IPAY_GATEWAY === 'ipay-payments' && IPAY_AUTH !== 'jwt') needed.push('IPAY_API_SECRET')
  // Without it nobody could tell the gateway's notifications from a stranger's.
  if (IPAY_GATEWAY !== 'ipay') needed.push('IPAY_WEBHOOK_SECRET')
  return needed
}

/** The rules about what is in this file. `now`: milliseconds since 1970. */
export function gatewayFaults(values: Variables, secrets: Secrets, now: number): Fault[] {
  return [...misplaced(values), ...hostFaults(values), ...tokenUrlFaults(values), ...jwtFaults(values, secrets, now)]
}

/** A setting that would be read by nobody is a misunderstanding, and better told than ignored. */
function misplaced(values: Variables): Fault[] {
  const faults: Fault[] = []
  for (const name of ['IPAY_AUTH', 'IPAY_CAPTURE'] as const) {
    if (values[name] !== undefined && values.IPAY_GATEWAY !== 'ipay-payments')
      faults.push({
        names: [name, 'IPAY_GATEWAY'],
        sentence: `${name} belongs to the gateway ipay-payments: unset it, or change IPAY_GATEWAY.`,
      })
  }
  for (const name of ['IPAY_TOKEN_URL', 'IPAY_TOKEN_SCOPE'] as const) {
    if (values[name] !== undefined && values.IPAY_AUTH !== 'oauth')
      faults.push({
        names: [name, 'IPAY_AUTH'],
        sentence: `${name} belongs to IPAY_AUTH=oauth: unset it, or change IPAY_AUTH.`,
      })
  }
  return faults
}

function hostFaults({ IPAY_PAYMENT_HOSTS, IPAY_ENVIRONMENT }: Variables): Fault[] {
  const hidden = IPAY_PAYMENT_HOSTS.find((host) => isPrivateHost(new URL(`https://${host}`).hostname))
  if (IPAY_ENVIRONMENT !== 'production' || hidden === undefined) return []
  const sentence = `IPAY_PAYMENT_HOSTS must list hosts that buyers can reach in production, unlike ${hidden}.`
  return [{ names: ['IPAY_PAYMENT_HOSTS'], sentence }]
}

function tokenUrlFaults({ IPAY_TOKEN_URL: url, IPAY_ENVIRONMENT }: Variables): Fault[] {
  if (!url || url.protocol === 'https:') return []
  if (IPAY_ENVIRONMENT !== 'production' && isPrivateHost(url.hostname)) return []
  return [{ names: ['IPAY_TOKEN_URL'], sentence: 'IPAY_TOKEN_URL must be an https address: the secret travels to it.' }]
}

function jwtFaults({ IPAY_AUTH }: Variables, { IPAY_API_KEY }: Secrets, now: number): Fault[] {
  if (IPAY_AUTH !== 'jwt' || !IPAY_API_KEY) return []
  const names = ['IPAY_API_KEY', 'The file that IPAY_API_KEY_FILE', 'IPAY_AUTH']
  const expires = expiryOf(IPAY_API_KEY())
  if (expires === undefined)
    return [{ names, sentence: 'IPAY_API_KEY must be a signed JWT (three parts with dots) while IPAY_AUTH is jwt.' }]
  if (expires > now) return []
  const sentence =
    'IPAY_API_KEY is a JWT that has run out: put a new one there, best in a file that IPAY_API_KEY_FILE names.'
  return [{ names, sentence }]
}

/** When a JWT ends, in milliseconds since 1970; Infinity where it does not say, undefined when it is none. */
function expiryOf(text: string): number | undefined {
  const [head, claims, signature, ...more] = text.split('.')
  if (!head || !claims || !signature || more.length > 0) return undefined
  try {
    const { exp } = JSON.parse(Buffer.from(claims, 'base64url').toString('utf8'))
    return typeof exp === 'number' ? exp * 1_000 : Number.POSITIVE_INFINITY
  } catch {
    return undefined
  }
}
