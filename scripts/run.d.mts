/** The repository's folder, with a slash at its end. */
export const ROOT: string
/** The programs of the packages that the commands use. They are started by file with this very Node, never by name. */
export const PROGRAMS: Readonly<Record<'biome' | 'testRunner' | 'tsc' | 'vite', string>>
/** Whether `npm ci` was run, with the packages for development. */
export function isInstalled(): boolean
/** Runs a script of ours or a package's program to its end and returns its exit code; its output goes where ours goes. */
export function run(path: string, args: readonly string[], env?: Readonly<Record<string, string>>): number
/** The same without waiting. */
export function start(
  path: string,
  args: readonly string[],
  env?: Readonly<Record<string, string>>,
): import('node:child_process').ChildProcess
