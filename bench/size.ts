import { readFileSync } from 'node:fs'
import { gzipSync } from 'node:zlib'

/** KiB after gzip -9 that a published file may weigh. A larger budget needs a reason beside it. */
const BUDGETS: readonly { readonly file: string; readonly kib: number }[] = [
  // The wish was 12.0: docs/decisions/0007-the-size-of-the-elements.md says where the bytes go, `npx node bench/where.ts` shows it.
  { file: 'dist/ipay-button.min.js', kib: 16.6 },
]

/** Size of a file of this repository as a browser downloads it, in KiB of gzip -9. */
export function gzipKib(file: string): number {
  return gzipSync(readFileSync(new URL(`../${file}`, import.meta.url)), { level: 9 }).length / 1024
}

/** Prints each file against its budget; false when one is over it. */
export function checkSizes(): boolean {
  return BUDGETS.map(({ file, kib }) => {
    const size = gzipKib(file)
    const verdict = size <= kib ? 'within' : 'OVER'
    console.log(`${file}: ${size.toFixed(2)} KiB gzip, ${verdict} its budget of ${kib.toFixed(2)} KiB`)
    return size <= kib
  }).every(Boolean)
}

if (import.meta.main && !checkSizes()) process.exitCode = 1
