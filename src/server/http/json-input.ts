import type * as z from 'zod'
import { IDEMPOTENCY_KEY } from '../../contract/limits.ts'
import { type Money, parseMoney } from '../../contract/money.ts'
import { ownMembers } from '../../contract/own-members.ts'
import { OpenRequest } from '../../contract/schemas.ts'
import { ProblemError } from '../problem-error.ts'
import type { Origins } from './origins.ts'
import { checkReturnTo } from './return-to.ts'
import { isRecord, safeJson } from './safe-json.ts'

/** What an open request asks for, once it was checked; the rest of `OpenInput` comes from elsewhere. `returnTo`: null when none is named. */
export interface AskedOrder {
  readonly order: unknown
  readonly shown: Money | null
  readonly returnTo: string | null
  readonly lang: string | null
  readonly key: string | null
}

/**
 * Reads the JSON form of an open request. Members that the contract does not name are ignored; that is also what keeps
 * an `amount` or a `paid` of the browser's own invention out (OWASP ASVS 5.0, 15.3.3).
 * @throws ProblemError `invalid-request`
 */
export function readJsonInput(headers: Headers, text: string, origins: Origins): AskedOrder {
  const key = headers.get('idempotency-key')
  if (key === null) throw new ProblemError('invalid-request', 'Idempotency-Key is missing')
  if (!IDEMPOTENCY_KEY.test(key))
    throw new ProblemError('invalid-request', 'Idempotency-Key must be 8 to 64 of A-Z a-z 0-9 - _')
  const body = safeJson(text)
  if (!isRecord(body)) throw new ProblemError('invalid-request', 'the body is not an object')
  const own = (name: string) => (Object.hasOwn(body, name) ? body[name] : undefined)
  const asked = OpenRequest.safeParse({
    order: own('order'),
    shown: ownMembers(own('shown')),
    returnTo: own('returnTo'),
    lang: own('lang'),
  })
  if (!asked.success) throw new ProblemError('invalid-request', explain(asked.error))
  const { order, shown, returnTo, lang } = asked.data
  const checked = returnTo === undefined ? null : checkReturnTo(returnTo, origins)
  if (checked === undefined) throw new ProblemError('invalid-request', 'returnTo: not a path, nor on an allowed origin')
  return { order, shown: readShown(shown), returnTo: checked, lang: languageTag(lang), key }
}

function readShown(shown: OpenRequest['shown']): Money | null {
  if (shown === undefined) return null
  const money = parseMoney(shown.amount, shown.currency)
  if (!money) throw new ProblemError('invalid-request', 'shown: not an amount of its currency')
  return money
}

/** A language only chooses words: what is not shaped like a tag counts as absent. */
const languageTag = (lang: string | undefined): string | null =>
  lang !== undefined && /^[A-Za-z]{2,8}(-[A-Za-z0-9]{1,8})*$/.test(lang) ? lang : null

/** Names the first member that is wrong, and never repeats its value. */
function explain(error: z.ZodError): string {
  const issue = error.issues[0]
  const member = issue?.path[0]
  return `${typeof member === 'string' ? member : 'the body'}: not as the contract has it`
}
