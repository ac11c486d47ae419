import { basename } from 'node:path'
import { fileURLToPath } from 'node:url'
import { type Plugin, parseSync } from 'vite'
import { compileTemplate } from './compile-template.ts'

/** A template as it stands in a source: where it begins, its static texts, and where each stands with the signs around it. */
interface FoundTemplate {
  readonly start: number
  readonly texts: readonly { readonly text: string; readonly start: number; readonly end: number }[]
}

/** The templates of a TypeScript source that are tagged `html`, nested ones too. */
function templatesOf(name: string, source: string): FoundTemplate[] {
  const found: FoundTemplate[] = []
  const visit = (node: unknown): void => {
    if (!node || typeof node !== 'object') return
    for (const child of Object.values(node)) visit(child)
    if (!('type' in node) || node.type !== 'TaggedTemplateExpression') return
    const { tag, quasi, start } = node as unknown as TaggedTemplate
    if (tag.name !== 'html') return
    found.push({
      start,
      texts: quasi.quasis.map(({ value, start, end }) => ({ text: value.cooked, start, end })),
    })
  }
  visit(parseSync(name, source).program)
  return found
}

/** What this file asks of the syntax tree: https://github.com/estree/estree/blob/master/es2015.md */
interface TaggedTemplate {
  readonly start: number
  readonly tag: { readonly name?: string }
  readonly quasi: {
    readonly quasis: readonly {
      readonly value: { readonly cooked: string }
      readonly start: number
      readonly end: number
    }[]
  }
}

/** Compiles the templates of the elements, so that Lit's parser and most of its runtime can be left out of the file for a script tag. */
export const compiledTemplates: Plugin = {
  name: 'compiled-templates',
  enforce: 'pre',
  resolveId: (id) => (id === 'lit/html.js' ? fileURLToPath(import.meta.resolve('./draw-templates.ts')) : undefined),
  transform(code, id) {
    if (!id.includes('/elements/') || !code.includes('html`')) return undefined
    const found = templatesOf(basename(id), code)
    const edits = found.flatMap(({ start, texts }, n) => {
      const last = texts.length - 1
      return texts.map((text, at) => ({
        start: at ? text.start : start,
        end: text.end,
        text: (at ? ')' : `({ template: template${n}, values: [`) + (at === last ? ']})' : at ? ', (' : '('),
      }))
    })
    let result = code
    for (const { start, end, text } of edits.sort((a, b) => b.start - a.start))
      result = result.slice(0, start) + text + result.slice(end)
    const templates = found.map(({ texts }, n) => {
      return `const template${n} = ${JSON.stringify(compileTemplate(texts.map(({ text }) => text)))}`
    })
    return { code: [...templates, result].join('\n'), map: null }
  },
}
