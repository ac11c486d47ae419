import { readFileSync, writeFileSync } from 'node:fs'

/** What a part of the tests counted. `skipped` tests prove nothing, so the command counts them as failed. */
export interface Totals {
  readonly passed: number
  readonly failed: number
}

/** Where a reporter leaves its counts for the command that started it; unset when a part is run by hand. */
export const TOTALS_FILE = 'TEST_TOTALS_FILE'

/** Hands the counts to the command, or prints them as its last line would be. */
export function reportTotals(totals: Totals): string {
  const file = process.env[TOTALS_FILE]
  if (file) writeFileSync(file, JSON.stringify(totals))
  return `${totals.passed} passed, ${totals.failed} failed\n`
}

/** Reads what a reporter left; undefined when it never got that far. */
export function readTotals(file: string): Totals | undefined {
  try {
    return JSON.parse(readFileSync(file, 'utf8')) as Totals
  } catch {
    return undefined
  }
}
