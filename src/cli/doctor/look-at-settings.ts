import { readFileSync } from 'node:fs'
import { isLoopback } from '../../contract/payment-url.ts'
import { about, type Finding, reasonOf, type Variables } from './finding.ts'

const GATEWAYS = ['ipay', 'ipay-payments', 'ipay-sessions'] as const
export type GatewayName = (typeof GATEWAYS)[number]
const ENVIRONMENTS = ['simulator', 'sandbox', 'production'] as const
export type EnvironmentName = (typeof ENVIRONMENTS)[number]

/** The variable with this name, or what it is without one; undefined for a word that means nothing. */
export const gatewayOf = ({ IPAY_GATEWAY: word = 'ipay' }: Variables) => GATEWAYS.find((name) => name === word)
export const environmentOf = ({ IPAY_ENVIRONMENT: word = 'simulator' }: Variables) =>
  ENVIRONMENTS.find((name) => name === word)

/** A secret from `NAME` or the file that `NAME_FILE` names; null when there is none. Throws when the file cannot be read. */
export function secretOf(variables: Variables, name: string): string | null {
  const path = variables[`${name}_FILE`]
  const text = variables[name] ?? (path ? readFileSync(path, 'utf8').replace(/\r?\n$/, '') : '')
  return text === '' ? null : text
}

/** Are the words of the settings ones that the kit knows, is every secret there, and is the shop's address one for buyers? */
export function lookAtSettings(variables: Variables): Finding[] {
  return [...words(variables), ...secrets(variables), publicAddress(variables)]
}

function words(variables: Variables): Finding[] {
  const [gateway, environment] = [gatewayOf(variables), environmentOf(variables)]
  return [
    gateway
      ? about('gateway').ok(gateway)
      : about('gateway').wrong(`IPAY_GATEWAY has to be one of ${GATEWAYS.join(', ')}.`),
    environment
      ? about('environment').ok(environment)
      : about('environment').wrong(`IPAY_ENVIRONMENT has to be one of ${ENVIRONMENTS.join(', ')}.`),
  ]
}

const NEEDED: Readonly<Record<GatewayName, readonly string[]>> = {
  ipay: ['IPAY_API_KEY'],
  'ipay-payments': ['IPAY_API_KEY', 'IPAY_API_SECRET', 'IPAY_WEBHOOK_SECRET'],
  'ipay-sessions': ['IPAY_API_KEY', 'IPAY_WEBHOOK_SECRET'],
}

function secrets(variables: Variables): Finding[] {
  if (environmentOf(variables) === 'simulator') return [about('secrets').skipped('The simulator takes any key.')]
  return NEEDED[gatewayOf(variables) ?? 'ipay'].map((name) => {
    try {
      const secret = secretOf(variables, name)
      if (secret === null) return about(name).wrong(`Set ${name}, or ${name}_FILE to a file that holds it.`)
      return /^[!-~]+$/.test(secret)
        ? about(name).ok(`${secret.length} characters`)
        : about(name).wrong(`${name} holds spaces, line breaks or letters that cannot travel in a header.`)
    } catch (error) {
      return about(name).wrong(`The file that ${name}_FILE names cannot be read: ${reasonOf(error)}.`)
    }
  })
}

function publicAddress(variables: Variables): Finding {
  const { ok, wrong } = about('PUBLIC_URL')
  const text = variables['PUBLIC_URL']
  const production = environmentOf(variables) === 'production'
  if (!text)
    return production ? wrong('Set PUBLIC_URL to the https address of the shop.') : ok('the default, on this machine')
  const url = URL.parse(text)
  if (!url || !/^https?:$/.test(url.protocol)) return wrong(`"${text}" is not a web address.`)
  if (url.pathname !== '/' || url.search || url.hash || url.username)
    return wrong('Give the origin only: no path, query or user.')
  if (production && url.protocol !== 'https:') return wrong('It has to be https in production.')
  if (production && isLoopback(url.hostname)) return wrong('Buyers cannot reach this machine by that name.')
  return ok(url.origin)
}
