import * as z from 'zod'
import { type Money, moneyText } from '../../../contract/money.ts'
import { ownMembers } from '../../../contract/own-members.ts'
import { segment } from '../api-client.ts'
import { keyOf, type WriteOptions } from '../customers.ts'
import { shaped } from '../gateway-error.ts'
import { type OrderDetails, readOrder } from './order-details.ts'
import { orderOf, type ShopCalls } from './shop-calls.ts'

/** Where a parcel is handed over. */
export const HANDOVERS = ['door', 'pickup_point', 'locker'] as const
export type Handover = (typeof HANDOVERS)[number]

/** An order that is sent without the buyer being there, for example from another system. */
export interface NewOrder {
  /** The shop's own id, unique for ever. */
  readonly externalId: string
  readonly amount: Money
  readonly description?: string
  readonly carrier?: string
  readonly handover?: Handover
  readonly metadata?: Readonly<Record<string, string>>
}

/** What became of one order of an import: its id at the gateway, or why it was not taken. */
export type ImportedOrder =
  | { readonly externalId: string; readonly id: string }
  | { readonly externalId: string; readonly error: string }

/** Orders that are placed, and looked at, beside the checkout. Every function throws GatewayError. */
export interface Orders {
  create(order: NewOrder, options?: WriteOptions): Promise<{ readonly id: string }>
  /** Any number; what is wrong with one does not keep the others out. One result each, in the order given. */
  importMany(orders: readonly NewOrder[], options?: WriteOptions): Promise<readonly ImportedOrder[]>
  /** What the gateway knows of one, by its id or that of its payment session. */
  read(id: string): Promise<OrderDetails>
  /** Whether the parcel may be handed over now, at a door, a pickup point or a locker. False unless it was said clearly. */
  isReleaseAuthorized(orderId: string, options?: { readonly handover?: Handover }): Promise<boolean>
}

/** Fewer than the gateway takes in one request (1,000), so that the answer stays well below what is read of one. */
const BATCH = 200

const Created = z.object({ id: z.string().min(1).max(64) })
const Imported = z.object({
  results: z.array(
    z.object({
      external_id: z.unknown().optional(),
      id: z.string().optional(),
      error: z.object({ code: z.string().max(64) }).optional(),
    }),
  ),
})
const Release = z.object({ order_id: z.string(), authorized: z.unknown().optional() })

const bodyOf = ({ externalId, amount, ...order }: NewOrder) => ({
  external_id: externalId,
  amount: moneyText(amount),
  currency: amount.currency,
  ...order,
})

export function createOrders(calls: ShopCalls): Orders {
  const { get, post } = calls
  return {
    async create(order, options) {
      return shaped(
        Created.safeParse(await post('/orders', bodyOf(order), keyOf(options) ?? `order-${order.externalId}`)),
      )
    },
    async importMany(orders, options) {
      const key = keyOf(options)
      const results: ImportedOrder[] = []
      for (let first = 0; first < orders.length; first += BATCH) {
        const batch = orders.slice(first, first + BATCH)
        const batchKey = key === undefined ? undefined : `${key}-${first / BATCH + 1}`
        const reply = await post('/orders/import', { orders: batch.map(bodyOf) }, batchKey)
        const told = shaped(Imported.safeParse(reply)).results
        for (const [index, { externalId }] of batch.entries()) {
          const one = told[index]
          const isOurs = one?.external_id === externalId
          if (isOurs && one?.id !== undefined) results.push({ externalId, id: one.id })
          else results.push({ externalId, error: (isOurs && one?.error?.code) || 'not-answered' })
        }
      }
      return results
    },
    read: (id) => readOrder(calls, id),
    async isReleaseAuthorized(orderId, options = {}) {
      const { handover } = ownMembers(options)
      const id = await orderOf(calls, orderId)
      const query = handover === undefined ? '' : `?handover=${handover}`
      const release = Release.safeParse(await get(`/orders/${segment(id)}/release${query}`))
      return release.success && release.data.order_id === id && release.data.authorized === true
    },
  }
}
