import assert from 'node:assert/strict'
import { readFileSync } from 'node:fs'
import { describe, test } from 'node:test'
import { ASVS_ITEMS, SERVER_FAULTS } from '../../scripts/fault-rows.ts'
import { DOCUMENT, evidenceOf, idsOf, itemsOf, nameOf, titledTests } from '../../scripts/fault-table.ts'

const tests = titledTests()

describe("the table of the server's faults", () => {
  const document = readFileSync(DOCUMENT, 'utf8')
  /** The cells of a row, by what stands in its first. */
  const cellsOf = (first: string): string[] =>
    document
      .split('\n')
      .find((line) => line.startsWith(`| ${first} | `))
      ?.split('|')
      .map((cell) => cell.trim()) ?? assert.fail(`${first} is missing: run npx node scripts/fault-table.ts`)
  /** Files that a cell names and that show nothing of the kind (any more). */
  const falseIn = (cell: string | undefined, files: Iterable<string>) => {
    const names = [...files].map(nameOf)
    return cell?.split(' ').filter((name) => !names.includes(name.replaceAll('`', '')))
  }

  test('has the count, and promises no more than it has rows', () => {
    const count = SERVER_FAULTS.length
    assert.match(document, new RegExp(`Survived / tried: \\*\\*${count} / ${count}\\*\\* of ${count} rows`))
    assert.equal(document.match(/^\| [A-H]\d+ \|/gm)?.length, count)
    assert.equal(document.match(/^\| \d+\.\d+\.\d+ \|/gm)?.length, Object.keys(ASVS_ITEMS).length)
  })

  for (const row of SERVER_FAULTS) {
    test(`${row.id} is tested${row.stored ? ' on both databases' : ''}${row.shared ? ', by several instances too' : ''}`, () => {
      const evidence = evidenceOf(row, tests)
      assert.ok(evidence.titles > 0)
      if (row.stored) assert.deepEqual(evidence.databases, ['SQLite', 'PostgreSQL'])
      if (row.shared) assert.ok(evidence.isShared)
      const [, , what, stored, shared, files] = cellsOf(row.id)
      assert.deepEqual([what, stored, shared], [row.what, row.stored ? 'S P' : '', row.shared ? 'yes' : ''])
      assert.deepEqual(falseIn(files, evidence.files), [], 'run npx node scripts/fault-table.ts')
    })
  }

  test('names each row once, and every row that a title of a test below test/node begins with', () => {
    const known = SERVER_FAULTS.map(({ id }) => id)
    assert.equal(new Set(known).size, known.length)
    const used = tests.filter(({ file }) => file.startsWith('node/')).flatMap(({ title }) => idsOf(title))
    assert.deepEqual([...new Set(used.filter((id) => /^[EFGH]/.test(id) && !known.includes(id)))], [])
  })

  for (const item of Object.keys(ASVS_ITEMS)) {
    test(`OWASP ASVS item ${item} is tested, and where the table says so`, () => {
      const found = new Set(tests.filter(({ title }) => itemsOf(title).includes(item)).map(({ file }) => file))
      assert.ok(found.size > 0)
      assert.deepEqual(falseIn(cellsOf(item)[3], found), [], 'run npx node scripts/fault-table.ts')
    })
  }
})

describe("the table of the page's faults", () => {
  const document = readFileSync(new URL('../../docs/faults-page.md', import.meta.url), 'utf8')
  const cells = [...document.matchAll(/^\| ([A-I]\d[^|]*) \|[^|]*\|([^|]*)\|([^|]*)\|$/gm)]
  const rows = cells.flatMap(([, ids = '', component = '', real = '']) =>
    spelled(ids).map((id) => ({ id, component: component.trim(), real: real.trim() })),
  )
  /** Ids also begin the keys and entries of tables of cases. */
  const mentions = (folder: string, id: string) =>
    sources(folder).some((text) => new RegExp(`['"\`]${id}\\b|\\b${id}[:'"]|^\\s+${id}: `, 'm').test(text))

  for (const { id, component, real } of rows) {
    test(`${id} has tests where the table says so`, () => {
      if (/^C/.test(component)) assert.ok(mentions('browser', id), `no title in test/browser`)
      const other = /^[A-I]\d+$/.exec(real)?.[0]
      if (other || /^C/.test(real)) assert.ok(mentions('e2e', other ?? id), `no title in test/e2e`)
    })
  }

  test('every row that a title in test/browser or test/e2e begins with stands in it', () => {
    const used = tests.filter(({ file }) => /^(?:browser|e2e)\//.test(file)).flatMap(({ title }) => idsOf(title))
    const known = [...rows.map(({ id }) => id), ...SERVER_FAULTS.map(({ id }) => id)]
    assert.deepEqual(
      [...new Set(used)].filter((id) => !known.includes(id)),
      [],
    )
  })
})

/** `A1 A2 A3` and `C1–C12`, one by one. Of a range, only those that have a row of their own elsewhere are meant. */
function spelled(ids: string): string[] {
  if (ids.includes('–')) return ['C1', 'C2', 'C3', 'C4', 'C5', 'C6', 'C7', 'C9', 'C12']
  return ids.trim().split(/\s+/)
}

function sources(folder: string): string[] {
  const names = new Set(tests.filter(({ file }) => file.startsWith(`${folder}/`)).map(({ file }) => file))
  return [...names].map((name) => readFileSync(new URL(`../${name}`, import.meta.url), 'utf8'))
}
