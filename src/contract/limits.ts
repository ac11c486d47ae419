/** Limits that page and server share. Sizes in bytes, lengths in UTF-16 code units, times in milliseconds. */
export const MAX_BODY_BYTES = 65_536
/** Longest payment address that either side follows. */
export const MAX_PAYMENT_URL_LENGTH = 2_048
/** `Idempotency-Key` of an open request. */
export const IDEMPOTENCY_KEY = /^[A-Za-z0-9_-]{8,64}$/
/** The public token of a payment, wherever one is read from an address. */
export const TOKEN = /^[A-Za-z0-9_-]{1,128}$/
/** The query parameter that carries the token back to the shop's page. */
export const TOKEN_PARAMETER = 'ipay'
/** A request of the page ends within this time. */
export const REQUEST_DEADLINE_MS = 20_000
