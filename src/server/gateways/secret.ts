import type { GatewayReply } from './http-client.ts'

/** A secret, or a function that gives the present one, so that it can be rotated without a restart. */
export type Secret = string | (() => string)

/**
 * Checks that a secret was given. A function is not asked yet: its file or vault may come later.
 * @throws TypeError for a text that is not there, as of a variable that nobody set
 */
export function checkSecret(name: string, secret: Secret): void {
  if (typeof secret === 'function' || (typeof secret === 'string' && secret.trim() !== '')) return
  throw new TypeError(`${name} must be the gateway's own, or a function that gives it`)
}

/** The shop's function gave no secret. The message says which, and nothing of what was given or thrown. */
export class SecretError extends Error {
  constructor(name: string, how: 'threw' | 'gave no text') {
    super(`the function that gives ${name} ${how}`)
    this.name = 'SecretError'
  }
}

/**
 * What became of a call for which there was no secret: nothing was asked, so it is a fault like one of the network, and none
 * of the gateway's. Throws everything else again.
 */
export function unasked(error: unknown): GatewayReply {
  if (error instanceof SecretError) return { kind: 'unreachable', detail: error.message }
  throw error
}

/**
 * The present secret.
 * @throws SecretError when it throws (a file that is being replaced, a vault that is away) or gives no text
 */
export function secretText(name: string, secret: Secret): string {
  let text: unknown = secret
  try {
    if (typeof secret === 'function') text = secret()
  } catch {
    throw new SecretError(name, 'threw')
  }
  return checkedText(name, text)
}

/** @throws SecretError for what is no text, as of a variable that nobody set */
export function checkedText(name: string, text: unknown): string {
  if (typeof text !== 'string' || text.trim() === '') throw new SecretError(name, 'gave no text')
  return text
}

/** Several secrets, or a function that gives the present ones: while one is being replaced, two count. */
export type Secrets = Secret | readonly string[] | (() => readonly string[])

/** Whether there is, or may be later, a secret: a function is not asked yet. */
export const hasSecrets = (secrets: Secrets | undefined): boolean =>
  typeof secrets === 'function' || secretList(secrets ?? []).length > 0

/**
 * The secrets that count at this moment: a comma list, several texts, or a function that gives either. Empty parts do not
 * count, so that a trailing comma is no secret that everybody knows.
 */
export function secretList(secrets: Secrets): readonly string[] {
  const given = typeof secrets === 'function' ? secrets() : secrets
  const texts = typeof given === 'string' ? given.split(',') : given
  return texts.map((text) => text.trim()).filter((text) => text !== '')
}
