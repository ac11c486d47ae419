import { svg } from 'lit'

/** A plain wordmark of our own, one pen: i P a y. A shop that may use the brand's artwork can slot it. */
export const WORDMARK_BOX = '0 0 58 30'
export const WORDMARK_PATH =
  'M4 11.500V22M4 5v.010M13 22V5h6.200a5.200 5.200 0 0 1 0 10.400H13M38 11.500V22m0-5.250a5.250 5.250 0 1 1-10.500 0 5.250 5.250 0 0 1 10.500 0M44 11.500l5.250 10M54.500 11.500 47.500 26.500'

export const wordmark = svg`<svg viewBox=${WORDMARK_BOX} role="img" aria-label="iPay"><path d=${WORDMARK_PATH} /></svg>`
