import { createHash } from 'node:crypto'
import { copyFileSync, readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import type { Plugin, UserConfig } from 'vite'
import { compiledTemplates } from './vite-element-templates.ts'
import { smallTexts } from './vite-element-texts.ts'

const FILE = 'ipay-button.min.js'

/**
 * Members that only our own classes call each other by: shortened in the one file that holds them all. Nothing of what
 * a page sees, an answer holds or a text is called may stand here.
 */
export const INTERNAL =
  /^(flow|renew|accepted|returned|identify|identity|returnedToken|waitSeconds|sayWhenSlow|safeUrl|linkMs|timeLeft|forgetPrice|asking|internals|later|learn|report|rested|endpointText|story|verb|money|language|offer|shop|watch|hint|allowed|shadowRootOptions|styles|properties|changed|comeBack|address|tell|bound|price|problem|minor|onLoopback|willUpdate|createRenderRoot|converter|announce|announcing|isShown|drawn|depart|goOn|catchUp)$/

/** What makes the file for a script tag smaller than its sources are. */
export const SMALL: Plugin[] = [compiledTemplates, smallTexts]

/**
 * `dist/ipay-button.min.js`: one file for a script tag, with its integrity hash beside it. App mode, because library mode
 * keeps the whitespace.
 */
export const elementBuild: UserConfig = {
  publicDir: false,
  build: {
    target: 'es2022',
    outDir: 'dist',
    emptyOutDir: false,
    modulePreload: false,
    rollupOptions: {
      input: process.env['ELEMENT_ENTRY'] ?? 'src/elements/define.ts',
      preserveEntrySignatures: 'strict',
      output: {
        entryFileNames: process.env['ELEMENT_FILE'] ?? FILE,
        codeSplitting: false,
        // A classic script tag would make a global of every name otherwise, `$` and `_` among them.
        format: 'iife',
        comments: false,
        minify: {
          compress: { target: 'es2022' },
          mangle: { toplevel: true },
          codegen: { removeWhitespace: true },
          mangleProps: { include: INTERNAL, quoted: true },
        },
      },
    },
  },
  plugins: [
    ...SMALL,
    {
      name: 'integrity',
      writeBundle({ dir = 'dist' }, bundle) {
        for (const name of Object.keys(bundle)) {
          const hash = createHash('sha384')
            .update(readFileSync(join(dir, name)))
            .digest('base64')
          writeFileSync(join(dir, `${name}.sri`), `sha384-${hash}\n`)
        }
        copyFileSync('src/elements/ipay-button.css', join(dir, 'ipay-button.css'))
      },
    },
  ],
}
