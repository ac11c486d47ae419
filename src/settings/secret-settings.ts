import { faultOfSecret, type Secret, secretInFile } from './secret.ts'
import { splitList } from './setting-types.ts'

/** The three secrets, by the variable that holds them. */
export const SECRETS = ['IPAY_API_KEY', 'IPAY_API_SECRET', 'IPAY_WEBHOOK_SECRET'] as const
export type SecretName = (typeof SECRETS)[number]
export type Secrets = Readonly<Record<SecretName, Secret | null>>

/**
 * Told, once for each, of a changed file whose secret cannot be used: the value from before stays in force. `fault` is the end
 * of the sentence "The file …", and never repeats the secret.
 */
export type SecretRejected = (name: SecretName, fault: string) => void

/** The secrets that are set, from `NAME` or from the file that `NAME_FILE` names; what is wrong goes to `problems`. */
export function readSecrets(
  given: Readonly<Record<string, string | undefined>>,
  problems: string[],
  rejected: SecretRejected,
): Secrets {
  const secret = (name: SecretName) => readSecret(name, given, problems, rejected)
  return {
    IPAY_API_KEY: secret('IPAY_API_KEY'),
    IPAY_API_SECRET: secret('IPAY_API_SECRET'),
    IPAY_WEBHOOK_SECRET: secret('IPAY_WEBHOOK_SECRET'),
  }
}

/** Null when neither form is set, or its fault was noted. */
function readSecret(
  name: SecretName,
  given: Readonly<Record<string, string | undefined>>,
  problems: string[],
  rejected: SecretRejected,
): Secret | null {
  const text = given[name]
  const path = given[`${name}_FILE`]
  if (text !== undefined && path !== undefined) {
    problems.push(`${name} and ${name}_FILE are both set: keep one of them.`)
    return null
  }
  if (text === undefined && path === undefined) return null
  try {
    const faultIn = (value: string) => partsOf(name, value).map(faultOfSecret).find(Boolean)
    const secret = path === undefined ? () => text ?? '' : secretInFile(path, faultIn, (fault) => rejected(name, fault))
    const fault = faultIn(secret())
    if (fault === undefined) return secret
    problems.push(
      `${path === undefined ? name : `The file that ${name}_FILE names`} ${fault}: put the gateway's own value there.`,
    )
  } catch {
    problems.push(`${name}_FILE must name a file that this process can read.`)
  }
  return null
}

/** While one webhook secret is replaced by the next, both stand there, with a comma between them. */
const partsOf = (name: SecretName, text: string): string[] =>
  name === 'IPAY_WEBHOOK_SECRET' ? splitList(text) : [text]
