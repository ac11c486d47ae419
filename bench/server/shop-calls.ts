import type { Agent } from 'node:http'
import { type Answer, call } from './load.ts'

/** What every measurement of one run shares. */
export interface Run {
  /** How long a load lasts. */
  readonly seconds: number
  /** Opens a second. */
  readonly rate: number
  /** The address of a database that nothing was written to, unless the run was given one to use. */
  readonly database: (name: string) => Promise<string>
}

/** What a process of the shop used and did so far. */
export interface Usage {
  readonly cpuMs: number
  readonly rssMb: number
  readonly fulfilled: number
  readonly sockets: number
}

export const read = async <T>(url: string) => JSON.parse((await call(url)).body) as T
export const usage = (url: string) => read<Usage>(`${url}/_usage`)

const run = Date.now()
/** Presses for a purchase that no other index has. */
export const open = (url: string, index: number, agent?: Agent): Promise<Answer> =>
  call(`${url}/orders`, {
    ...(agent && { agent }),
    method: 'POST',
    headers: { 'content-type': 'application/json', 'idempotency-key': `bench-${run}-${index}` },
    body: JSON.stringify({ order: { cart: `c-${run}-${index}` } }),
  })

/** The tokens of payments that were opened. */
export const tokensOf = (opened: readonly Answer[]): string[] =>
  opened.map(({ body }) => (JSON.parse(body) as { token: string }).token)
