import { createHmac, timingSafeEqual } from 'node:crypto'

/** Hex HMAC-SHA256 of the raw bytes, as the gateway writes it; tests and simulators sign with it. */
export const sign = (body: Uint8Array | string, secret: string): string =>
  createHmac('sha256', secret).update(body).digest('hex')

/**
 * Whether one of the secrets signed these raw bytes. Several are given while a secret is being rotated. The signature is
 * 64 hex digits and nothing else; anything missing, odd or short is simply not a signature, never an exception. All
 * secrets are tried with the platform's constant-time compare, so that time tells nothing.
 * @throws TypeError without any usable secret: unsigned messages must never pass because a setting is missing
 */
export function isSignedBy(
  secrets: readonly string[],
  body: Uint8Array,
  signature: string | null | undefined,
): boolean {
  if (secrets.length === 0 || !secrets.every(isSecret)) throw new TypeError('a webhook secret is missing or empty')
  if (!signature || !/^[0-9a-f]{64}$/i.test(signature)) return false
  const given = Buffer.from(signature, 'hex')
  let isSigned = false
  for (const secret of secrets) {
    const expected = createHmac('sha256', secret).update(body).digest()
    isSigned = timingSafeEqual(given, expected) || isSigned
  }
  return isSigned
}

/** An empty one would be a key that everybody knows. */
export const isSecret = (secret: string): boolean => secret.trim() !== ''
