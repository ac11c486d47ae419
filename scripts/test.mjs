// `npm test`: everything. `npm test -- node browser` runs parts, `npm test -- --only test/node/foo.test.ts` runs files.
import './node-guard.mjs'
import { isInstalled, ROOT } from './run.mjs'

if (!isInstalled()) {
  console.error('The packages that the tests need are not installed: run `npm ci` first.')
  process.exit(1)
}
// Hundreds of processes read the same sources: each is stripped of its types and compiled once.
process.env.NODE_COMPILE_CACHE ??= `${ROOT}node_modules/.cache/compiled`
// Only now: an old Node could not even read TypeScript.
const { runTests } = await import('./test-run.ts')
process.exitCode = await runTests(process.argv.slice(2))
