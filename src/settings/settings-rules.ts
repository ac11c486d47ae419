import { isLoopback } from '../contract/payment-url.ts'
import { isPrivateHost, isWithin } from './addresses.ts'
import { gatewayFaults, neededSecrets } from './gateway-settings.ts'
import type { Secrets } from './secret-settings.ts'
import type { Variables } from './settings.ts'

/** One thing that is wrong between settings: what to change, and the variables it was judged on. */
export interface Fault {
  readonly names: readonly string[]
  readonly sentence: string
}

/** What the path of our longest callback adds to the public origin; the gateway takes 512 characters in all. */
const CALLBACK_ROOM = 512 - 200

/** The rules that need more than one setting to be judged. */
export function faultsBetween(values: Variables, secrets: Secrets): Fault[] {
  return [
    ...publicUrlFaults(values),
    ...baseUrlFaults(values),
    ...secretFaults(values, secrets),
    ...gatewayFaults(values, secrets, Date.now()),
    ...testingFaults(values),
  ]
}

function publicUrlFaults({ PUBLIC_URL: url, IPAY_ENVIRONMENT, IPAY_ALLOWED_ORIGINS }: Variables): Fault[] {
  const faults: Fault[] = []
  const add = (name: string, sentence: string) => faults.push({ names: [name], sentence })
  if (url && url.origin.length > CALLBACK_ROOM)
    add('PUBLIC_URL', `PUBLIC_URL must be at most ${CALLBACK_ROOM} characters long.`)
  else if (url && IPAY_ENVIRONMENT === 'simulator' && !isLoopback(url.hostname)) {
    // Its pages are on this machine, and nobody is sent there from anywhere else: no payment could ever be opened.
    const sentence =
      'PUBLIC_URL must be on this machine (such as http://localhost:3000) while IPAY_ENVIRONMENT is simulator: unset it, or set IPAY_ENVIRONMENT to sandbox or production.'
    faults.push({ names: ['PUBLIC_URL', 'IPAY_ENVIRONMENT'], sentence })
  }
  if (IPAY_ENVIRONMENT !== 'production') return faults
  if (url?.protocol !== 'https:') add('PUBLIC_URL', 'PUBLIC_URL must be the https address of the shop in production.')
  else if (isPrivateHost(url.hostname))
    add('PUBLIC_URL', 'PUBLIC_URL must be an address that buyers can reach, not a private one.')
  if (IPAY_ALLOWED_ORIGINS.some((origin) => !origin.startsWith('https:'))) {
    add('IPAY_ALLOWED_ORIGINS', 'IPAY_ALLOWED_ORIGINS must list https origins only in production.')
  }
  return faults
}

function baseUrlFaults(values: Variables): Fault[] {
  const { IPAY_BASE_URL: url, IPAY_ENVIRONMENT: environment, IPAY_GATEWAY, PUBLIC_URL } = values
  if (!url && IPAY_GATEWAY === 'ipay-sessions' && environment === 'sandbox') {
    const sentence =
      "IPAY_BASE_URL must be set: the sandbox of payment sessions has the address that iPay's portal shows."
    return [{ names: ['IPAY_BASE_URL'], sentence }]
  }
  if (!url) return []
  const names = ['IPAY_BASE_URL', 'PUBLIC_URL', 'IPAY_ENVIRONMENT']
  const fault = (sentence: string): Fault[] => [{ names, sentence }]
  if (environment === 'simulator') {
    return isLoopback(url.hostname)
      ? []
      : fault(
          'IPAY_BASE_URL must be on this machine while IPAY_ENVIRONMENT is simulator: leave it out, or set IPAY_ENVIRONMENT to sandbox.',
        )
  }
  if (isLoopback(url.hostname)) {
    if (environment === 'production')
      return fault('IPAY_BASE_URL must be the https address of the gateway in production, not this machine.')
    return !PUBLIC_URL || isLoopback(PUBLIC_URL.hostname)
      ? []
      : fault('IPAY_BASE_URL may be on this machine only while PUBLIC_URL is on it too.')
  }
  if (url.protocol !== 'https:') return fault('IPAY_BASE_URL must be an https address: the key travels to it.')
  if (IPAY_GATEWAY !== 'ipay') return []
  if (!isWithin(url.hostname, 'ipay.com.bd')) return fault('IPAY_BASE_URL must be on ipay.com.bd for the gateway ipay.')
  const isDemo = url.hostname === 'demo.ipay.com.bd'
  if (environment === 'production' && isDemo)
    return fault('IPAY_BASE_URL names the sandbox demo.ipay.com.bd, but IPAY_ENVIRONMENT is production.')
  if (environment === 'sandbox' && !isDemo)
    return fault('IPAY_BASE_URL must be on demo.ipay.com.bd while IPAY_ENVIRONMENT is sandbox.')
  return []
}

function secretFaults(values: Variables, secrets: Secrets): Fault[] {
  const { IPAY_ENVIRONMENT, IPAY_GATEWAY } = values
  if (IPAY_ENVIRONMENT === 'simulator') return []
  return neededSecrets(values)
    .filter((name) => secrets[name] === null)
    .map((name) => ({
      names: [name, `The file that ${name}_FILE`],
      sentence: `${name} or ${name}_FILE must be set: the gateway ${IPAY_GATEWAY} needs it in ${IPAY_ENVIRONMENT}.`,
    }))
}

function testingFaults(values: Variables): Fault[] {
  const faults: Fault[] = []
  const add = (name: string, sentence: string) => faults.push({ names: [name], sentence })
  if (values.IPAY_ENVIRONMENT === 'production') {
    if (values.IPAY_CRASH_AT) add('IPAY_CRASH_AT', 'IPAY_CRASH_AT is for tests: unset it in production.')
    if (values.IPAY_CLOCK_OFFSET_MS)
      add('IPAY_CLOCK_OFFSET_MS', 'IPAY_CLOCK_OFFSET_MS is for tests: unset it in production.')
  }
  if (values.IPAY_ENVIRONMENT === 'simulator' && values.PORT === values.SIMULATOR_PORT && values.PORT !== 0) {
    add('SIMULATOR_PORT', 'SIMULATOR_PORT must differ from PORT: the simulator is another origin.')
  }
  return faults
}
