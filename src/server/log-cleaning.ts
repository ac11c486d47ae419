/** What makes a value fit for a log line: no secrets, nothing personal, nothing that breaks the line or the terminal. */

const HIDDEN = '[hidden]'
const LONGEST = 2_000
const DEEPEST = 6

/** Members that hold a secret, by their name in any spelling: `apiKey`, `IPAY_API_KEY`, `authorization`, `set-cookie`. */
const SECRET_NAME = /keys?$|authorization|secret|passw|cookie|signature|credential|(?:^|[-_])(?:otp|pin)$/i
/** The payment's token opens its status, so a reader of logs only gets enough to tell two apart. */
const TOKEN_NAME = /token$/i
/** Bangladeshi mobile numbers, with or without the country's code. */
const PHONE = /(?<![\w.-])(?:\+?88[-\s]?)?01[3-9](?:[-\s]?\d){8}(?!\w)/g
const BEARER = /\b(Bearer|Basic)\s+[^\s,;"']+/gi
const TOKEN_IN_ADDRESS = /([?&]ipay=)([A-Za-z0-9_-]{6})[A-Za-z0-9_-]*/g
/** Controls, line separators and the marks that turn the direction of text. */
const UNSEEN = /[\u0000-\u001f\u007f-\u009f\u2028\u2029\u202a-\u202e\u2066-\u2069]+/g

/**
 * A copy of `fields` that may be logged. `secrets` are exact texts that are hidden wherever they stand, even inside an
 * error's message; short ones (under 6 characters) are not looked for.
 */
export function cleanFields(
  fields: Readonly<Record<string, unknown>>,
  secrets: readonly string[] = [],
): Record<string, unknown> {
  const known = secrets.filter((secret) => secret.length >= 6)
  return membersOf(fields, (text) => cleanText(text, known), 0)
}

function cleanText(text: string, secrets: readonly string[]): string {
  let clean = text.length > LONGEST * 4 ? text.slice(0, LONGEST * 4) : text
  for (const secret of secrets) clean = clean.replaceAll(secret, HIDDEN)
  clean = clean
    .replace(UNSEEN, ' ')
    .replace(BEARER, `$1 ${HIDDEN}`)
    .replace(TOKEN_IN_ADDRESS, '$1$2…')
    .replace(PHONE, '01*********')
  return clean.length > LONGEST ? `${clean.slice(0, LONGEST)}…` : clean
}

type Clean = (text: string) => string

function membersOf(value: object, clean: Clean, depth: number): Record<string, unknown> {
  const members = Object.entries(value).map(([name, member]) => [clean(name), named(name, member, clean, depth + 1)])
  return Object.fromEntries(members)
}

function named(name: string, value: unknown, clean: Clean, depth: number): unknown {
  if (value === null || value === undefined) return value
  if (SECRET_NAME.test(name)) return HIDDEN
  if (TOKEN_NAME.test(name)) return typeof value === 'string' ? `${clean(value.slice(0, 6))}…` : HIDDEN
  return cleanValue(value, clean, depth)
}

function cleanValue(value: unknown, clean: Clean, depth: number): unknown {
  if (typeof value === 'string') return clean(value)
  if (typeof value === 'bigint' || typeof value === 'symbol' || typeof value === 'function') return clean(String(value))
  if (typeof value !== 'object' || value === null) return value
  if (depth > DEEPEST) return '…'
  if (value instanceof Error) return errorOf(value, clean, depth)
  if (value instanceof Date || value instanceof URL) return clean(String(value))
  if (ArrayBuffer.isView(value) || value instanceof ArrayBuffer) return `${value.byteLength} bytes`
  if (Array.isArray(value)) return value.slice(0, 50).map((item) => cleanValue(item, clean, depth + 1))
  return membersOf(value, clean, depth)
}

function errorOf(error: Error, clean: Clean, depth: number): Record<string, unknown> {
  const { cause } = error
  return {
    name: clean(error.name),
    message: clean(error.message),
    ...(error.stack && { stack: clean(error.stack) }),
    ...(cause !== undefined && { cause: cleanValue(cause, clean, depth + 1) }),
  }
}
