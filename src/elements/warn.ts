const said = new Set<string>()

/** Tells the developer what is wrong and what to change. Never holds the shop's or the buyer's data. */
export const warn = (text: string, cause: unknown = ''): void => console.warn(`pay-with-ipay: ${text}`, cause)

/** As `warn`, once per page. */
export function warnOnce(text: string): void {
  if (said.has(text)) return
  said.add(text)
  warn(text)
}
