/**
 * Whether a row can hold this: a text without the character NUL, which PostgreSQL refuses, and without half of a pair, which is
 * no UTF-8. What callers of the kit hand over can be anything; no row is found by what none can hold, in any database.
 */
export const canBeStored = (text: unknown): boolean =>
  typeof text === 'string' && !text.includes('\0') && text.isWellFormed()
