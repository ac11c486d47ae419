import { relative, resolve } from 'node:path'
import type { TestEvent } from 'node:test/reporters'
import { inspect } from 'node:util'
import { runningTests } from './running-tests.ts'
import { reportTotals } from './totals.ts'

/** How often a test that does not end is named, so that the log of a run that is cut off tells which it was. */
const SLOW_MS = 60_000

interface FileCount {
  passed: number
  failed: number
}

/** What went wrong, without the frames of the test runner itself. */
function faultText(error: unknown): string {
  const cause = error instanceof Error && 'cause' in error && error.cause !== undefined ? error.cause : error
  const lines = (typeof cause === 'string' ? cause : inspect(cause, { depth: 6 })).split('\n')
  return lines.filter((line) => !/node:(internal|async_hooks)/.test(line)).join('\n    ')
}

/**
 * Reporter of `node --test`: one line per file, every failure in full, and the totals last. A skipped test and a file
 * without tests prove nothing and count as failed.
 */
export default async function* report(source: AsyncIterable<TestEvent>): AsyncGenerator<string> {
  const total = { passed: 0, failed: 0 }
  // Events come file by file, and each file's end with a summary; a test may stand in a file that another one imports.
  let ofFile: FileCount = { passed: 0, failed: 0 }
  const unended = new Set<string>()
  const path: string[] = []
  const running = runningTests()
  const name = (ms: number) => {
    for (const line of running.slowerThan(ms)) process.stderr.write(`  … ${line}\n`)
  }
  const watch = setInterval(() => name(SLOW_MS), SLOW_MS / 2).unref()
  // First of all that hear it: the runner ends at once.
  process.prependOnceListener('SIGTERM', () => name(0))

  for await (const event of source) {
    running.see(event)
    if (event.type === 'test:dequeue') {
      if (isFile(event.data)) unended.add(resolve(event.data.name))
    } else if (event.type === 'test:start') {
      path.length = event.data.nesting
      path[event.data.nesting] = event.data.name
    } else if (event.type === 'test:stdout' || event.type === 'test:stderr') {
      yield event.data.message
    } else if (event.type === 'test:pass' || event.type === 'test:fail') {
      const { data } = event
      if (data.details.type === 'suite' && event.type === 'test:pass') continue
      const whole = isFile(data)
      // A suite or parent fails because of what failed inside it; that was counted already.
      const inner = event.type === 'test:fail' && isEcho(event.data.details.error)
      if (inner) continue
      const useless = data.skip !== undefined || data.todo !== undefined || (whole && event.type === 'test:pass')
      if (event.type === 'test:pass' && !useless) {
        total.passed += 1
        ofFile.passed += 1
        continue
      }
      total.failed += 1
      ofFile.failed += 1
      const why = useless ? 'it did not run' : faultText(event.type === 'test:fail' ? event.data.details.error : '')
      const name = [...path.slice(0, data.nesting), data.name].join(' › ')
      yield `  ✖ ${relative('', data.file ?? '')}${whole ? '' : `: ${name}`}\n    ${why}\n`
    } else if (event.type === 'test:summary' && event.data.file) {
      const { passed, failed } = ofFile
      unended.delete(event.data.file)
      ofFile = { passed: 0, failed: 0 }
      const seconds = (event.data.duration_ms / 1000).toFixed(1)
      const sign = failed === 0 && passed > 0 ? '✔' : '✖'
      yield `  ${sign} ${relative('', event.data.file)}: ${passed} passed, ${failed} failed (${seconds} s)\n`
    }
  }
  clearInterval(watch)
  for (const file of unended) {
    total.failed += 1
    yield `  ✖ ${relative('', file)}\n    its results never arrived\n`
  }
  yield reportTotals(total)
}

/** A file with tests is reported like a test of its own. */
function isFile({ nesting, name, file }: { nesting: number; name: string; file?: string | undefined }): boolean {
  return nesting === 0 && file !== undefined && resolve(name) === file
}

function isEcho(error: unknown): boolean {
  return error instanceof Error && 'failureType' in error && error.failureType === 'subtestsFailed'
}
