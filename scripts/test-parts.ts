import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { presentEngines } from '../test/support/browsers.ts'
import { readTotals, TOTALS_FILE, type Totals } from '../test/support/totals.ts'
import { PROGRAMS, ROOT } from './run.mjs'

/** The kinds of tests, in the order in which they run: the quick ones first. */
export const PARTS = ['node', 'browser', 'e2e'] as const
export type Part = (typeof PARTS)[number]

/** Which part runs a test file; undefined for a path that holds none. */
export function partOf(file: string): Part | undefined {
  return PARTS.find((part) => FOLDERS[part].some((folder) => file.startsWith(`${folder}/`)))
}

const FOLDERS: Record<Part, readonly string[]> = {
  node: ['test/node', 'test/faults', 'test/types'],
  browser: ['test/browser'],
  e2e: ['test/e2e'],
}

/** Browsers that start side by side on two cores only slow each other down. */
const CONCURRENT_FILES: Record<'node' | 'e2e', number> = { node: 2, e2e: 1 }
const TIMEOUT_MS: Record<'node' | 'e2e', number> = { node: 180_000, e2e: 300_000 }

function nodeTestArguments(part: 'node' | 'e2e', files: readonly string[]): string[] {
  return [
    '--test',
    `--test-concurrency=${CONCURRENT_FILES[part]}`,
    `--test-timeout=${TIMEOUT_MS[part]}`,
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
  const folder = mkdtempSync(join(tmpdir(), 'ipay-totals-'))
  const file = join(folder, 'totals.json')
  const args = part === 'browser' ? browserTestArguments(files) : nodeTestArguments(part, files)
  const engines = presentEngines().join(',')
  const child = spawn(process.execPath, args, {
    cwd: ROOT,
    stdio: ['ignore', 'inherit', 'inherit'],
    env: { BROWSERS: engines, ENGINES: engines, ...process.env, [TOTALS_FILE]: file },
  })
  const [code] = await once(child, 'close')
  const totals = readTotals(file) ?? { passed: 0, failed: 0 }
  rmSync(folder, { recursive: true, force: true })
  // A runner that fails without naming a test, or that found nothing to run, has failed.
  const silent = totals.failed === 0 && (code !== 0 || totals.passed === 0)
  return silent ? { passed: totals.passed, failed: 1 } : totals
}
