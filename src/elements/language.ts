/** What draws in the language of the page. */
interface Listener extends Element {
  requestUpdate(): void
}

/** What is read of a node. Not `instanceof`: an element that was moved into a frame has ancestors of another window's classes. */
interface Ancestor extends Node {
  getAttribute?: Element['getAttribute']
  assignedSlot?: Element | null
  host?: Element
}

const listeners = new Set<Listener>()
let observer: MutationObserver | undefined
let observed = new WeakSet<Node>()

/**
 * The nearest `lang` of an element or its ancestors, through shadow roots; empty when there is none. A framework that sets the
 * property to nothing leaves that word in the attribute: it counts as none.
 */
export function nearestLanguage(element: Element): string {
  for (let node: Ancestor | undefined = element; node; node = around(node)) {
    const lang = node.getAttribute?.('lang')
    if (lang && !/^(undefined|null)$/.test(lang)) return lang
  }
  return ''
}

/** What is next to give a node its language: the slot that shows it, its parent, or the host of its tree. */
const around = (node: Ancestor): Ancestor | undefined => node.assignedSlot || node.parentNode || node.host || undefined

/** Has the element drawn again whenever a `lang` changes in a tree that holds it. One observer serves all elements. */
export function watchLanguage(element: Listener): void {
  listeners.add(element)
  observer ??= new MutationObserver(() => {
    for (const listener of listeners) listener.requestUpdate()
  })
  for (let node: Ancestor | undefined = element; node; node = around(node)) {
    if (node.parentNode || observed.has(node)) continue
    observed.add(node)
    observer.observe(node, { subtree: true, attributeFilter: ['lang'] })
  }
}

/** Ends `watchLanguage`. */
export function unwatchLanguage(element: Listener): void {
  listeners.delete(element)
  if (listeners.size) return
  observer?.disconnect()
  observed = new WeakSet()
}
