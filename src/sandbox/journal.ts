import { appendFileSync, existsSync, mkdirSync, readFileSync } from 'node:fs'
import { dirname } from 'node:path'

/** Where the ledger's events are kept, oldest first. */
export interface Journal {
  /** Everything that was ever appended. */
  read(): unknown[]
  /** Keeps one event; on return it survives the death of this process (not of the machine: there is no fsync). */
  append(event: unknown): void
}

/** Keeps nothing: the ledger lives as long as the process. */
export const noJournal: Journal = { read: () => [], append() {} }

/**
 * One JSON text a line, each appended by a single write. A last line that was cut short is skipped, and closed so that
 * the next event starts on a line of its own.
 * @throws Error with the `code` of `node:fs` and a sentence, for a path that cannot be written.
 */
export function fileJournal(path: string): Journal {
  prepare(path)
  let events: unknown[] | undefined
  return {
    read() {
      // Every collection reads it at the start; afterwards nobody does, and the memory is free again.
      if (!events)
        setImmediate(() => {
          events = undefined
        })
      events ??= readFileSync(path, 'utf8').split('\n').flatMap(parsed)
      return events
    },
    append(event) {
      events = undefined
      appendFileSync(path, `${JSON.stringify(event)}\n`)
    },
  }
}

/** Makes the file, and the folders above it, where they are missing, and ends its last line. */
function prepare(path: string): void {
  try {
    mkdirSync(dirname(path), { recursive: true })
    const kept = existsSync(path) ? readFileSync(path, 'utf8') : ''
    appendFileSync(path, kept === '' || kept.endsWith('\n') ? '' : '\n')
  } catch (cause) {
    const { code, message } = cause as NodeJS.ErrnoException
    const sentence = `The simulator's journal ${path} cannot be written: choose another file. (${message})`
    throw Object.assign(new Error(sentence, { cause }), { code })
  }
}

function parsed(line: string): unknown[] {
  try {
    const event: unknown = JSON.parse(line)
    return typeof event === 'object' && event !== null ? [event] : []
  } catch {
    return []
  }
}
