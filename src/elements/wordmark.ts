import { html } from 'lit'
import { WORDMARK_BOX, WORDMARK_PATH } from './wordmark-path.ts'

/** The mark on the button. */
export const wordmark = html`<svg viewBox=${WORDMARK_BOX} role="img" aria-label="iPay"><path d=${WORDMARK_PATH} /></svg>`
