/** A plain wordmark of our own, one pen: i P a y. A shop that may use the brand's artwork can slot it. */
export const WORDMARK_BOX = '0 0 58 30'
export const WORDMARK_PATH =
  'M4 11.5V22M4 5v.01M13 22V5h6.2a5.2 5.2 0 0 1 0 10.4H13M38 11.5V22m0-5.25a5.25 5.25 0 1 1-10.5 0 5.25 5.25 0 0 1 10.5 0M44 11.5l5.25 10M54.5 11.5 47.5 26.5'
