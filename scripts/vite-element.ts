import { createHash } from 'node:crypto'
import { copyFileSync, readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import type { UserConfig } from 'vite'
import { smallTexts } from './vite-element-texts.ts'

const FILE = 'ipay-button.min.js'

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
      output: { entryFileNames: process.env['ELEMENT_FILE'] ?? FILE, codeSplitting: false, comments: false },
    },
  },
  plugins: [
    smallTexts,
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
