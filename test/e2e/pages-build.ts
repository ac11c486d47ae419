import { mkdtempSync, readFileSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { build, type Plugin } from 'vite'
import { elementBuild } from '../../scripts/vite-element.ts'

const ROOT = fileURLToPath(new URL('../..', import.meta.url))

/** The file for a script tag as it is published, with its integrity hash. */
export interface BuiltElements {
  readonly code: string
  /** `sha384-…`, as in the `.sri` file beside it. */
  readonly integrity: string
  /** The optional style sheet. */
  readonly css: string
}

/**
 * Builds the published file from the sources as they are now, in a folder of its own: a test never runs against what an
 * older build left behind. `verb` makes another version of it: the word on its button is another.
 */
export async function buildElements({ verb }: { readonly verb?: string } = {}): Promise<BuiltElements> {
  const outDir = mkdtempSync(join(tmpdir(), 'ipay-elements-'))
  const otherWords: Plugin = {
    name: 'other-words',
    enforce: 'pre',
    transform: (code, id) =>
      verb && id.endsWith('messages-en.ts') ? code.replace("pay: 'Pay'", `pay: '${verb}'`) : undefined,
  }
  try {
    await build({
      ...elementBuild,
      root: ROOT,
      configFile: false,
      logLevel: 'warn',
      build: { ...elementBuild.build, outDir },
      plugins: [otherWords, elementBuild.plugins ?? []],
    })
    const read = (name: string) => readFileSync(join(outDir, name), 'utf8')
    return {
      code: read('ipay-button.min.js'),
      integrity: read('ipay-button.min.js.sri').trim(),
      css: read('ipay-button.css'),
    }
  } finally {
    rmSync(outDir, { recursive: true, force: true })
  }
}

/** Svelte's own compiler, for the pages that are written in it. */
const svelte: Plugin = {
  name: 'svelte',
  async transform(source, id) {
    if (!id.endsWith('.svelte')) return undefined
    const { compile } = await import('svelte/compiler')
    const { code } = compile(source, { filename: id, dev: true }).js
    return { code, moduleType: 'js' }
  },
}

/** Bundles one page's script, such as a framework's, with everything that it imports. */
export async function bundle(entry: string, mode: 'development' | 'production' = 'development'): Promise<string> {
  const result = await build({
    root: ROOT,
    configFile: false,
    logLevel: 'warn',
    mode,
    define: { 'process.env.NODE_ENV': JSON.stringify(mode) },
    publicDir: false,
    plugins: [svelte],
    build: {
      write: false,
      minify: false,
      modulePreload: false,
      rollupOptions: { input: join(ROOT, entry), output: { codeSplitting: false } },
    },
  })
  const outputs = [result].flat().flatMap((made) => ('output' in made ? made.output : []))
  const chunk = outputs.find((output) => output.type === 'chunk')
  if (chunk?.type !== 'chunk') throw new Error(`${entry} made no script`)
  return chunk.code
}

/** A script tag for the built file, as the guide writes it. */
export const scriptTag = ({ integrity }: BuiltElements, src = '/ipay-button.min.js'): string =>
  `<script type="module" src="${src}" integrity="${integrity}" crossorigin="anonymous"></script>`
