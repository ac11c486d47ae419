import { ProblemError } from '../problem-error.ts'
import { utf8 } from './body.ts'
import type { NotificationHandler } from './deps.ts'
import { safeJson } from './safe-json.ts'
import { assertSecrets, isSignedBy } from './signature.ts'

export interface SignedNotifications {
  /** The header that carries the signature, for example `ipay-signature`. */
  readonly header: string
  /** Every secret that may have signed, asked for at each message because secrets are rotated. */
  readonly secrets: () => readonly string[]
  /** Stores the event; called only for what the gateway signed. Throws `unavailable` for what should come again. */
  readonly store: (event: unknown) => Promise<void>
}

/**
 * A notification handler that looks at nothing before the signature over the raw bytes was checked.
 * @throws TypeError at once when no secret is configured; later, ProblemError `bad-signature` for what is not signed
 */
export function signedNotifications({ header, secrets, store }: SignedNotifications): NotificationHandler {
  assertSecrets(secrets())
  return async ({ body, headers }) => {
    if (!isSignedBy(secrets(), body, headers.get(header))) throw new ProblemError('bad-signature')
    await store(safeJson(utf8(body)))
  }
}
