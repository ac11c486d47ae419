import { ProblemError } from '../problem-error.ts'

/** Deepest nesting of arrays and objects that is read. */
export const MAX_DEPTH = 64

/**
 * JSON text from outside as a value that is safe to walk and to copy: nested at most `MAX_DEPTH` deep, without the
 * members through which a careless merge would reach a prototype. Of members with the same name the last one counts, as
 * in `JSON.parse`; every later step sees this one value, so two readers cannot disagree about it.
 * @throws ProblemError `invalid-request`
 */
export function safeJson(text: string): unknown {
  assertShallow(text)
  try {
    return JSON.parse(text, dropPrototypeKeys)
  } catch {
    throw new ProblemError('invalid-request', 'the body is not JSON')
  }
}

/** @throws ProblemError `invalid-request` when the JSON text is nested deeper than `MAX_DEPTH` */
export function assertShallow(text: string): void {
  if (depthOf(text) > MAX_DEPTH) throw new ProblemError('invalid-request', `nested deeper than ${MAX_DEPTH}`)
}

/** Counted over the text before it is parsed, so that no recursion ever meets a hostile depth. */
function depthOf(text: string): number {
  let depth = 0
  let deepest = 0
  let inString = false
  for (let at = 0; at < text.length; at++) {
    const char = text[at]
    if (inString) {
      if (char === '\\') at++
      else if (char === '"') inString = false
    } else if (char === '"') inString = true
    else if (char === '[' || char === '{') deepest = Math.max(deepest, ++depth)
    else if (char === ']' || char === '}') depth--
  }
  return deepest
}

/** `constructor` alone is an honest word (who built the house?); with a `prototype` inside it is an attack. */
function dropPrototypeKeys(name: string, value: unknown): unknown {
  if (name === '__proto__') return undefined
  if (name === 'constructor' && isRecord(value) && Object.hasOwn(value, 'prototype')) return undefined
  return value
}

/** An object that is neither null nor an array. */
export const isRecord = (value: unknown): value is Record<string, unknown> =>
  typeof value === 'object' && value !== null && !Array.isArray(value)
