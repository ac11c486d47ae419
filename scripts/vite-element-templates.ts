import { basename } from 'node:path'
import { fileURLToPath, pathToFileURL } from 'node:url'
import { type Plugin, parseSync } from 'vite'
import { compileTemplate } from './compile-template.ts'

/** What this file asks of the syntax tree: https://github.com/estree/estree/blob/master/es2015.md */
interface Span {
  readonly start: number
  readonly end: number
}
interface TaggedTemplate extends Span {
  readonly type: 'TaggedTemplateExpression'
  readonly tag: { readonly name?: string }
  readonly quasi: {
    /** Each with the signs around it: a backtick or `}`, and `${` or a backtick. */
    readonly quasis: readonly (Span & { readonly value: { readonly cooked: string } })[]
    readonly expressions: readonly (Span & { readonly type: string; readonly name?: string })[]
  }
}

/** The templates of a source, nested ones too, in no order. */
function* templatesIn(node: unknown): Generator<TaggedTemplate> {
  if (!node || typeof node !== 'object') return
  for (const child of Object.values(node)) yield* templatesIn(child)
  if (isTemplate(node)) yield node
}

const isTemplate = (node: object): node is TaggedTemplate =>
  'type' in node &&
  node.type === 'TaggedTemplateExpression' &&
  'tag' in node &&
  (node.tag as TaggedTemplate['tag']).name === 'html'

/** The HTML of a template that another module exports and that never changes, such as the mark; undefined for any other name. */
async function constantHtml(name: string, source: string, file: string): Promise<string | undefined> {
  const from = RegExp(`import \\{[^}]*\\b${name}\\b[^}]*\\} from '(\\./[^']+)'`).exec(source)?.[1]
  const { strings, values = [] } = from ? (await import(new URL(from, pathToFileURL(file)).href))[name] : {}
  if (!Array.isArray(strings) || !values.every((value: unknown) => typeof value === 'string')) return undefined
  return strings.map((text, n) => (n in values ? `${text}"${values[n]}"` : text)).join('')
}

/** Compiles one source. Constants become part of the template that they stand in. */
async function compileSource(source: string, file: string): Promise<string> {
  const constants: string[] = []
  const edits: (Span & { readonly text: string })[] = []
  for (const { start, quasi } of templatesIn(parseSync(basename(file), source).program)) {
    const texts = ['']
    let from = start
    for (const [n, { value, end }] of quasi.quasis.entries()) {
      texts.push(`${texts.pop()}${value.cooked}`)
      const expression = quasi.expressions[n]
      const constant = expression?.name && (await constantHtml(expression.name, source, file))
      if (constant) {
        texts.push(texts.pop() + constant)
        continue
      }
      const isFirst = from === start
      const opened = isFirst ? `({ template: template${constants.length}, values: [` : '), '
      edits.push({ start: from, end, text: expression ? `${opened}(` : isFirst ? `${opened}]})` : ')]})' })
      if (expression) texts.push('')
      from = quasi.quasis[n + 1]?.start ?? end
    }
    constants.push(`const template${constants.length} = ${JSON.stringify(compileTemplate(texts))}`)
  }
  let result = source
  for (const { start, end, text } of edits.sort((a, b) => b.start - a.start))
    result = result.slice(0, start) + text + result.slice(end)
  return [...constants, result].join('\n')
}

/** Compiles the templates of the elements for the file for a script tag, where draw-templates.ts draws them in place of Lit. */
export const compiledTemplates: Plugin = {
  name: 'compiled-templates',
  enforce: 'pre',
  resolveId: (id) => (id === 'lit' ? fileURLToPath(import.meta.resolve('./light-element.ts')) : undefined),
  async transform(code, id) {
    if (!id.includes('/elements/') || !code.includes('html`') || id.endsWith('/ssr.ts')) return undefined
    return { code: await compileSource(code, id), map: null }
  },
}
