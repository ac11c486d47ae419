import * as z from 'zod'
import { type Money, parseMoney } from '../../../contract/money.ts'
import type { Release } from '../../../contract/schemas.ts'
import { segment } from '../api-client.ts'
import { shaped } from '../gateway-error.ts'
import { OrderReply, releaseOf } from './replies.ts'
import { orderOf, type ShopCalls } from './shop-calls.ts'

/** An order as the gateway knows it: whether somebody paid is told by the kit, which asks about the payment session. */
export interface OrderDetails {
  readonly id: string
  readonly externalId: string
  readonly amount: Money
  readonly refunded: Money | null
  /** Where the parcel is handed over, in the gateway's word. */
  readonly handover: string | null
  /** How far the parcel is, and who carries it. */
  readonly release: Release
}

const Reply = OrderReply.extend({
  amount: z.string(),
  currency: z.string(),
  handover: z.string().max(64).nullish().catch(null),
}).transform((order, context): OrderDetails => {
  const { id, external_id: externalId, currency, handover } = order
  const amount = parseMoney(order.amount, currency)
  if (!amount) {
    context.addIssue("the amount has not its currency's digits")
    return z.NEVER
  }
  const refunded = parseMoney(order.amount_refunded, currency) ?? null
  return { id, externalId, amount, refunded, handover: handover ?? null, release: releaseOf(order) }
})

/** Reads one order. Throws GatewayError, also for an answer about another one. */
export async function readOrder(calls: ShopCalls, anyId: string): Promise<OrderDetails> {
  const id = await orderOf(calls, anyId)
  const reply = await calls.get(`/orders/${segment(id)}`)
  return shaped(Reply.refine((order) => order.id === id).safeParse(reply))
}
