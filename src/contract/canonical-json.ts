/**
 * JSON text in which the order of members does not count: two orders are the same purchase request exactly when their
 * canonical texts are equal. Takes values that came out of `JSON.parse` or that `JSON.stringify` would accept.
 * @throws TypeError for values that JSON cannot hold (cycles, bigint), as `JSON.stringify` does.
 */
export function canonicalJson(value: unknown): string {
  return sortedText(JSON.parse(JSON.stringify(value) ?? 'null'))
}

function sortedText(value: unknown): string {
  if (Array.isArray(value)) return `[${value.map(sortedText).join(',')}]`
  if (value === null || typeof value !== 'object') return JSON.stringify(value)
  const members = value as Readonly<Record<string, unknown>>
  const texts = Object.keys(members)
    .sort()
    .map((name) => `${JSON.stringify(name)}:${sortedText(members[name])}`)
  return `{${texts.join(',')}}`
}
