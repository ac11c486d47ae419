import type { GatewayState } from '../port.ts'

/** The gateway's numbers and what we take them for. */
export type StatusCodes = Readonly<Record<string, GatewayState>>

/**
 * Only 200 is known to mean paid. The other numbers are not published to us: they are our assumptions, and a shop that
 * knows better replaces them. A number that is not in the table is never guessed: the payment stays unresolved.
 */
export const ASSUMED_STATUS_CODES: StatusCodes = {
  '100': 'created',
  '200': 'paid',
  '300': 'cancelled',
  '400': 'failed',
  '408': 'expired',
  '500': 'error',
}

const STATES: readonly string[] = [
  'created',
  'processing',
  'paid',
  'cancelled',
  'failed',
  'expired',
  'error',
  'unknown',
] satisfies GatewayState[]

/**
 * Checks a table that a shop configured.
 * @returns the table, or a sentence that says what is wrong
 */
export function parseStatusCodes(value: unknown): StatusCodes | string {
  if (value === null || typeof value !== 'object' || Array.isArray(value)) {
    return 'must be a JSON object such as {"100":"created"}'
  }
  const table: Record<string, GatewayState> = {}
  for (const [code, state] of Object.entries(value)) {
    const word = state === 'unresolved' ? 'unknown' : state
    if (!/^\d{1,9}$/.test(code)) return `has "${code}" where a number is expected`
    if (typeof word !== 'string' || !STATES.includes(word)) return `maps ${code} to something that is not a state`
    if ((code === '200') !== (word === 'paid')) return 'must map 200, and nothing else, to "paid"'
    table[code] = word as GatewayState
  }
  return { '200': 'paid', ...table }
}
