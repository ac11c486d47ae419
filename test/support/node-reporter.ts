import { relative, resolve } from 'node:path'
import type { TestEvent } from 'node:test/reporters'
import { inspect } from 'node:util'
import { reportTotals } from './totals.ts'

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
  const files = new Map<string, FileCount>()
  const path: string[] = []

  for await (const event of source) {
    if (event.type === 'test:start') {
      path.length = event.data.nesting
      path[event.data.nesting] = event.data.name
    } else if (event.type === 'test:stdout' || event.type === 'test:stderr') {
      yield event.data.message
    } else if (event.type === 'test:pass' || event.type === 'test:fail') {
      const { data } = event
      if (data.details.type === 'suite' && event.type === 'test:pass') continue
      const file = relative('', data.file ?? '')
      const whole = data.nesting === 0 && data.file !== undefined && resolve(data.name) === data.file
      const count = files.get(file) ?? { passed: 0, failed: 0 }
      files.set(file, count)
      // A suite or parent fails because of what failed inside it; that was counted already.
      const inner = event.type === 'test:fail' && isEcho(event.data.details.error)
      if (inner) continue
      const useless = data.skip !== undefined || data.todo !== undefined || (whole && event.type === 'test:pass')
      if (event.type === 'test:pass' && !useless) {
        total.passed += 1
        count.passed += 1
        continue
      }
      total.failed += 1
      count.failed += 1
      const why = useless ? 'it did not run' : faultText(event.type === 'test:fail' ? event.data.details.error : '')
      const name = [...path.slice(0, data.nesting), data.name].join(' › ')
      yield `  ✖ ${file}${whole ? '' : `: ${name}`}\n    ${why}\n`
    } else if (event.type === 'test:summary' && event.data.file) {
      const file = relative('', event.data.file)
      const { passed, failed } = files.get(file) ?? { passed: 0, failed: 0 }
      const seconds = (event.data.duration_ms / 1000).toFixed(1)
      yield `  ${failed === 0 && passed > 0 ? '✔' : '✖'} ${file}: ${passed} passed, ${failed} failed (${seconds} s)\n`
    }
  }
  yield reportTotals(total)
}

function isEcho(error: unknown): boolean {
  return error instanceof Error && 'failureType' in error && error.failureType === 'subtestsFailed'
}
