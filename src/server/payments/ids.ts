import { createHash, randomBytes } from 'node:crypto'
import { canonicalJson } from '../../contract/canonical-json.ts'

/** Source of randomness; tests hand in a seeded one. */
export type Random = (bytes: number) => Uint8Array

export const systemRandom: Random = (bytes) => randomBytes(bytes)

/** Crockford's alphabet: no I, L, O, U, so that a reference survives being read aloud. */
const ALPHABET = '0123456789ABCDEFGHJKMNPQRSTVWXYZ'

/** The public token of a payment: 192 bits, URL-safe. */
export const newToken = (random: Random): string => Buffer.from(random(24)).toString('base64url')

/** Our id of a row. */
export const newId = (random: Random): string => Buffer.from(random(16)).toString('hex')

/** An attempt's reference at the gateway: 130 bits in 26 characters that a buyer can quote. */
export function newReference(random: Random): string {
  return Array.from(random(26), (byte) => ALPHABET[byte & 31]).join('')
}

/** What a key stands for: one purchase and one order, whatever the order of its members. */
export const fingerprintOf = (purchaseId: string, order: unknown): string =>
  createHash('sha256')
    .update(JSON.stringify([purchaseId, canonicalJson(order)]))
    .digest('hex')
