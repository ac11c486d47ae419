import type { Reporter, TestSession, TestSuiteResult } from '@web/test-runner-core'
import { reportTotals } from './totals.ts'

function count(suite: TestSuiteResult | undefined): { passed: number; failed: number } {
  const total = { passed: 0, failed: 0 }
  for (const test of suite?.tests ?? []) {
    if (test.passed && !test.skipped) total.passed += 1
    else total.failed += 1
  }
  for (const inner of suite?.suites ?? []) {
    const { passed, failed } = count(inner)
    total.passed += passed
    total.failed += failed
  }
  return total
}

/** A page that failed to load its tests, or ended without any, is one failure. */
function countSession(session: TestSession): { passed: number; failed: number } {
  const { passed, failed } = count(session.testResults)
  const broken = session.errors.length > 0 || passed + failed === 0 || session.testResults === undefined
  return { passed, failed: failed + (broken ? 1 : 0) }
}

/** web-test-runner's reporter that prints `N passed, N failed` for each engine and for all of them. */
export function browserTotals(): Reporter {
  return {
    stop({ sessions }) {
      const engines = new Map<string, { passed: number; failed: number }>()
      const all = { passed: 0, failed: 0 }
      for (const session of sessions) {
        const { passed, failed } = countSession(session)
        const engine = engines.get(session.browser.name) ?? { passed: 0, failed: 0 }
        engines.set(session.browser.name, { passed: engine.passed + passed, failed: engine.failed + failed })
        all.passed += passed
        all.failed += failed
      }
      for (const [name, { passed, failed }] of engines) {
        process.stdout.write(`  ${name}: ${passed} passed, ${failed} failed\n`)
      }
      process.stdout.write(reportTotals(all))
    },
  }
}
