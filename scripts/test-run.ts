import { parseArgs } from 'node:util'
import { ENGINES, type EngineName, ensureInstalled } from '../test/support/browsers.ts'
import type { Totals } from '../test/support/totals.ts'
import { run } from './run.mjs'
import { PARTS, type Part, partOf, runPart } from './test-parts.ts'

interface Selection {
  readonly parts: readonly Part[]
  readonly files: readonly string[]
}

/** Parts by name, files by `--only`; neither means everything. Throws a sentence for anything else. */
function select(args: readonly string[]): Selection {
  const { values, positionals } = parseArgs({
    args: [...args],
    options: { only: { type: 'string', multiple: true } },
    allowPositionals: true,
  })
  const files = (values.only ?? []).map((file) => file.replace(/^\.\//, ''))
  const named = positionals.map((name) => {
    const part = PARTS.find((known) => known === name)
    if (!part) throw new Error(`"${name}" is no part of the tests: choose from ${PARTS.join(', ')}.`)
    return part
  })
  const ofFiles = files.map((file) => {
    const part = partOf(file)
    if (!part) throw new Error(`"${file}" is in no folder of tests.`)
    return part
  })
  const parts = [...named, ...ofFiles]
  return { files, parts: parts.length > 0 ? PARTS.filter((part) => parts.includes(part)) : PARTS }
}

/** The engines that a run needs: those named in BROWSERS or ENGINES, else all. */
function neededEngines(parts: readonly Part[]): readonly EngineName[] {
  const named = [
    ...(parts.includes('browser') ? (process.env['BROWSERS'] ?? ENGINES.join()).split(',') : []),
    ...(parts.includes('e2e') ? (process.env['ENGINES'] ?? ENGINES.join()).split(',') : []),
  ]
  return ENGINES.filter((engine) => named.includes(engine))
}

/** The check is one test of the whole: it passes or fails like any other. */
function check(): Totals {
  const faulty = run('scripts/check.mjs', []) !== 0
  return { passed: faulty ? 0 : 1, failed: faulty ? 1 : 0 }
}

async function timed(name: string, work: () => Totals | Promise<Totals>): Promise<{ name: string } & Totals> {
  console.log(`\n── ${name} ──`)
  const startedAt = performance.now()
  const totals = await work()
  const seconds = ((performance.now() - startedAt) / 1000).toFixed(0)
  console.log(`── ${name}: ${totals.passed} passed, ${totals.failed} failed, ${seconds} s`)
  return { name, ...totals }
}

/** Runs what the arguments choose and prints `N passed, N failed` last. Returns the exit code. */
export async function runTests(args: readonly string[]): Promise<number> {
  let selection: Selection
  try {
    selection = select(args)
    const { parts } = selection
    ensureInstalled([...neededEngines(parts), ...(parts.includes('node') ? (['postgres'] as const) : [])], console.log)
  } catch (error) {
    console.error(error instanceof Error ? error.message : error)
    return 1
  }

  const whole = selection.parts === PARTS
  const results: ({ name: string } & Totals)[] = []
  const built = run('scripts/build.mjs', [])
  if (built !== 0) results.push(await timed('build', () => ({ passed: 0, failed: 1 })))
  if (whole) results.push(await timed('check', check))
  for (const part of selection.parts) {
    const files = selection.files.filter((file) => partOf(file) === part)
    results.push(await timed(part, () => runPart(part, files)))
  }

  console.log('')
  for (const { name, passed, failed } of results) console.log(`  ${name}: ${passed} passed, ${failed} failed`)
  const passed = results.reduce((sum, result) => sum + result.passed, 0)
  const failed = results.reduce((sum, result) => sum + result.failed, 0)
  console.log(`${passed} passed, ${failed} failed`)
  return failed === 0 && passed > 0 ? 0 : 1
}
