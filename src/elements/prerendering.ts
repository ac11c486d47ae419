declare global {
  interface Document {
    /** Not in TypeScript's library yet: https://wicg.github.io/nav-speculation/prerendering.html */
    readonly prerendering?: boolean
  }
}

/** Puts work off until a page that is prerendered is really visited; not true when there is nothing to wait for. */
export function putOff(work: () => void): boolean | undefined {
  const { prerendering } = document
  if (prerendering) document.addEventListener('prerenderingchange', work, { once: true })
  return prerendering
}
