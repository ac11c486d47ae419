import { describe } from 'node:test'
import type { EngineName } from './browsers.ts'

/**
 * A suite with one suite in it for each engine. The engines run side by side, for most of a test in a browser is waiting;
 * the tests of one engine run one after the other, because they share a browser, a shop and its faults.
 */
export function sideBySide(title: string, engines: readonly EngineName[], write: (engine: EngineName) => void): void {
  describe(title, { concurrency: engines.length }, () => {
    // Said here, because a suite takes over its parent's concurrency otherwise.
    for (const engine of engines) describe(engine, { concurrency: 1 }, () => write(engine))
  })
}
