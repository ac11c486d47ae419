import { rmSync } from 'node:fs'
import { join } from 'node:path'
import { presentEngines } from '../test/support/browsers.ts'
import { readTotals, TOTALS_FILE, type Totals } from '../test/support/totals.ts'
import { runLimited } from './limited.ts'
import { PROGRAMS, ROOT } from './run.mjs'
import { scratchFolder } from './scratch-folder.ts'

/** The kinds of tests, in the order in which they run: the quick ones first. */
export const PARTS = ['node', 'browser', 'e2e'] as const
export type Part = (typeof PARTS)[number]

/** Which part runs a test file; undefined for a path that holds none. */
export function partOf(file: string): Part | undefined {
  return PARTS.find((part) => FOLDERS[part].some((folder) => file.startsWith(`${folder}/`)))
}

const FOLDERS: Record<Part, readonly string[]> = {
  node: ['test/node', 'test/types'],
  browser: ['test/browser'],
  e2e: ['test/e2e'],
}

/** For two cores. Half of what runs usually waits for a process or a time-out; a file of e2e runs every engine at once. */
const CONCURRENT_FILES: Record<'node' | 'e2e', number> = { node: 4, e2e: 2 }

/** For one test or suite. A condition that does not come true ends a test long before, with a sentence about it. */
const TEST_TIMEOUT_MS = 600_000

/** For a whole part, in milliseconds: several times what it takes, so that only a hang meets it. */
const PART_LIMIT_MS: Record<Part, number> = { node: 900_000, browser: 600_000, e2e: 1_200_000 }

/** Hundreds of processes load the same sources: what one has compiled, and freed of its types, the next one reads. */
const COMPILE_CACHE = join(ROOT, 'node_modules/.cache/node')

function nodeTestArguments(part: 'node' | 'e2e', files: readonly string[]): string[] {
  return [
    '--test',
    // Without --test-force-exit: it loses the results of files that end with more to say than a pipe holds.
    `--test-concurrency=${CONCURRENT_FILES[part]}`,
    `--test-timeout=${TEST_TIMEOUT_MS}`,
    '--test-reporter=./test/support/node-reporter.ts',
    '--test-reporter-destination=stdout',
    ...(files.length > 0 ? files : FOLDERS[part].map((folder) => `${folder}/**/*.test.ts`)),
  ]
}

function browserTestArguments(files: readonly string[]): string[] {
  return [PROGRAMS.testRunner, ...(files.length > 0 ? ['--files', ...files] : [])]
}

/** Runs one part in a process of its own, its output shown as it comes. No totals means one failure. */
export async function runPart(part: Part, files: readonly string[]): Promise<Totals> {
  const folder = scratchFolder()
  const file = join(folder, 'totals.json')
  const args = part === 'browser' ? browserTestArguments(files) : nodeTestArguments(part, files)
  const engines = presentEngines().join(',')
  const code = await runLimited(args, {
    name: `The ${part} part`,
    withinMs: PART_LIMIT_MS[part],
    env: {
      BROWSERS: process.env['BROWSERS'] ?? engines,
      ENGINES: process.env['ENGINES'] ?? engines,
      [TOTALS_FILE]: file,
      TMPDIR: folder,
      NODE_COMPILE_CACHE: COMPILE_CACHE,
    },
  })
  const totals = readTotals(file) ?? { passed: 0, failed: 0 }
  // A browser that was ended may still be putting something away.
  rmSync(folder, { recursive: true, force: true, maxRetries: 10 })
  // A runner that fails without naming a test, or that found nothing to run, has failed.
  const silent = totals.failed === 0 && (code !== 0 || totals.passed === 0)
  return silent ? { passed: totals.passed, failed: 1 } : totals
}
