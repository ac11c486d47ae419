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

/** Not in TypeScript's library yet: https://w3c.github.io/trusted-types/ */
declare global {
  interface Window {
    readonly trustedTypes?: { createPolicy(name: string, rules: object): { createHTML(html: string): string } }
  }
}

const policy = window.trustedTypes?.createPolicy('lit-html', { createHTML: (html: string) => html })
const elements = new Map<CompiledTemplate, HTMLTemplateElement>()
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

/** A whole attribute, or with a sign before its name: `?` whether there is one, `@` a listener. */
function attribute(element: Element, [sign = '', ...rest]: string): Show {
  const name = /\w/.test(sign) ? sign + rest.join('') : rest.join('')
  let now: unknown
  if (sign === '@') element.addEventListener(name, (event) => (now as EventListener)(event))
  return (value) => {
    if (value === now) return
    now = value
    if (sign === '?') element.toggleAttribute(name, !!value)
    else if (sign !== '@') element.setAttribute(name, String(value))
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
    if (next !== kind) {
      kind = next
      while (end.previousSibling !== start) end.previousSibling?.remove()
      inside = []
      if (template) {
        const fragment = document.importNode(elementOf(template).content, true)
        inside = bind(fragment, template.bound)
        end.before(fragment)
      }
      if (next === Text) {
        text = new Text()
        end.before(text)
      }
    }
    if (next === Text && text.data !== `${value}`) text.data = `${value}`
    while (isList && inside.length < value.length) {
      const comment = new Comment()
      end.before(comment)
      inside.push(child(comment))
    }
    for (const [n, show] of inside.entries()) show(values?.[n])
  }
}

function elementOf(template: CompiledTemplate): HTMLTemplateElement {
  let element = elements.get(template)
  if (!element) {
    element = document.createElement('template')
    element.innerHTML = policy?.createHTML(template.html) ?? template.html
    elements.set(template, element)
  }
  return element
}

/** Binds everything before anything is shown: that changes the places. */
function bind(fragment: DocumentFragment, bound: string): Show[] {
  const nodes: Node[] = []
  // Elements and comments.
  const walker = document.createTreeWalker(fragment, 129)
  while (walker.nextNode()) nodes.push(walker.currentNode)
  return Array.from(bound.matchAll(/(\d+)(\S*)/g), ([, place, name]) => {
    const node = nodes[Number(place)]
    return name ? attribute(node as Element, name) : child(node as ChildNode)
  })
}
