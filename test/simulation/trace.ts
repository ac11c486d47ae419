import type { Clock } from '../../src/server/clock.ts'
import { hashOf } from './random.ts'

/** What happened in a history, line by line. */
export interface Trace {
  note(line: string): void
  /** Every line, where they are kept for a person. */
  readonly lines: readonly string[]
  /** Of every line so far: the same seed has the same. */
  hash(): string
}

export function createTrace(clock: Clock, isKept: boolean): Trace {
  const startAt = clock.now()
  let hash = 0x811c9dc5
  const lines: string[] = []
  return {
    lines,
    note(line) {
      const text = `${clock.now() - startAt} ${line}`
      hash = hashOf(text, hash)
      if (isKept) lines.push(text)
    },
    hash: () => hash.toString(16).padStart(8, '0'),
  }
}
