import * as z from 'zod'
import type { Money } from '../src/contract/money.ts'
import { GOODS, type Good } from './goods.ts'
import { countText, type Language } from './language.ts'

/** A line of a cart with the good that it is about. */
export interface PricedLine {
  readonly good: Good
  readonly quantity: number
}

/** What the shop says to an order that it sells. */
export interface PricedOrder {
  readonly purchaseId: string
  readonly amount: Money
  /** For the payment page, in the buyer's language: `2 × Terracotta mug, 1 × Sylhet tea`. */
  readonly description: string
}

/** The id of a cart, which is the purchase. */
export const CART_ID = /^[A-Za-z0-9_-]{1,64}$/

const bySku: ReadonlyMap<string, Good> = new Map(GOODS.map((good) => [good.sku, good]))

/** The good under this sku, or undefined. A Map, so that `constructor` and its kind are no goods. */
export const findGood = (sku: string): Good | undefined => bySku.get(sku)

const Order = z.object({
  cart: z.string({ error: 'the order has no cart id' }).regex(CART_ID, 'the cart id is not 1 to 64 of A–Z a–z 0–9 - _'),
  items: z
    .array(
      z.object(
        {
          sku: z.string({ error: 'a line has no sku' }),
          quantity: z
            .int({ error: 'a quantity is not a whole number' })
            .min(1, 'a quantity is below 1')
            .max(99, 'a quantity is above 99'),
        },
        { error: 'a line is not an object' },
      ),
      { error: 'the order has no items' },
    )
    .min(1, 'the cart is empty'),
})

/**
 * The price of an order, from this catalogue alone; members that the order has beside `cart` and `items` mean nothing.
 * A quantity is 1 to 99 on each line, and lines with the same sku add up, so that two lines of 99 mugs are 198 mugs.
 * @param refuse makes the error that is thrown for an order that the shop does not sell; its text is for developers.
 * @param language of the description alone.
 */
export function priceOrder(order: unknown, refuse: (why: string) => Error, language: Language = 'en'): PricedOrder {
  const parsed = Order.safeParse(order)
  if (!parsed.success) throw refuse(parsed.error.issues[0]?.message ?? 'the order is not an object')
  const quantities = new Map<Good, number>()
  for (const { sku, quantity } of parsed.data.items) {
    const good = findGood(sku)
    if (!good) throw refuse('the shop has no good under that sku')
    quantities.set(good, (quantities.get(good) ?? 0) + quantity)
  }
  const lines = [...quantities].map(([good, quantity]): PricedLine => ({ good, quantity }))
  return {
    purchaseId: parsed.data.cart,
    amount: totalOf(lines),
    description: lines
      .map(({ good, quantity }) => `${countText(quantity, language)} × ${good.name[language]}`)
      .join(', '),
  }
}

/** The sum of the lines, in poisha. */
export const totalOf = (lines: readonly PricedLine[]): Money => ({
  minor: lines.reduce((sum, { good, quantity }) => sum + good.poisha * quantity, 0),
  currency: 'BDT',
})
