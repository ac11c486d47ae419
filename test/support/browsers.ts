import { spawnSync } from 'node:child_process'
import { existsSync, readdirSync } from 'node:fs'
import { delimiter, join } from 'node:path'

/** For a slow mirror and four browsers' worth of packages. */
const INSTALL_MS = 900_000

/** The browser engines that the tests know. */
export const ENGINES = ['chromium', 'firefox', 'webkit'] as const
export type EngineName = (typeof ENGINES)[number]

/** A program that the tests start, and the Debian package that holds it. */
interface Tool {
  readonly name: string
  readonly debian: string
  readonly find: () => string | undefined
}

const TOOLS = {
  chromium: tool('chromium', 'Chromium', () => onPath('chromium', 'chromium-browser', 'google-chrome')),
  firefox: tool('firefox-esr', 'Firefox', () => onPath('firefox-esr', 'firefox')),
  webKitDriver: tool('webkit2gtk-driver', 'WebKitWebDriver', () => onPath('WebKitWebDriver')),
  miniBrowser: tool('webkit2gtk-driver', "WebKitGTK's MiniBrowser", () =>
    inFolders('/usr/lib', (folder) => [
      join(folder, 'webkit2gtk-4.1/MiniBrowser'),
      join(folder, 'webkit2gtk-4.0/MiniBrowser'),
    ]),
  ),
  xvfb: tool('xvfb', 'Xvfb', () => onPath('Xvfb')),
  postgres: tool('postgresql', 'PostgreSQL', () =>
    inFolders('/usr/lib/postgresql', (folder) => [join(folder, 'bin/initdb')]),
  ),
} satisfies Record<string, Tool>

export type ToolName = keyof typeof TOOLS

/** What each engine needs to run. */
export const TOOLS_OF: Record<EngineName | 'postgres', readonly ToolName[]> = {
  chromium: ['chromium'],
  firefox: ['firefox'],
  webkit: ['webKitDriver', 'miniBrowser', 'xvfb'],
  postgres: ['postgres'],
}

function tool(debian: string, name: string, find: () => string | undefined): Tool {
  return { debian, name, find }
}

function onPath(...names: string[]): string | undefined {
  const folders = (process.env['PATH'] ?? '').split(delimiter)
  return names.flatMap((name) => folders.map((folder) => join(folder, name))).find((file) => existsSync(file))
}

/** The first candidate that exists, folders with the highest version first. */
function inFolders(parent: string, candidates: (folder: string) => string[]): string | undefined {
  if (!existsSync(parent)) return undefined
  const folders = readdirSync(parent).sort((a, b) => b.localeCompare(a, 'en', { numeric: true }))
  return folders.flatMap((folder) => candidates(join(parent, folder))).find((file) => existsSync(file))
}

/** Where a program is. Throws a sentence that names the package when it is missing. */
export function pathOf(name: ToolName): string {
  const found = TOOLS[name].find()
  if (!found) throw new Error(`${TOOLS[name].name} is missing: apt-get install -y ${TOOLS[name].debian}`)
  return found
}

/** The engines that can run here. */
export function presentEngines(): EngineName[] {
  return ENGINES.filter((engine) => TOOLS_OF[engine].every((name) => TOOLS[name].find()))
}

/** The Debian packages that are missing for these engines and databases, each once. */
export function missingPackages(needed: readonly (EngineName | 'postgres')[]): string[] {
  const missing = needed.flatMap((engine) => TOOLS_OF[engine]).filter((name) => !TOOLS[name].find())
  return [...new Set(missing.map((name) => TOOLS[name].debian))]
}

/**
 * Makes sure that everything needed is there: installs it on Debian as root, and otherwise throws a sentence with the
 * command to run.
 */
export function ensureInstalled(needed: readonly (EngineName | 'postgres')[], say: (line: string) => void): void {
  const packages = missingPackages(needed)
  if (packages.length === 0) return
  // A font with Bangla letters belongs to the browsers: without one the pages under test show empty boxes.
  const wanted = [...packages, ...(packages.every((name) => name === 'postgresql') ? [] : ['fonts-noto-core'])]
  // An index that cannot be renewed may still name everything.
  const command = `apt-get update; apt-get install -y --no-install-recommends ${wanted.join(' ')}`
  if (!onPath('apt-get')) {
    throw new Error(
      `The tests need ${packages.join(', ')} (Debian's names), which this machine lacks: install them and run again.`,
    )
  }
  if (process.getuid?.() !== 0) throw new Error(`The tests need ${packages.join(', ')}: run  sudo sh -c '${command}'`)
  say(`installing ${wanted.join(' ')} …`)
  const env = { ...process.env, DEBIAN_FRONTEND: 'noninteractive' }
  const options = { env, encoding: 'utf8', maxBuffer: 2 ** 26, timeout: INSTALL_MS } as const
  const { status, stdout, stderr } = spawnSync('sh', ['-c', command], options)
  if (status !== 0)
    throw new Error(`${command}\nended with ${status ?? 'no result in time'}:\n${(stdout + stderr).slice(-2000)}`)
  const still = missingPackages(needed)
  if (still.length > 0) throw new Error(`${still.join(', ')} still missing after  ${command}`)
}
