import { randomBytes } from 'node:crypto'
import { readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'

/** A gateway key that exists nowhere else: wherever it shows up, a secret got out. */
export interface Canary {
  readonly key: string
  /** Keeps what some part of the run put out: a log, a reply, a page. */
  collect(source: string, text: string | Uint8Array): void
  /** Reads every file below a folder, database files as they are. */
  collectFolder(folder: string): void
  /** The sources in which the key, or a usual disguise of it, was found. Empty is good. */
  sightings(): string[]
  /** How many sources were looked at; a search through nothing proves nothing. */
  readonly sources: number
}

/** A new canary; 128 random bits in a shape that passes for a gateway's key. */
export function createCanary(): Canary {
  const key = `canary_${randomBytes(16).toString('hex')}`
  const core = key.slice('canary_'.length)
  const bytes = Buffer.from(key)
  // The middle of base64 text does not depend on what stands before or after it, only on the offset.
  const inBase64 = [0, 1, 2].map((offset) =>
    Buffer.concat([Buffer.alloc(offset), bytes])
      .toString('base64')
      .slice(4, -6)
      .replaceAll('=', ''),
  )
  const disguises = [core, bytes.toString('hex'), ...inBase64, [...core].reverse().join('')]
  const found = new Set<string>()
  let sources = 0

  function collect(source: string, text: string | Uint8Array): void {
    sources += 1
    const haystack = typeof text === 'string' ? text : Buffer.from(text).toString('latin1')
    if (disguises.some((disguise) => haystack.includes(disguise))) found.add(source)
  }

  return {
    key,
    collect,
    collectFolder(folder) {
      for (const entry of readdirSync(folder, { recursive: true, withFileTypes: true })) {
        if (!entry.isFile()) continue
        const file = join(entry.parentPath, entry.name)
        collect(file, readFileSync(file))
      }
    },
    sightings: () => [...found],
    get sources() {
      return sources
    },
  }
}
