import { ProblemError } from '../problem-error.ts'
import type { AskedOrder } from './json-input.ts'
import { assertShallow, isRecord, safeJson } from './safe-json.ts'

/**
 * Reads a plain form: its fields are the members of `order`. A form cannot carry a key, a price that was shown, or a
 * place to return to. Of fields with the same name the last one counts.
 * @throws ProblemError `invalid-request`
 */
export function readFormInput(headers: Headers, text: string): AskedOrder {
  assertEncodesUtf8(text)
  const order: Record<string, unknown> = {}
  for (const [name, value] of new URLSearchParams(text)) {
    if (name !== '__proto__') order[name] = fieldValue(value)
  }
  return { order, shown: null, returnTo: null, lang: acceptedLanguage(headers), key: null }
}

/** `URLSearchParams` reads broken bytes as question marks; an order with those in it is not what the buyer meant. */
function assertEncodesUtf8(text: string): void {
  try {
    decodeURIComponent(text.replace(/%(?![0-9a-f]{2})/gi, '%25'))
  } catch {
    throw new ProblemError('invalid-request', 'a form field is not UTF-8')
  }
}

/**
 * A member that is a list or an object is one field of JSON text. Everything else stays text: whether `12` was a number or
 * an id can only be told by the shop, whose `price` function reads the order.
 */
function fieldValue(text: string): unknown {
  if (!/^\s*[[{]/.test(text)) return text
  assertShallow(text)
  try {
    const value = safeJson(text)
    return Array.isArray(value) || isRecord(value) ? value : text
  } catch {
    // Words in brackets that are not JSON are just words.
    return text
  }
}

/** Bangla or English, whichever the browser lists first; null when it lists neither. */
export function acceptedLanguage(headers: Headers): 'bn' | 'en' | null {
  const first = /(?:^|[,\s])(bn|en)(?:[-;,\s]|$)/i.exec(headers.get('accept-language') ?? '')?.[1]?.toLowerCase()
  return first === 'bn' || first === 'en' ? first : null
}
