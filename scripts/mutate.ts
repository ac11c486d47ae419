/**
 * `node scripts/mutate.ts [file[:line]…]`: changes one thing at a time in the files where a mistake costs money, in a copy
 * of the repository, and runs the tests that should notice. Prints what no test noticed, and a score per file.
 *
 * Not changed, because no rule depends on them: types, imports, and the words for people in an error's message.
 */
import { spawn } from 'node:child_process'
import { cpSync, globSync, mkdtempSync, readFileSync, rmSync, symlinkSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { parseAst } from 'vite'
import { EQUIVALENT } from './mutate-equivalent.ts'
import { ROOT } from './run.mjs'

const PAYMENTS = 'test/node/payments'

/** The tests of a use case that has a folder of them. */
const folderOf = (useCase: string): string[] => globSync(`${PAYMENTS}/${useCase}/*.test.ts`, { cwd: ROOT }).sort()

/** The core, and the tests that hold each file: the quickest first. `file#name` runs only the tests of that name. */
const TARGETS: Readonly<Record<string, readonly string[]>> = {
  'src/contract/money.ts': [`${PAYMENTS}/money.test.ts`],
  'src/contract/payment-url.ts': [`${PAYMENTS}/payment-url.test.ts`],
  'src/contract/canonical-json.ts': [`${PAYMENTS}/fingerprint.test.ts`],
  'src/server/payments/transition.ts': [`${PAYMENTS}/transition.test.ts`],
  'src/server/payments/derive-payment.ts': [`${PAYMENTS}/derive-payment.test.ts`],
  'src/server/payments/schedule.ts': [`${PAYMENTS}/schedule.test.ts`],
  'src/server/http/signature.ts': ['test/node/http/signature.test.ts'],
  'src/server/payments/settle-attempt.ts': folderOf('settle-attempt'),
  'src/server/payments/claim-opening.ts': folderOf('claim-opening'),
  'src/server/payments/open-payment.ts': folderOf('open-payment'),
  'src/server/payments/record-opening.ts': [`${PAYMENTS}/record-opening.test.ts`],
  'src/server/payments/deliver.ts': folderOf('deliver'),
  'src/server/payments/notifications.ts': [`${PAYMENTS}/notifications.test.ts`],
  'src/server/http/signed-notifications.ts': ['test/node/http/signature.test.ts'],
  'src/server/payments/key-use.ts': [`${PAYMENTS}/key-use.test.ts`],
  'src/server/payments/side-news.ts': [`${PAYMENTS}/side-news.test.ts`],
}
/** A change that makes the tests run for ever counts as noticed. */
const PATIENCE_MS = 30_000

interface Mutant {
  readonly start: number
  readonly end: number
  readonly text: string
}

interface Tally {
  readonly survivors: string[]
  readonly equivalent: string[]
  noticed: number
}

interface Node {
  readonly type: string
  readonly start: number
  readonly end: number
  readonly [member: string]: unknown
}

const isNode = (value: unknown): value is Node =>
  typeof value === 'object' && value !== null && 'type' in value && typeof value.type === 'string'

const OPERATORS: Readonly<Record<string, string>> = {
  '===': '!==', '!==': '===', '<': '<=', '<=': '<', '>': '>=', '>=': '>', '+': '-', '-': '+', '*': '/', '/': '*',
  '&&': '||', '||': '&&', '??': '&&', '&': '|', '%': '*',
} // biome-ignore format: a table

/** Every single change of a file that the tests should notice. */
function mutantsOf(code: string): Mutant[] {
  const mutants: Mutant[] = []
  const put = (start: number, end: number, text: string) => void mutants.push({ start, end, text })

  function operator(node: Node): void {
    const [left, right] = [node['left'] as Node, node['right'] as Node]
    const other = OPERATORS[String(node['operator'])]
    const at = code.indexOf(String(node['operator']), left.end)
    if (other && at >= 0 && at < right.start) put(at, at + String(node['operator']).length, other)
  }
  function condition(test: Node): void {
    put(test.start, test.end, 'true')
    put(test.start, test.end, 'false')
  }
  function literal({ start, end, value, raw }: Node): void {
    if (typeof value === 'boolean') put(start, end, String(!value))
    if (typeof value === 'number') put(start, end, `(${raw} + 1)`)
    if (typeof value === 'string') put(start, end, value === '' ? "'changed'" : "''")
    const text = String(raw)
    if (text.startsWith('/')) {
      // A rule of text without its beginning or its end.
      if (text.startsWith('/^')) put(start + 1, start + 2, '')
      const close = text.lastIndexOf('/')
      if (text[close - 1] === '$') put(start + close - 1, start + close, '')
    }
  }
  function visit(node: Node): void {
    if (node.type.startsWith('TS') && !/^TS(As|NonNull|Satisfies)/.test(node.type)) return
    if (node.type === 'ImportDeclaration' || node.type === 'ExportAllDeclaration') return
    if (node.type === 'NewExpression') {
      visitAll(wordless(node))
      return
    }
    if (node.type === 'BinaryExpression' || node.type === 'LogicalExpression') operator(node)
    if (node.type === 'IfStatement' || node.type === 'ConditionalExpression') condition(node['test'] as Node)
    if (node.type === 'UnaryExpression' && node['operator'] === '!') put(node.start, node.start + 1, '')
    if (node.type === 'Literal') literal(node)
    if (node.type === 'ArrayExpression' && (node['elements'] as unknown[]).length > 0) put(node.start, node.end, '[]')
    if (node.type === 'ExpressionStatement') put(node.start, node.end, ';')
    visitAll(node)
  }
  function visitAll(node: object): void {
    for (const [name, member] of Object.entries(node)) {
      if (name === 'typeAnnotation' || name === 'returnType' || name === 'typeArguments') continue
      for (const child of Array.isArray(member) ? member : [member]) if (isNode(child)) visit(child)
    }
  }
  const program: unknown = parseAst(code, { lang: 'ts' })
  if (isNode(program)) visit(program)
  return mutants
}

/** The arguments of `new SomethingError(…)` without the sentence for people; those of other classes are all kept. */
function wordless(node: Node): object {
  const callee = node['callee'] as Node
  const rest = node['arguments'] as Node[]
  const isWords = ({ type }: Node) => type === 'Literal' || type === 'TemplateLiteral'
  const words =
    callee['name'] === 'ProblemError' ? rest[1] : /Error$/.test(String(callee['name'])) ? rest[0] : undefined
  return rest.filter((argument) => argument !== words || !isWords(argument))
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

/** The change as a person would point at it, and as `EQUIVALENT` names it: the line before and after. */
function changeOf(code: string, { start, end, text }: Mutant): { line: number; before: string; after: string } {
  const from = code.lastIndexOf('\n', start - 1) + 1
  const to = (code.indexOf('\n', end) + code.length + 1) % (code.length + 1)
  const tidy = (part: string) => part.trim().replaceAll(/\s+/g, ' ')
  return {
    line: code.slice(0, start).split('\n').length,
    before: tidy(code.slice(from, to)),
    after: tidy(code.slice(from, start) + text + code.slice(end, to)),
  }
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
