/** Marks an `order` attribute that is not JSON. */
export const UNREADABLE = Symbol()

/** The order as its attribute says it; undefined without one. */
export function orderOf(text: string | null): unknown {
  try {
    return text === null ? undefined : JSON.parse(text)
  } catch {
    return UNREADABLE
  }
}
