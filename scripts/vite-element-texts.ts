import type { Plugin } from 'vite'

/**
 * Makes texts and styles small in the file for a script tag; what the page sees is what the sources say. Bangla is three
 * bytes a letter, of which two are always the same, and both languages name the same texts: the second one becomes one text
 * of ASCII, which is spelled out again when the file is loaded. Styles lose their line ends.
 */
export const smallTexts: Plugin = {
  name: 'small-texts',
  enforce: 'pre',
  async transform(code, id) {
    if (id.endsWith('/messages-bn.ts')) return unmapped(packed(await import(id)))
    if (id.endsWith('.styles.ts'))
      return unmapped(code.replace(/css(`[^`]*`)/g, (_, css) => css.replace(/;?\n}|;}/g, '}').replaceAll('\n', '')))
    return undefined
  },
}

/** What was rewritten has no lines to point to. */
const unmapped = (code: string) => ({ code, map: { mappings: '' as const } })

/** U+0981 to U+09CD stand this far above `0` to `|`, which Bangla texts need in blanks such as `{time}` alone. */
const SHIFT = 0x951
const PACKED = /{\w+}|[0-|]/g

function packed({ bn }: { readonly bn: Readonly<Record<string, string>> }): string {
  const small = (text: string) => text.replace(/[ঁ-্]/g, (letter) => String.fromCharCode(letter.charCodeAt(0) - SHIFT))
  const back = (text: string) =>
    text.replace(PACKED, (found) => (found[1] ? found : String.fromCharCode(found.charCodeAt(0) + SHIFT)))
  for (const text of Object.values(bn)) {
    if (back(small(text)) !== text || text.includes('\n')) throw new Error(`this text cannot be packed: ${text}`)
  }
  return `import { en } from './messages-en.ts'
const texts = ${JSON.stringify(Object.values(bn).map(small).join('\n'))}.split('\\n')
const letter = (found) => found[1] ? found : String.fromCharCode(found.charCodeAt() + ${SHIFT})
export const bn = Object.fromEntries(Object.keys(en).map((key, n) => [key, texts[n].replace(${PACKED}, letter)]))`
}
