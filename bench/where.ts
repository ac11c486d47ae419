// `npx node bench/where.ts`: what the file for a script tag would lose, in bytes of gzip -9, without each of its modules.
import { SourceMap } from 'node:module'
import { gzipSync } from 'node:zlib'
import { build, type Rolldown } from 'vite'
import { elementBuild, SMALL } from '../scripts/vite-element.ts'

const gzip = (text: string) => gzipSync(text, { level: 9 }).length

const output = (await build({
  ...elementBuild,
  configFile: false,
  logLevel: 'warn',
  plugins: SMALL,
  build: { ...elementBuild.build, write: false, sourcemap: 'hidden' },
})) as Rolldown.RolldownOutput
const { code, map } = output.output[0]
if (!map) throw new Error('the build made no source map')
const sources = new SourceMap({ ...map, file: '', sourceRoot: '', sourcesContent: [] })

/** The module that each character comes from; texts and styles that the build rewrote belong to none. */
const owners = code.split('\n').flatMap((line, row) =>
  [...`${line}\n`].map((_, column) => {
    const entry = sources.findEntry(row, column)
    return 'originalSource' in entry ? (entry.originalSource ?? '') : ''
  }),
)
const characters = [...code]
const whole = gzip(code)
const rows = [...new Set(owners)]
  .map((name) => ({
    name,
    raw: owners.filter((owner) => owner === name).length,
    bytes: whole - gzip(characters.filter((_, n) => owners[n] !== name).join('')),
  }))
  .sort((a, b) => b.bytes - a.bytes)
console.log(`${whole} bytes in all`)
console.log('  gzip    raw')
for (const { name, bytes, raw } of rows) {
  console.log(
    `${String(bytes).padStart(6)} ${String(raw).padStart(6)}  ${name.replace(/^.*\/(?=node_modules|src)/, '') || 'texts and styles'}`,
  )
}
