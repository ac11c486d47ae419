import { ProblemError } from '../problem-error.ts'

const JSON_TYPE = 'application/json'
const FORM_TYPE = 'application/x-www-form-urlencoded'

/** The type alone, lower case, without parameters. */
const essence = (headers: Headers): string =>
  (headers.get('content-type') ?? '').split(';')[0]?.trim().toLowerCase() ?? ''

/** Whether a person pressed a plain form. */
export const isForm = (headers: Headers): boolean => essence(headers) === FORM_TYPE

/**
 * Which of the two bodies an open request has.
 * @throws ProblemError `unsupported-type` for any other type, for another charset than UTF-8, and for compressed bodies
 */
export function bodyKind(headers: Headers): 'json' | 'form' {
  const type = essence(headers)
  const charset = /;\s*charset\s*=\s*"?([^";\s]*)/i.exec(headers.get('content-type') ?? '')?.[1]
  const coding = headers.get('content-encoding') ?? 'identity'
  if (charset !== undefined && !/^utf-?8$/i.test(charset))
    throw new ProblemError('unsupported-type', 'charset is not UTF-8')
  if (coding.toLowerCase() !== 'identity') throw new ProblemError('unsupported-type', 'compressed bodies are not read')
  if (type === JSON_TYPE) return 'json'
  if (type === FORM_TYPE) return 'form'
  throw new ProblemError('unsupported-type', `send ${JSON_TYPE}, or a plain form`)
}
