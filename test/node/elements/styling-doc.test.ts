import assert from 'node:assert/strict'
import { readFileSync } from 'node:fs'
import { test } from 'node:test'

const read = (path: string): string => readFileSync(new URL(`../../../${path}`, import.meta.url), 'utf8')
const doc = read('docs/styling.md')

for (const name of ['ipay-button', 'ipay-result']) {
  test(`docs/styling.md names every property, part, slot and state of <${name}>, and its styles read no other property`, () => {
    const source = read(`src/elements/${name}.ts`)
    const named = [...source.matchAll(/^ \* @(?:cssprop|csspart|slot) ([\w-]+)(?: -|$)/gm)].map(([, word]) => word)
    const states = (/^ \* @cssstate (.*)$/m.exec(source)?.[1] ?? '').split(' ').filter(Boolean)
    assert.ok(named.length > 10)
    for (const word of [...named, ...states]) assert.ok(doc.includes(`\`${word}\``), `${word} is missing`)
    const styles = read(`src/elements/${name}.styles.ts`)
    for (const [, property] of styles.matchAll(/var\((--ipay-[\w-]+)/g)) assert.ok(named.includes(property), property)
  })
}
