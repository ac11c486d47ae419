declare global {
  interface Document {
    /** Not in TypeScript's library yet: https://wicg.github.io/nav-speculation/prerendering.html */
    readonly prerendering?: boolean
  }
}

/** Puts work off until a page that is prerendered is really visited; false when there is nothing to wait for. */
export function putOff(work: () => void): boolean {
  if (document.prerendering) document.addEventListener('prerenderingchange', work, { once: true })
  return !!document.prerendering
}
