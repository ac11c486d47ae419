import { chmodSync, mkdtempSync, statfsSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'

/** Several browsers' profiles and a few databases at once, with room to spare. */
const ROOM_BYTES = 4 * 1024 ** 3
const MEMORY = '/dev/shm'

/**
 * A new folder for all that a run of tests writes: in memory where there is room. A disk that is busy with something else
 * can hold a database up for longer than a page waits for its shop.
 */
export function scratchFolder(): string {
  const folder = mkdtempSync(join(hasRoom(MEMORY) ? MEMORY : tmpdir(), 'ipay-tests-'))
  // PostgreSQL works as a user of its own, who has to get through.
  chmodSync(folder, 0o755)
  return folder
}

function hasRoom(folder: string): boolean {
  try {
    const { bavail, bsize } = statfsSync(folder)
    return Math.min(bavail * bsize, process.availableMemory()) > ROOM_BYTES
  } catch {
    return false
  }
}
