// `npm run check`: format, lint, types and the size budget. Shows every fault before it fails.
import './node-guard.mjs'
import { existsSync } from 'node:fs'
import { PROGRAMS, ROOT, run } from './run.mjs'

const CHECKS = [
  ['format and lint', () => run(PROGRAMS.biome, ['check', '--error-on-warnings', '--max-diagnostics=200'])],
  ['types', () => run(PROGRAMS.tsc, ['-p', '.'])],
  [
    'size of dist/ipay-button.min.js',
    async () => {
      if (!existsSync(`${ROOT}dist/ipay-button.min.js`)) await import('./build.mjs')
      const { checkSizes } = await import('../bench/size.ts')
      return checkSizes() ? 0 : 1
    },
  ],
]

const failed = []
for (const [name, check] of CHECKS) if ((await check()) !== 0) failed.push(name)
if (failed.length > 0) {
  console.error(`\nThe check found faults in: ${failed.join(', ')}. \`npm run format\` mends format and simple lint.`)
  process.exitCode = 1
}
