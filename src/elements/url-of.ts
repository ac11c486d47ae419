/** An address as the page means it, or undefined when it is none. */
export function urlOf(text: string, base: string | URL = document.baseURI): URL | undefined {
  try {
    return new URL(text, base)
  } catch {
    return undefined
  }
}
