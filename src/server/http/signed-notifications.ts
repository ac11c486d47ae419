import { ProblemError } from '../problem-error.ts'
import { utf8 } from './body.ts'
import type { NotificationHandler } from './deps.ts'
import { safeJson } from './safe-json.ts'
import { isSecret, isSignedBy } from './signature.ts'

export interface SignedNotifications {
  /** The header that carries the signature, for example `ipay-signature`. */
  readonly header: string
  /** Every secret that may have signed, asked for at each message because secrets are rotated. */
  readonly secrets: () => readonly string[]
  /** Stores the event; called only for what the gateway signed. Throws `unavailable` for what should come again. */
  readonly store: (event: unknown) => Promise<void>
}

/**
 * A notification handler that looks at nothing before the signature over the raw bytes was checked. It throws ProblemError
 * `bad-signature` for what is not signed, `unavailable` while there is no secret to tell by.
 */
export function signedNotifications({ header, secrets, store }: SignedNotifications): NotificationHandler {
  return async ({ body, headers }) => {
    if (!isSignedBy(present(secrets), body, headers.get(header))) throw new ProblemError('bad-signature')
    await store(safeJson(utf8(body)))
  }
}

/**
 * What the sender can do nothing about comes again until the secret is there: nothing is lost, nothing unsigned taken. Of
 * what the shop's function threw not a word is passed on, since it may hold the secret.
 */
function present(secrets: () => readonly string[]): readonly string[] {
  let list: readonly string[] = []
  try {
    list = secrets().filter(isSecret)
  } catch {}
  if (list.length === 0) throw new ProblemError('unavailable', 'there is no webhook secret at the moment')
  return list
}
