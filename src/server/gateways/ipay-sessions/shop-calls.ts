import { randomUUID } from 'node:crypto'
import * as z from 'zod'
import { type ApiClient, segment } from '../api-client.ts'
import { bodyOf, shaped } from '../gateway-error.ts'

const DEADLINE_MS = 8_000

/** Calls that a shop makes itself: the body of a good answer, or a GatewayError. */
export interface ShopCalls {
  get(path: string): Promise<unknown>
  /** Without a key a repeat is a second write. */
  post(path: string, body: unknown, key?: string): Promise<unknown>
}

export const createShopCalls = (api: ApiClient): ShopCalls => ({
  async get(path) {
    return bodyOf(await api({ method: 'GET', path, signal: AbortSignal.timeout(DEADLINE_MS) }))
  },
  async post(path, body, key = randomUUID()) {
    return bodyOf(await api({ method: 'POST', path, body, key, signal: AbortSignal.timeout(DEADLINE_MS) }))
  },
})

const Session = z.object({ order_id: z.string().min(1).max(64) })

/** The order of an id that may be a payment session's: attempts keep the latter. Throws GatewayError. */
export async function orderOf({ get }: ShopCalls, id: string): Promise<string> {
  if (!id.startsWith('ps_')) return id
  return shaped(Session.safeParse(await get(`/payment-sessions/${segment(id)}`))).order_id
}
