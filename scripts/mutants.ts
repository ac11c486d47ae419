import { parseAst } from 'vite'

/** One change of a file's text: what stands from `start` to `end` is replaced. */
export interface Mutant {
  readonly start: number
  readonly end: number
  readonly text: string
}

interface Node {
  readonly type: string
  readonly start: number
  readonly end: number
  readonly [member: string]: unknown
}

const isNode = (value: unknown): value is Node =>
  typeof value === 'object' && value !== null && 'type' in value && typeof value.type === 'string'

const OPERATORS: Readonly<Record<string, string>> = {
  '===': '!==', '!==': '===', '<': '<=', '<=': '<', '>': '>=', '>=': '>', '+': '-', '-': '+', '*': '/', '/': '*',
  '&&': '||', '||': '&&', '??': '&&', '&': '|', '%': '*',
} // biome-ignore format: a table

/** Every single change of a file that the tests should notice. */
export function mutantsOf(code: string): Mutant[] {
  const mutants: Mutant[] = []
  const put = (start: number, end: number, text: string) => void mutants.push({ start, end, text })

  function operator(node: Node): void {
    const [left, right] = [node['left'] as Node, node['right'] as Node]
    const other = OPERATORS[String(node['operator'])]
    const at = code.indexOf(String(node['operator']), left.end)
    if (other && at >= 0 && at < right.start) put(at, at + String(node['operator']).length, other)
  }
  function condition(test: Node): void {
    put(test.start, test.end, 'true')
    put(test.start, test.end, 'false')
  }
  function literal({ start, end, value, raw }: Node): void {
    if (typeof value === 'boolean') put(start, end, String(!value))
    if (typeof value === 'number') put(start, end, `(${raw} + 1)`)
    if (typeof value === 'string') put(start, end, value === '' ? "'changed'" : "''")
    const text = String(raw)
    if (text.startsWith('/')) {
      // A rule of text without its beginning or its end.
      if (text.startsWith('/^')) put(start + 1, start + 2, '')
      const close = text.lastIndexOf('/')
      if (text[close - 1] === '$') put(start + close - 1, start + close, '')
    }
  }
  function visit(node: Node): void {
    if (node.type.startsWith('TS') && !/^TS(As|NonNull|Satisfies)/.test(node.type)) return
    if (node.type === 'ImportDeclaration' || node.type === 'ExportAllDeclaration') return
    if (node.type === 'NewExpression') {
      visitAll(wordless(node))
      return
    }
    if (node.type === 'BinaryExpression' || node.type === 'LogicalExpression') operator(node)
    if (node.type === 'IfStatement' || node.type === 'ConditionalExpression') condition(node['test'] as Node)
    if (node.type === 'UnaryExpression' && node['operator'] === '!') put(node.start, node.start + 1, '')
    if (node.type === 'Literal') literal(node)
    if (node.type === 'ArrayExpression' && (node['elements'] as unknown[]).length > 0) put(node.start, node.end, '[]')
    if (node.type === 'ExpressionStatement') put(node.start, node.end, ';')
    visitAll(node)
  }
  function visitAll(node: object): void {
    for (const [name, member] of Object.entries(node)) {
      if (name === 'typeAnnotation' || name === 'returnType' || name === 'typeArguments') continue
      for (const child of Array.isArray(member) ? member : [member]) if (isNode(child)) visit(child)
    }
  }
  const program: unknown = parseAst(code, { lang: 'ts' })
  if (isNode(program)) visit(program)
  return mutants
}

/** The arguments of `new SomethingError(…)` without the sentence for people; those of other classes are all kept. */
function wordless(node: Node): object {
  const callee = node['callee'] as Node
  const rest = node['arguments'] as Node[]
  const isWords = ({ type }: Node) => type === 'Literal' || type === 'TemplateLiteral'
  const words =
    callee['name'] === 'ProblemError' ? rest[1] : /Error$/.test(String(callee['name'])) ? rest[0] : undefined
  return rest.filter((argument) => argument !== words || !isWords(argument))
}

/** The change as a person would point at it, and as `EQUIVALENT` names it: the line before and after. */
export function changeOf(code: string, { start, end, text }: Mutant): { line: number; before: string; after: string } {
  const from = code.lastIndexOf('\n', start - 1) + 1
  const to = (code.indexOf('\n', end) + code.length + 1) % (code.length + 1)
  const tidy = (part: string) => part.trim().replaceAll(/\s+/g, ' ')
  return {
    line: code.slice(0, start).split('\n').length,
    before: tidy(code.slice(from, to)),
    after: tidy(code.slice(from, start) + text + code.slice(end, to)),
  }
}
