/**
 * `npx node scripts/mutate.ts [file[:line]…]`: changes one thing at a time in the files where a mistake costs money, in a copy
 * of the repository, and runs the tests that should notice. Prints what no test noticed, and a score per file.
 *
 * Not changed, because no rule depends on them: types, imports, and the words for people in an error's message.
 */
import { spawn } from 'node:child_process'
import { cpSync, mkdtempSync, readFileSync, rmSync, symlinkSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { changeOf, mutantsOf } from './mutants.ts'
import { EQUIVALENT } from './mutate-equivalent.ts'
import { TARGETS } from './mutate-targets.ts'
import { ROOT } from './run.mjs'

/** A change that makes the tests run for ever counts as noticed. */
const PATIENCE_MS = 30_000

interface Tally {
  readonly survivors: string[]
  readonly equivalent: string[]
  noticed: number
}

/** True as soon as one test fails, or the run takes too long. */
function isNoticed(folder: string, target: string): Promise<boolean> {
  const [test = '', name] = target.split('#')
  return new Promise((resolve, reject) => {
    const pattern = name === undefined ? [] : [`--test-name-pattern=${name}`]
    const child = spawn(process.execPath, ['--test-reporter=tap', ...pattern, test], {
      cwd: folder,
      stdio: ['ignore', 'pipe', 'ignore'],
      env: { ...process.env, MONEY_RUNS: '2000', RULE_RUNS: '30' },
    })
    const timer = setTimeout(() => child.kill('SIGKILL'), PATIENCE_MS)
    let said = ''
    child.stdout.on('data', (chunk: Buffer) => {
      said += chunk
      if (/^\s*not ok/m.test(said)) child.kill('SIGKILL')
    })
    child.on('error', reject)
    child.on('close', (code) => {
      clearTimeout(timer)
      resolve(code !== 0)
    })
  })
}

async function measure(folder: string, file: string, tests: readonly string[], onlyLine?: number): Promise<void> {
  const path = join(folder, file)
  const code = readFileSync(path, 'utf8')
  for (const test of tests) {
    if (await isNoticed(folder, test)) throw new Error(`${test} fails without any change`)
  }
  const tally: Tally = { survivors: [], equivalent: [], noticed: 0 }
  for (const mutant of mutantsOf(code)) {
    const { line, before, after } = changeOf(code, mutant)
    if (onlyLine !== undefined && line !== onlyLine) continue
    const reason = EQUIVALENT.find((one) => one.file === file && one.before === before && one.after === after)?.why
    if (reason !== undefined) {
      tally.equivalent.push(`  ${file}:${line}: ${before} → ${after}: nothing changes: ${reason}`)
      continue
    }
    writeFileSync(path, code.slice(0, mutant.start) + mutant.text + code.slice(mutant.end))
    let noticed = false
    for (const test of tests) noticed ||= await isNoticed(folder, test)
    if (noticed) tally.noticed += 1
    else tally.survivors.push(`  ${file}:${line}: ${before} → ${after}`)
  }
  writeFileSync(path, code)
  const all = tally.noticed + tally.survivors.length
  const score = all === 0 ? 100 : (tally.noticed / all) * 100
  console.log(`${file}: ${tally.noticed} of ${all} noticed, ${score.toFixed(1)} %`)
  for (const line of [...tally.survivors, ...tally.equivalent]) console.log(line)
}

const wanted = process.argv.slice(2).map((argument) => argument.split(':'))
const folder = mkdtempSync(join(tmpdir(), 'ipay-mutants-'))
try {
  for (const part of ['src', 'test', 'package.json', 'tsconfig.json']) {
    cpSync(join(ROOT, part), join(folder, part), { recursive: true })
  }
  symlinkSync(join(ROOT, 'node_modules'), join(folder, 'node_modules'))
  for (const [file, tests] of Object.entries(TARGETS)) {
    if (wanted.length === 0) await measure(folder, file, tests)
    for (const [name = '', line] of wanted) {
      if (file.includes(name)) await measure(folder, file, tests, line === undefined ? undefined : Number(line))
    }
  }
} finally {
  rmSync(folder, { recursive: true, force: true })
}
