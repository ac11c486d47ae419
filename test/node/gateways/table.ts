/**
 * `npm run gateways`: runs the one contract suite and prints which adapter passes which case, then what each adapter's
 * folder costs. Ends with 1 when a case fails or an adapter was not asked it.
 */
import { readdirSync, readFileSync } from 'node:fs'
import { run } from 'node:test'
import { fileURLToPath } from 'node:url'

const SUITE = fileURLToPath(new URL('contract.test.ts', import.meta.url))
const GATEWAYS = new URL('../../../src/server/gateways/', import.meta.url)
const ADAPTERS = ['ipay', 'ipay-payments', 'ipay-sessions'] as const

type Verdict = 'pass' | 'FAIL'

/** Verdicts by case and adapter. Cases that say what an adapter's own answer is are one case: `{…}` stands for it. */
async function verdicts(): Promise<Map<string, Map<string, Verdict>>> {
  const table = new Map<string, Map<string, Verdict>>()
  let adapter = ''
  const note = (name: string, verdict: Verdict) => {
    const title = name
      .replace(/^reads \S+ after the simulator's (\S+)$/, "reads the state after the simulator's $1")
      .replace(/^(the errors' table: 402 on opening) is \S+$/, '$1 is a decline where opening charges, else unknown')
    const row = table.get(title) ?? new Map<string, Verdict>()
    table.set(title, row.set(adapter, row.get(adapter) === 'FAIL' ? 'FAIL' : verdict))
  }
  for await (const event of run({ files: [SUITE], concurrency: false })) {
    if (event.type === 'test:start') {
      const suite = /^the gateway contract, (\S+)$/.exec(event.data.name)
      if (suite?.[1]) adapter = suite[1]
    }
    if (event.type !== 'test:pass' && event.type !== 'test:fail') continue
    if (event.data.details.type === 'suite' || event.data.name.endsWith('.test.ts')) continue
    note(event.data.name, event.type === 'test:pass' ? 'pass' : 'FAIL')
  }
  return table
}

function linesOf(folder: string): { readonly file: string; readonly lines: number }[] {
  const url = new URL(`${folder}/`, GATEWAYS)
  return readdirSync(url).map((file) => ({
    file,
    lines: readFileSync(new URL(file, url), 'utf8').split('\n').length - 1,
  }))
}

const table = await verdicts()
/** Steps that a gateway's own states do not have. */
const absent = (title: string) => /simulator's (?:process|authorize)$/.test(title)
let isWhole = table.size > 0

console.log(`| case | ${ADAPTERS.join(' | ')} |\n|---|${ADAPTERS.map(() => ':-:|').join('')}`)
for (const [title, row] of table) {
  const cells = ADAPTERS.map((name) => row.get(name) ?? (absent(title) ? '–' : 'MISSING'))
  if (cells.some((cell) => cell === 'FAIL' || cell === 'MISSING')) isWhole = false
  console.log(`| ${title.replaceAll('|', '\\|')} | ${cells.join(' | ')} |`)
}
const passed = (name: string) => [...table.values()].filter((row) => row.get(name) === 'pass').length
console.log(`| **${table.size} cases** | ${ADAPTERS.map((name) => `**${passed(name)}**`).join(' | ')} |\n`)

console.log('| folder | files | lines | longest file |\n|---|--:|--:|---|')
for (const name of ADAPTERS) {
  const files = linesOf(name)
  const longest = files.reduce((one, other) => (other.lines > one.lines ? other : one))
  const sum = files.reduce((lines, file) => lines + file.lines, 0)
  console.log(`| src/server/gateways/${name} | ${files.length} | ${sum} | ${longest.file}, ${longest.lines} |`)
}
if (!isWhole) process.exitCode = 1
