import { readFileSync, statSync } from 'node:fs'

/** A secret as the kit wants it: a function, so that a rotated file counts without a restart. */
export type Secret = () => string

/** Words that people leave in a copied file instead of a key. Compared in lower case, `_` and spaces as `-`. */
const PLACEHOLDER =
  /^(?:[<[{(].*[>\]})]|\$\{.*\}|\$[a-z-]+|x{2,}|\*+|\.{2,}|-+|(?:change|replace|fill)-?(?:me|this|it|in)?(?:-.*)?|(?:your|my|insert|enter|add|put)-.*|(?:i?pay-)?(?:api-?)?key|api-?secret|todo|tbd|fixme|none|null|undefined|placeholder|dummy|example(?:-.*)?)$/

/** What is wrong with a secret's text, as the end of the sentence "NAME …", or undefined. Never repeats the text. */
export function faultOfSecret(text: string): string | undefined {
  if (/^[\s,]*$/.test(text)) return 'is empty'
  if (PLACEHOLDER.test(text.trim().toLowerCase().replace(/[_\s]/g, '-'))) return 'is still a placeholder'
  if (!/^[!-~]+$/.test(text)) return 'holds spaces, line breaks or letters that cannot travel in a header'
  return undefined
}

/** The file's text without one trailing line break. Throws when the file cannot be read. */
const readSecret = (path: string): string => readFileSync(path, 'utf8').replace(/\r?\n$/, '')

/**
 * A secret in a file, read again when the file changes (looked at once per use, which is once per question to the
 * gateway). A change that cannot be used, such as a file that is gone or empty while it is being replaced, leaves the last
 * good value in force.
 * @param faultIn what is wrong with a text, at a change as at the start
 * @param rejected told once of each change that leaves a text which cannot be used
 * @throws when the file cannot be read at the start.
 */
export function secretInFile(
  path: string,
  faultIn: (text: string) => string | undefined,
  rejected: (fault: string) => void,
): Secret {
  // Before the text: a change between the two is seen at the first use.
  let seen = stamp(path)
  let value = readSecret(path)
  let told: string | undefined
  return () => {
    const now = stamp(path)
    if (now === undefined || now === seen) return value
    const change = readChange(path, faultIn)
    if ('text' in change) {
      value = change.text
      seen = now
    } else if (now !== told) {
      // First noted, then told: who writes it into a log may ask for the secret again, to hide it there.
      told = now
      rejected(change.fault)
    }
    return value
  }
}

function readChange(path: string, faultIn: (text: string) => string | undefined) {
  try {
    const text = readSecret(path)
    const fault = faultIn(text)
    return fault === undefined ? { text } : { fault }
  } catch {
    return { fault: 'cannot be read' }
  }
}

/** What changes when a file is written or replaced; undefined while there is none. */
function stamp(path: string): string | undefined {
  const stat = statSync(path, { bigint: true, throwIfNoEntry: false })
  return stat && `${stat.mtimeNs} ${stat.size} ${stat.ino}`
}
