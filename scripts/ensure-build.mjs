// `npm start` by way of `prestart`: builds when dist/ is missing or older than what it is made of.
import './node-guard.mjs'
import { readdirSync, statSync } from 'node:fs'
import { ROOT } from './run.mjs'

const SOURCES = ['src', 'demo', 'index.html', 'vite.config.ts', 'scripts', 'package-lock.json', 'tsconfig.build.json']

/** When a file or anything below a folder was last changed; 0 when there is none. */
function changedAt(path) {
  const stat = statSync(path, { throwIfNoEntry: false })
  if (!stat?.isDirectory()) return stat?.mtimeMs ?? 0
  return Math.max(stat.mtimeMs, ...readdirSync(path).map((name) => changedAt(`${path}/${name}`)))
}

const builtAt = changedAt(`${ROOT}dist/.built`)
if (SOURCES.some((source) => changedAt(ROOT + source) > builtAt)) await import('./build.mjs')
