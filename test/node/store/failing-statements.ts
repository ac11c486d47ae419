import { type SQLInputValue, type SQLOutputValue, type StatementResultingChanges, StatementSync } from 'node:sqlite'

/** SQLite's result codes that a disk or another program can cause at any statement. */
export const FAULTS = { 'disk full': 13, 'read-only': 8, 'I/O error': 10, locked: 6 } as const
export type FaultName = keyof typeof FAULTS

/** The form of a statement's functions that takes its parameters by position. */
type Runs<T> = (this: StatementSync, ...parameters: SQLInputValue[]) => T

/** Makes one statement of this process fail. */
export interface FailingStatements {
  /**
   * The `nth` statement from now on fails: `before` it had any effect, or `after` it had it (the answer alone is lost).
   * Beginning and ending a transaction are statements too.
   */
  arm(nth: number, fault: FaultName, when: 'before' | 'after'): void
  /** Takes the fault back. True when it had struck. */
  disarm(): boolean
  /** Puts the original functions back. */
  restore(): void
}

function errorOf(fault: FaultName): Error {
  return Object.assign(new Error(fault), { code: 'ERR_SQLITE_ERROR', errcode: FAULTS[fault], errstr: fault })
}

/** Replaces what runs a prepared statement of `node:sqlite` for as long as a file's tests last. */
export function failingStatements(): FailingStatements {
  const run: Runs<StatementResultingChanges> = StatementSync.prototype.run
  const all: Runs<Record<string, SQLOutputValue>[]> = StatementSync.prototype.all
  let left = 0
  let fault: FaultName = 'disk full'
  let when: 'before' | 'after' = 'before'
  let struck = false

  function around<T>(original: () => T): T {
    const isIt = left > 0 && --left === 0
    if (isIt && when === 'before') {
      struck = true
      throw errorOf(fault)
    }
    const result = original()
    if (isIt) {
      struck = true
      throw errorOf(fault)
    }
    return result
  }
  Object.assign(StatementSync.prototype, {
    run(this: StatementSync, ...parameters: SQLInputValue[]) {
      return around(() => run.apply(this, parameters))
    },
    all(this: StatementSync, ...parameters: SQLInputValue[]) {
      return around(() => all.apply(this, parameters))
    },
  })
  return {
    arm(nth, name, moment) {
      left = nth
      fault = name
      when = moment
      struck = false
    },
    disarm() {
      left = 0
      return struck
    },
    restore() {
      Object.assign(StatementSync.prototype, { run, all })
    },
  }
}
