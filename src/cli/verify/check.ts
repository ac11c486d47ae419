import { randomUUID } from 'node:crypto'
import { type Answer, ask } from './ask.ts'

/** One rule of the contract, in words, and what finds out whether it holds. */
export interface Check {
  readonly rule: string
  /** Resolves when the rule holds; rejects with the reason when it does not. */
  run(): Promise<void>
}

/** The endpoint under test. */
export interface Target {
  /** The order endpoint, without a trailing slash. */
  readonly endpoint: URL
  /** Extra headers of every request, such as a session's cookie. */
  readonly headers: Readonly<Record<string, string>>
}

/** An idempotency key that was never used. */
export const newKey = (): string => `verify-${randomUUID()}`

/** An address below the endpoint. */
export const below = ({ endpoint }: Target, path: string): URL => new URL(`${endpoint.href.replace(/\/$/, '')}${path}`)

/** Asks for an address below the endpoint. */
export const askFor = (target: Target, method: string, path: string, headers: Record<string, string> = {}) =>
  ask({ method, url: below(target, path), headers: { ...target.headers, ...headers } })

/** Sends an open request; `headers` come last and may replace any of the usual ones. */
export function open(target: Target, body: unknown, headers: Readonly<Record<string, string>> = {}): Promise<Answer> {
  const text = typeof body === 'string' ? body : JSON.stringify(body)
  const usual = { 'Content-Type': 'application/json', 'Content-Length': String(Buffer.byteLength(text)) }
  return ask({
    method: 'POST',
    url: below(target, ''),
    headers: { ...usual, 'Idempotency-Key': newKey(), ...target.headers, ...headers },
    body: text,
  })
}
