import { badField } from './api-error.ts'

/** A parsed JSON body. */
export type Fields = Readonly<Record<string, unknown>>

/** Readers of single members; each throws ApiError 400 with the member's name for a value of another kind. */
export function objectOf(value: unknown, name = 'body'): Fields {
  if (typeof value === 'object' && value !== null && !Array.isArray(value)) return value as Fields
  throw badField(name, 'must be a JSON object')
}

export function textOf(fields: Fields, name: string, longest = 500): string | null {
  const value = fields[name]
  if (value === undefined || value === null) return null
  if (typeof value !== 'string' || value === '' || value.length > longest || !value.isWellFormed()) {
    throw badField(name, `must be text of 1 to ${longest} characters`)
  }
  return value
}

export function requiredText(fields: Fields, name: string, longest?: number): string {
  const value = textOf(fields, name, longest)
  if (value === null) throw badField(name, 'is required')
  return value
}

/** A positive integer of the smallest unit. */
export function amountOf(fields: Fields, name = 'amount'): number | null {
  const value = fields[name]
  if (value === undefined || value === null) return null
  if (!Number.isSafeInteger(value) || Number(value) <= 0) {
    throw badField(name, 'must be a positive integer of the smallest currency unit')
  }
  return Number(value)
}

export function flagOf(fields: Fields, name: string): boolean {
  const value = fields[name] ?? false
  if (typeof value !== 'boolean') throw badField(name, 'must be true or false')
  return value
}

export function oneOf<const T extends string>(
  fields: Fields,
  name: string,
  words: readonly T[],
  otherwise: T | null,
): T {
  const value = fields[name] ?? otherwise
  const word = words.find((known) => known === value)
  if (word === undefined) throw badField(name, `must be one of ${words.join(', ')}`)
  return word
}

/** Up to 50 texts of at most 500 characters. */
export function metadataOf(fields: Fields): Readonly<Record<string, string>> {
  const entries = Object.entries(fields['metadata'] === undefined ? {} : objectOf(fields['metadata'], 'metadata'))
  if (entries.length > 50) throw badField('metadata', 'must have at most 50 members')
  for (const [, value] of entries) {
    if (typeof value !== 'string' || value.length > 500)
      throw badField('metadata', 'must hold texts of at most 500 characters')
  }
  return Object.fromEntries(entries) as Record<string, string>
}

export function urlOf(fields: Fields, name: string): string | null {
  const value = textOf(fields, name, 2048)
  if (value !== null && !/^https?:$/.test(URL.parse(value)?.protocol ?? '')) throw badField(name, 'must be a URL')
  return value
}

/** A request's body; an empty one is an empty object. */
export function bodyOf(body: string): Fields {
  try {
    return objectOf(body === '' ? {} : JSON.parse(body))
  } catch (error) {
    throw error instanceof SyntaxError ? badField('body', 'must be JSON') : error
  }
}
