/** Elements that draw in the language of the page, and how to tell them that it changed. */
const listeners = new Map<Element, () => void>()
let observer: MutationObserver | undefined

/** The nearest `lang` of an element or its ancestors, through shadow roots; empty when there is none. */
export function nearestLanguage(element: Element): string {
  for (let node: Node | null = element; node; node = parentOf(node)) {
    const lang = node instanceof Element && node.getAttribute('lang')
    if (lang) return lang
  }
  return ''
}

const parentOf = (node: Node): Node | null =>
  (node instanceof Element && node.assignedSlot) || node.parentNode || (node instanceof ShadowRoot ? node.host : null)

/** Calls `changed` whenever a `lang` changes in a tree that holds the element. One observer serves all elements. */
export function watchLanguage(element: Element, changed: () => void): void {
  observer ??= new MutationObserver(() => {
    for (const notify of listeners.values()) notify()
  })
  for (let root: Node = element; ; root = root.host) {
    root = root.getRootNode()
    observer.observe(root, { subtree: true, attributeFilter: ['lang'] })
    if (!(root instanceof ShadowRoot)) break
  }
  listeners.set(element, changed)
}

/** Ends `watchLanguage`. */
export function unwatchLanguage(element: Element): void {
  listeners.delete(element)
  if (!listeners.size) observer?.disconnect()
}
