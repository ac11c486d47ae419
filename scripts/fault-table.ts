// Writes the tables of docs/faults-server.md from the titles of the tests: `npx node scripts/fault-table.ts`.
import { globSync, readFileSync, writeFileSync } from 'node:fs'
import { fileURLToPath } from 'node:url'
import { ASVS_ITEMS, type FaultRow, SERVER_FAULTS } from './fault-rows.ts'

const ROOT = fileURLToPath(new URL('..', import.meta.url))
export const DOCUMENT = `${ROOT}docs/faults-server.md`
const MARK = /(<!-- from the titles of the tests -->\n)[\s\S]*?(<!-- end -->)/

/** A title as it stands in a test file, dynamic parts included. */
export interface Titled {
  /** Below `test/`. */
  readonly file: string
  readonly title: string
  readonly databases: readonly ('SQLite' | 'PostgreSQL')[]
  readonly isShared: boolean
}

/** Titles of tests and suites, and what stands in tables of cases as if it were one. */
const LITERAL = /(['"`])((?:(?!\1)[^\\\n]|\\.)*)\1/g

/** Everything in the test files that reads like a title with a row's id or an item's number. */
export function titledTests(): Titled[] {
  return globSync('test/{node,browser,e2e}/**/*.ts', { cwd: ROOT })
    .sort()
    .flatMap((file) => {
      const text = readFileSync(ROOT + file, 'utf8')
      const about = {
        file: file.slice('test/'.length),
        databases: databasesOf(file, text),
        isShared: isShared(file, text),
      }
      return [...text.matchAll(LITERAL)]
        .map(([, , title = '']) => title)
        .filter((title) => /^(?:[A-I]\d{1,2}[ :])+|OWASP ASVS/.test(title))
        .map((title) => ({ ...about, title }))
    })
}

/** Which databases a file's tests stand on, when they stand on any. */
function databasesOf(file: string, text: string): Titled['databases'] {
  if (/\/rules\//.test(file)) return ['SQLite', 'PostgreSQL']
  const isServer = /startPostgres|crash-points/.test(text) || isOfProcesses(file)
  const isFile = /file:|sqlite|startWorld\(\)|inEveryEngine|inOneEngine/i.test(text)
  return [...(isFile ? (['SQLite'] as const) : []), ...(isServer ? (['PostgreSQL'] as const) : [])]
}

const isOfProcesses = (file: string) => file.startsWith('test/node/processes/')
const isShared = (file: string, text: string) => isOfProcesses(file) || /\.twin\(|await twins\(/.test(text)

/** Ids that a title begins with: `F8 F9: …` has two. */
export const idsOf = (title: string): string[] =>
  /^(?:[A-I]\d{1,2}[ :]+)+/.exec(title)?.[0].match(/[A-I]\d{1,2}/g) ?? []
export const itemsOf = (title: string): string[] =>
  /OWASP ASVS 5\.0, ([\d., and]+)/.exec(title)?.[1]?.match(/\d+\.\d+\.\d+/g) ?? []

/** What shows one row. */
export function evidenceOf(row: Pick<FaultRow, 'id'>, tests: readonly Titled[]) {
  const found = tests.filter(({ title }) => idsOf(title).includes(row.id))
  return {
    titles: found.length,
    files: [...new Set(found.map(({ file }) => file))],
    databases: (['SQLite', 'PostgreSQL'] as const).filter((name) =>
      found.some((test) => test.databases.includes(name)),
    ),
    isShared: found.some((test) => test.isShared),
  }
}

/** The document with its tables as they have to be. */
export function withTables(document: string): string {
  const tests = titledTests()
  const rows = SERVER_FAULTS.map((row) => {
    const { files, isShared: shared, databases } = evidenceOf(row, tests)
    const stored = row.stored ? databases.map((name) => (name === 'SQLite' ? 'S' : 'P')).join(' ') : ''
    return `| ${row.id} | ${row.what} | ${stored} | ${row.shared && shared ? 'yes' : ''} | ${short(files)} |`
  })
  const tried = SERVER_FAULTS.filter((row) => evidenceOf(row, tests).titles > 0)
  const items = Object.entries(ASVS_ITEMS).map(([item, what]) => {
    const files = [...new Set(tests.filter(({ title }) => itemsOf(title).includes(item)).map(({ file }) => file))]
    return `| ${item} | ${what} | ${short(files)} |`
  })
  const tables = [
    `Survived / tried: **${tried.length} / ${tried.length}** of ${SERVER_FAULTS.length} rows. A row that is not survived fails \`npm test\`.`,
    '',
    '| row | what | databases | several processes | files |',
    '|---|---|---|---|---|',
    ...rows,
    '',
    '| OWASP ASVS 5.0 | what | files |',
    '|---|---|---|',
    ...items,
    '',
  ].join('\n')
  return document.replace(MARK, (_, begin: string, end: string) => begin + tables + end)
}

/** How the tables name a file. */
export const nameOf = (file: string): string => file.replace(/^node\//, '').replace(/(\.test)?\.ts$/, '')
const short = (files: readonly string[]) => [...new Set(files.map((file) => `\`${nameOf(file)}\``))].join(' ')

if (process.argv[1] === fileURLToPath(import.meta.url)) {
  writeFileSync(DOCUMENT, withTables(readFileSync(DOCUMENT, 'utf8')))
}
