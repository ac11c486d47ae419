/**
 * The attempts that this browser remembers for an origin, newest first: which key was used for an order at an endpoint,
 * and which payment came of it. It survives reload, Back and another tab. Where storage is denied (private modes, opaque
 * origins) it lives as long as the page.
 */
interface Attempt {
  /** Fingerprint of endpoint and order. */
  readonly id: string
  /** Idempotency key; empty once the payment has an outcome. */
  readonly key: string
  /** Token of the payment; empty until the shop answered. */
  readonly token: string
}

const NAME = 'pay-with-ipay'
const KEPT = 24
let fallback: string | null = null

function load(): Attempt[] {
  let stored = fallback
  try {
    stored ??= localStorage.getItem(NAME)
  } catch {}
  try {
    const list: unknown = JSON.parse(stored ?? '[]')
    return Array.isArray(list) ? list.filter(isAttempt) : []
  } catch {
    return []
  }
}

/** What another version, another script or a person wrote there is left out. */
const isAttempt = (entry: Partial<Attempt> | null): entry is Attempt =>
  /^[\w-]{8,64}$|^$/.test(entry?.key ?? '!') && /^[\w-]{1,128}$|^$/.test(entry?.token ?? '!')

function save(list: readonly Attempt[]): void {
  const text = JSON.stringify(list.slice(0, KEPT))
  try {
    localStorage.setItem(NAME, text)
    fallback = null
  } catch {
    fallback = text
  }
}

/** What is remembered under a fingerprint; undefined when nothing is, or its payment has an outcome. */
export const recallAttempt = (id: string): Attempt | undefined => load().find((entry) => entry.id === id && entry.key)

/** Is there any order of which something is known? */
export const isAnythingRemembered = (): boolean => load().length > 0

/** Remembers the key before it is sent, and the token as soon as it is known. */
export const rememberAttempt = (id: string, key: string, token = ''): void =>
  save([{ id, key, token }, ...load().filter((entry) => entry.id !== id)])

/** *Start over*: nothing about this order is remembered any more. */
export const forgetAttempt = (id: string): void => save(load().filter((entry) => entry.id !== id))

function change(token: string, changed: Partial<Attempt>): void {
  const list = load()
  if (list.some((entry) => entry.token === token && entry.key))
    save(list.map((entry) => (entry.token === token ? { ...entry, ...changed } : entry)))
}

/** The payment has an outcome: its key is used up. That the token belongs to its order stays known. */
export const finishAttempt = (token: string): void => change(token, { key: '' })

/** The shop knows no such payment: its key still makes a repeat harmless, should the shop be mistaken. */
export const loseAttempt = (token: string): void => change(token, { token: '' })

/** Is this token known to belong to another order than this? */
export const belongsElsewhere = (token: string, id: string): boolean => {
  const owners = load().filter((entry) => entry.token === token)
  return owners.length > 0 && owners.every((entry) => entry.id !== id)
}

/** A new key of 128 random bits. `crypto.randomUUID` does not exist on plain-http pages. */
export const newKey = (): string =>
  Array.from(crypto.getRandomValues(new Uint8Array(16)), (byte) => byte.toString(16).padStart(2, '0')).join('')

/** A short name for an endpoint and an order, so that carts are not kept in storage. Two 32-bit mixes of the text. */
export function fingerprint(text: string): string {
  let a = 0x9e3779b9
  let b = 0x85ebca6b
  for (let i = 0; i < text.length; i++) {
    const unit = text.charCodeAt(i)
    a = Math.imul(a ^ unit, 0x9e3779b1)
    b = Math.imul(b ^ unit, 0x5f356495)
    a ^= b >>> 15
    b ^= a >>> 13
  }
  return (a >>> 0).toString(36) + (b >>> 0).toString(36)
}
