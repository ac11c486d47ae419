import { relative } from 'node:path'
import type { TestEvent } from 'node:test/reporters'

interface Running {
  readonly file: string
  readonly nesting: number
  readonly name: string
  readonly since: number
}

/** Which tests run right now, read from a runner's events. */
export interface RunningTests {
  see(event: TestEvent): void
  /** A line for each file with a test that has run for this long (milliseconds): its innermost one. */
  slowerThan(ms: number): string[]
}

/** `now` in milliseconds from any origin. */
export function runningTests(now: () => number = () => performance.now()): RunningTests {
  const running = new Map<string, Running>()
  return {
    see(event) {
      // These two come as things happen; all other events wait for the file before theirs.
      if (event.type !== 'test:dequeue' && event.type !== 'test:complete') return
      const { file = '', nesting, name } = event.data
      const key = JSON.stringify([file, nesting, name])
      if (event.type === 'test:complete') running.delete(key)
      else running.set(key, { file, nesting, name, since: now() })
    },
    slowerThan(ms) {
      const innermost = new Map<string, Running>()
      for (const test of running.values()) {
        const known = innermost.get(test.file)
        if (!known || test.nesting >= known.nesting) innermost.set(test.file, test)
      }
      return [...innermost.values()]
        .filter(({ since }) => now() - since >= ms)
        .map(
          ({ file, name, since }) =>
            `still runs after ${Math.round((now() - since) / 1000)} s: ${relative('', file)}: ${name}`,
        )
    },
  }
}
