/**
 * Stands in for lit-html in the file for a script tag. Draws compiled templates (compile-template.ts) the way that Lit draws
 * them, and knows only what ours use: children that are text, templates or lists of them, whole attributes, and listeners.
 */
import type { CompiledTemplate } from './compile-template.ts'

/** What `html` becomes where it is compiled. */
export interface Drawing {
  readonly template: CompiledTemplate
  readonly values: readonly unknown[]
}

/** Shows a value in its place. */
type Show = (value: unknown) => void
/** A place, counted over elements and comments, and for an attribute its sign and its name. */
type Bound = readonly [place: number, sign: string, name: string]

/** Not in TypeScript's library yet: https://w3c.github.io/trusted-types/ */
declare global {
  interface Window {
    readonly trustedTypes?: { createPolicy(name: string, rules: object): { createHTML(html: string): string } }
  }
}

const policy = window.trustedTypes?.createPolicy('lit-html', { createHTML: (html: string) => html })
const known = new Map<CompiledTemplate, { readonly content: DocumentFragment; readonly bound: readonly Bound[] }>()
const roots = new WeakMap<Node, Show>()

/** Draws into a container; later, what has changed. */
export function render(drawing: Drawing, container: Node): void {
  let show = roots.get(container)
  if (!show) {
    show = child(container.appendChild(new Comment()))
    roots.set(container, show)
  }
  show(drawing)
}

/** What sources import: where it is used it is compiled, and nothing is left of it. */
export function html(): never {
  throw new Error('this template was not compiled')
}

/** A whole attribute; with the sign `?` whether there is one, with `@` a listener. */
function attribute(element: Element, sign: string, name: string): Show {
  let now: unknown
  if (sign === '@') element.addEventListener(name, (event) => (now as EventListener)(event))
  return (value) => {
    if (value === now) return
    now = value
    if (sign === '?') element.toggleAttribute(name, !!value)
    else if (!sign) element.setAttribute(name, `${value}`)
  }
}

/** What is shown stands before the comment of its place, and after what was before that at first. */
function child(end: ChildNode): Show {
  const start = end.previousSibling
  /** A template, Array for a list, Text, or nothing. */
  let kind: unknown
  let inside: Show[] = []
  let text = new Text()
  return (value) => {
    const isList = Array.isArray(value)
    const { template, values }: Partial<Drawing> = isList ? { values: value } : Object(value ?? '')
    const next = template ?? (isList ? Array : (value ?? '') === '' ? undefined : Text)
    let made: Node | undefined
    if (next !== kind) {
      kind = next
      while (end.previousSibling !== start) end.previousSibling?.remove()
      inside = []
      if (next === Text) made = text = new Text()
      else if (template) [made, inside] = instantiate(template)
    }
    if (next === Text && text.data !== `${value}`) text.data = `${value}`
    while (isList && inside.length < value.length) inside.push(child(insert(new Comment(), end)))
    for (const [n, show] of inside.entries()) show(values?.[n])
    // Last: outside of the document it is filled faster.
    if (made) insert(made, end)
  }
}

function insert<Made extends Node>(node: Made, before: ChildNode): Made {
  before.parentNode?.insertBefore(node, before)
  return node
}

/** Binds everything before anything is shown: that changes the places. */
function instantiate(template: CompiledTemplate): [DocumentFragment, Show[]] {
  const { content, bound } = known.get(template) ?? prepare(template)
  const fragment = document.importNode(content, true)
  const nodes: Node[] = []
  // Elements and comments.
  const walker = document.createTreeWalker(fragment, 129)
  while (walker.nextNode()) nodes.push(walker.currentNode)
  const bind = ([place, sign, name]: Bound) =>
    name ? attribute(nodes[place] as Element, sign, name) : child(nodes[place] as ChildNode)
  return [fragment, bound.map(bind)]
}

function prepare(template: CompiledTemplate) {
  const element = document.createElement('template')
  element.innerHTML = policy?.createHTML(template.html) ?? template.html
  const bound = Array.from(
    template.bound.matchAll(/(\d+)([?@]?)(\S*)/g),
    ([, place, sign = '', name = '']): Bound => [Number(place), sign, name],
  )
  const prepared = { content: element.content, bound }
  known.set(template, prepared)
  return prepared
}
