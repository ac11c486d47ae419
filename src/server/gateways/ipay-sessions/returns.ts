import * as z from 'zod'
import { type Money, moneyText, parseMoney } from '../../../contract/money.ts'
import { ownMembers } from '../../../contract/own-members.ts'
import { segment } from '../api-client.ts'
import { keyOf, type WriteOptions } from '../customers.ts'
import { shaped } from '../gateway-error.ts'
import { orderOf, type ShopCalls } from './shop-calls.ts'

/** Why a parcel comes back. */
export const RETURN_REASONS = ['changed_mind', 'damaged', 'wrong_item', 'not_as_described', 'late'] as const
export type ReturnReason = (typeof RETURN_REASONS)[number]

/** A parcel on its way back. */
export interface ParcelReturn {
  readonly id: string
  readonly orderId: string
  /** Null while nobody gave one. */
  readonly reason: string | null
  /** Such as `initiated`, `kept` (the buyer took the offer), `received`. */
  readonly state: string
  /** What the buyer sends it back with, or shows at a locker. */
  readonly label: { readonly format: 'label' | 'qr'; readonly code: string } | null
  /** Money back for keeping the parcel. */
  readonly offer: { readonly amount: Money; readonly accepted: boolean } | null
}

/** Returns. Every function throws GatewayError; `conflict` for a step that the return's state does not allow. */
export interface Returns {
  /** `orderId`: of the order, or of the payment session that an attempt keeps as its `order_id`. */
  create(
    wanted: { readonly orderId: string; readonly reason?: ReturnReason },
    options?: WriteOptions,
  ): Promise<ParcelReturn>
  read(id: string): Promise<ParcelReturn>
  setReason(id: string, reason: ReturnReason, options?: WriteOptions): Promise<ParcelReturn>
  issueLabel(id: string, format: 'label' | 'qr', options?: WriteOptions): Promise<ParcelReturn>
  offerToKeep(id: string, amount: Money, options?: WriteOptions): Promise<ParcelReturn>
  acceptOffer(id: string, options?: WriteOptions): Promise<ParcelReturn>
}

const Reply = z
  .object({
    id: z.string().min(1).max(64),
    order_id: z.string().min(1).max(64),
    reason: z.string().max(64).nullish(),
    state: z.string().max(64),
    label: z.object({ format: z.enum(['label', 'qr']), code: z.string().max(4096) }).nullish(),
    offer: z.object({ amount: z.string(), currency: z.string(), accepted: z.boolean() }).nullish(),
  })
  .transform(({ id, order_id, reason, state, label, offer }): ParcelReturn => {
    const amount = offer ? parseMoney(offer.amount, offer.currency) : undefined
    return {
      id,
      orderId: order_id,
      reason: reason ?? null,
      state,
      label: label ?? null,
      offer: offer && amount ? { amount, accepted: offer.accepted } : null,
    }
  })

export function createReturns(calls: ShopCalls): Returns {
  const { get, post } = calls
  const read = async (answer: Promise<unknown>) => shaped(Reply.safeParse(await answer))
  const step = (id: string, name: string, body: object, options?: WriteOptions) =>
    read(post(`/returns/${segment(id)}/${name}`, body, keyOf(options)))

  return {
    async create(wanted, options) {
      const { orderId, reason } = ownMembers(wanted)
      return read(post('/returns', { order_id: await orderOf(calls, orderId), reason }, keyOf(options)))
    },
    read: (id) => read(get(`/returns/${segment(id)}`)),
    setReason: (id, reason, options) => step(id, 'reason', { reason }, options),
    issueLabel: (id, format, options) => step(id, 'label', { format }, options),
    offerToKeep: (id, amount, options) => step(id, 'offer', { amount: moneyText(amount) }, options),
    acceptOffer: (id, options) => step(id, 'offer/accept', {}, options),
  }
}
