import { bdt, type Money } from '../../src/contract/money.ts'
import type { OpenReply } from '../../src/contract/schemas.ts'

/** What a price can become in the course of a history. */
export const PRICES: readonly Money[] = [bdt('1250.00'), bdt('1300.00'), bdt('99.99')]

/** A purchase as its buyer and its shop see it. */
export interface Purchase {
  readonly id: string
  price: Money
  priceVersion: number
  order: unknown
  key: string
  keys: number
  token: string | undefined
  sawPaid: boolean
  /** The price that the last answered press was told, and when. */
  told: Money | undefined
  toldAt: number
  pressing: number
  /** Prices that presses since then may have told to the kit alone, whatever they were answered; minor units. */
  readonly maybeTold: Set<number>
  /** When each key was sent first. */
  readonly keyedAt: Map<string, number>
  /** What each key was last answered with, under which version of the price. */
  readonly replies: Map<string, { readonly reply: OpenReply; readonly priceVersion: number }>
}

/** Purchases of which nobody pressed anything yet. */
export const newPurchases = (count: number): Purchase[] =>
  Array.from({ length: count }, (_, i) => ({
    id: `cart-${i}`,
    price: PRICES[0] as Money,
    priceVersion: 0,
    order: { cart: `cart-${i}` },
    key: `key-of-cart-${i}-0`,
    keys: 0,
    token: undefined,
    sawPaid: false,
    told: undefined,
    toldAt: 0,
    pressing: 0,
    maybeTold: new Set(),
    keyedAt: new Map(),
    replies: new Map(),
  }))
