/** Control characters, and the ones that turn the reading direction around. */
const UNWANTED = /[\p{Cc}\u061c\u200e\u200f\u202a-\u202e\u2066-\u2069]+/gu

/**
 * Text for a gateway's field of at most `max` UTF-16 code units: controls become spaces, lone surrogates are replaced,
 * and a cut falls between graphemes, so that neither an emoji nor a Bangla conjunct is torn.
 */
export function fitText(text: string, max: number): string {
  const clean = text.toWellFormed().replace(UNWANTED, ' ').replace(/\s+/g, ' ').trim()
  if (clean.length <= max) return clean
  let fitted = ''
  for (const { segment } of new Intl.Segmenter('und', { granularity: 'grapheme' }).segment(clean)) {
    if (fitted.length + segment.length > max - 1) break
    fitted += segment
  }
  return `${fitted}…`
}
