// `npm run build`, and `npm ci` by way of `prepare`: everything in dist/.
import './node-guard.mjs'
import { chmodSync, mkdirSync, rmSync, writeFileSync } from 'node:fs'
import { isInstalled, PROGRAMS, ROOT, run } from './run.mjs'

const dist = `${ROOT}dist`

/** What the published package and the example shop need, in this order: tsc starts from an empty folder. */
const STEPS = [
  ['types and modules', () => run(PROGRAMS.tsc, ['-p', 'tsconfig.build.json'])],
  [
    'the file for a script tag, its hash and its styles',
    () => run(PROGRAMS.vite, ['build', '--mode', 'element', '--logLevel', 'warn']),
  ],
  ["the shop's pages", () => run(PROGRAMS.vite, ['build', '--logLevel', 'warn'])],
]

if (!isInstalled()) {
  // `npm ci --omit=dev` runs this script too, and must not fail for want of a compiler.
  console.log('Nothing is built: the packages for development are not installed.')
  process.exit(0)
}

const startedAt = performance.now()
rmSync(dist, { recursive: true, force: true })
mkdirSync(dist)
for (const [name, step] of STEPS) {
  if (step() === 0) continue
  console.error(`The build stopped at ${name}.`)
  process.exit(1)
}

chmodSync(`${dist}/cli/main.js`, 0o755)
// Last: ensure-build.mjs takes this file's time for the time of the build.
writeFileSync(`${dist}/.built`, '')
console.log(`built dist/ in ${((performance.now() - startedAt) / 1000).toFixed(1)} s`)
