import { readdirSync, readFileSync } from 'node:fs'
import { dirname, relative, resolve } from 'node:path'
import { fileURLToPath } from 'node:url'

const ROOT = fileURLToPath(new URL('../..', import.meta.url))
const FOLDERS = ['src', 'server-example', 'demo']

/** One import line of a file. */
export interface Import {
  readonly from: string
  readonly to: string
  readonly typesOnly: boolean
}

/** All sources, as paths from the root. */
export const FILES = FOLDERS.flatMap((folder) =>
  readdirSync(`${ROOT}${folder}`, { recursive: true, encoding: 'utf8' })
    .filter((name) => /\.(ts|tsx|js|mjs)$/.test(name) && !name.endsWith('.d.ts'))
    .map((name) => `${folder}/${name}`),
).sort()

export const textOf = (file: string) => readFileSync(ROOT + file, 'utf8')

/** All import lines of a file; relative ones as paths from the root, packages by their name. */
export function importsOf(file: string): Import[] {
  const pattern =
    /^\s*(?:import|export)\s+(type\s)?(?:[^'"()]*?\sfrom\s+)?['"]([^'"]+)['"]|\bimport\(\s*['"]([^'"]+)['"]/gm
  return [...textOf(file).matchAll(pattern)].map(([, type, name, dynamic]) => {
    const target = name ?? dynamic ?? ''
    const to = target.startsWith('.') ? relative(ROOT, resolve(ROOT, dirname(file), target)) : target
    return { from: file, to, typesOnly: type !== undefined }
  })
}

export const IMPORTS = FILES.flatMap(importsOf)

/** Is a path one of these, or in one of these folders? */
export const within =
  (...places: readonly string[]) =>
  (path: string) =>
    places.some((place) => path === place || (place.endsWith('/') && path.startsWith(place)))

export const isOurs = within('src/', 'server-example/', 'demo/')
