import * as z from 'zod'
import { parseStatusCodes, type StatusCodes } from '../server/index.ts'
import { exactHost, originOnly } from './addresses.ts'

/** What the text of a variable may be. Every message completes the sentence "NAME …". */

export const list = (words: readonly string[]): string => `must be one of ${words.join(', ')}`

/** One of these words. */
export const oneOf = <const Words extends readonly string[]>(words: Words) => z.enum(words, list(words))

/** A whole number. */
export const whole = (min: number, max: number, must: string) =>
  z
    .string()
    .regex(/^-?\d{1,15}$/, must)
    .transform(Number)
    .refine((value) => value >= min && value <= max, must)

export const port = whole(0, 65_535, 'must be a port number from 0 to 65535')

/** An address, as far as `read` takes it. */
export const address = (read: (text: string) => URL | undefined, must: string) =>
  z.string().transform((text, context) => {
    const url = read(text)
    if (url) return url
    context.addIssue(must)
    return z.NEVER
  })

export const ORIGIN = 'an origin such as https://shop.example, without path, query or user name'

/** A comma list of what `read` takes each entry for. */
const listOf = (read: (entry: string) => string | undefined, must: string) =>
  z.string().transform((text, context): string[] => {
    const entries = splitList(text).map(read)
    if (entries.every((entry) => entry !== undefined)) return entries
    context.addIssue(must)
    return z.NEVER
  })

export const origins = listOf((entry) => originOnly(entry)?.origin, `must be a comma list, each entry ${ORIGIN}`)

export const hosts = listOf(exactHost, 'must be a comma list of whole host names such as pay.example.com')

export const statusCodes = z.string().transform((text, context): StatusCodes => {
  const table = parseStatusCodes(jsonOf(text))
  if (typeof table !== 'string') return table
  context.addIssue(table)
  return z.NEVER
})

/** What the text means as JSON; undefined when it is none. */
function jsonOf(text: string): unknown {
  try {
    return JSON.parse(text)
  } catch {
    return undefined
  }
}

/** The entries of a comma list, without the spaces around them; the whole text when it has none. */
export function splitList(text: string): string[] {
  const parts = text
    .split(',')
    .map((part) => part.trim())
    .filter(Boolean)
  return parts.length ? parts : [text]
}
