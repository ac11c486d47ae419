const said = new Set<string>()

/** Tells the developer once per page what is wrong and what to change. Never holds the shop's or the buyer's data. */
export function warnOnce(text: string): void {
  if (said.has(text)) return
  said.add(text)
  console.warn(`pay-with-ipay: ${text}`)
}
