import { spawn, spawnSync } from 'node:child_process'
import { existsSync } from 'node:fs'
import { fileURLToPath } from 'node:url'

/** The repository's folder, with a slash at its end. */
export const ROOT = fileURLToPath(new URL('..', import.meta.url))

/** The programs of the packages that the commands use. They are started by file with this very Node, never by name. */
export const PROGRAMS = {
  biome: 'node_modules/@biomejs/biome/bin/biome',
  testRunner: 'node_modules/@web/test-runner/dist/bin.js',
  tsc: 'node_modules/typescript/bin/tsc',
  vite: 'node_modules/vite/bin/vite.js',
}

/** Nothing that is waited for takes this long, unless it hangs. */
const LIMIT_MS = 600_000

/** Whether `npm ci` was run, with the packages for development. */
export const isInstalled = () => Object.values(PROGRAMS).every((path) => existsSync(ROOT + path))

/** Runs a script of ours or a package's program to its end and returns its exit code; its output goes where ours goes. */
export function run(path, args, env = {}) {
  const limits = { timeout: LIMIT_MS, killSignal: 'SIGKILL' }
  const options = { cwd: ROOT, stdio: 'inherit', env: { ...process.env, ...env }, ...limits }
  return spawnSync(process.execPath, [ROOT + path, ...args], options).status ?? 1
}

/** The same without waiting. */
export function start(path, args, env = {}) {
  return spawn(process.execPath, [ROOT + path, ...args], {
    cwd: ROOT,
    stdio: 'inherit',
    env: { ...process.env, ...env },
  })
}
