/** The cart as the shop's own page, its address and its cookie know it. Pure; the page's script uses it too. */

/** How many of each sku, 1 to 99 each; a sku that is absent is not in the cart. */
export type Quantities = ReadonlyMap<string, number>

/** A cart: its id is what the payments call the purchase. */
export interface Cart {
  readonly id: string
  readonly quantities: Quantities
}

/** Readable by the page's script on purpose: it holds no secret and grants nothing. */
export const CART_COOKIE = 'cart'

/** What somebody finds who comes for the first time, so that there is something to buy. Nobody finds it after a purchase. */
export const STARTER_CART: Quantities = new Map([['mug', 2]])

const MAX_QUANTITY = 99

/** Whole number from `12` or `১২`, at most 99. Undefined for anything else. */
export function readQuantity(text: string): number | undefined {
  const ascii = text.trim().replace(/[০-৯]/g, (digit) => String(digit.charCodeAt(0) - 0x09e6))
  return /^\d{1,6}$/.test(ascii) ? Math.min(Number(ascii), MAX_QUANTITY) : undefined
}

/** The same cart with `quantity` of `sku`, kept within 0 to 99; 0 takes it out. */
export function withQuantity(quantities: Quantities, sku: string, quantity: number): Quantities {
  const next = new Map(quantities)
  if (quantity > 0) next.set(sku, Math.min(quantity, MAX_QUANTITY))
  else next.delete(sku)
  return next
}

/** What the buttons beside a line do: one more, one less, none. */
export function changed(quantities: Quantities, change: string, sku: string): Quantities {
  const present = quantities.get(sku) ?? 0
  if (change === 'more') return withQuantity(quantities, sku, present + 1)
  if (change === 'less') return withQuantity(quantities, sku, present - 1)
  return change === 'drop' ? withQuantity(quantities, sku, 0) : quantities
}

/** Both hold the same goods, in whatever order they were put in. */
export const isSame = (one: Quantities, other: Quantities): boolean =>
  one.size === other.size && [...one].every(([sku, quantity]) => other.get(sku) === quantity)

/** The cart in an address such as `/?mug=2&tea=1`, or undefined when it names no good at all. */
export function quantitiesInAddress(query: URLSearchParams, skus: readonly string[]): Quantities | undefined {
  const named = skus.filter((sku) => query.has(sku))
  const quantities = named.reduce<Quantities>(
    (sum, sku) => withQuantity(sum, sku, readQuantity(query.get(sku) ?? '') ?? 0),
    new Map(),
  )
  return named.length ? quantities : undefined
}

/** The query that names this cart. An empty one is written as none of the first good, so that it stays empty. */
export function cartQuery(quantities: Quantities): string {
  return [...quantities].map(([sku, quantity]) => `${sku}=${quantity}`).join('&') || 'mug=0'
}

/** `c_81.mug-2.tea-1` */
export const cookieOfCart = ({ id, quantities }: Cart): string =>
  [id, ...[...quantities].map(([sku, quantity]) => `${sku}-${quantity}`)].join('.')

/** The cart in a cookie's value, or undefined when it holds none. Goods that the shop no longer has are left out. */
export function cartInCookie(text: string, skus: readonly string[]): Cart | undefined {
  const [id = '', ...lines] = text.split('.')
  if (!/^c_[A-Za-z0-9_-]{16,60}$/.test(id)) return undefined
  const quantities = new Map<string, number>()
  for (const line of lines) {
    const [sku = '', count = ''] = line.split('-')
    const quantity = readQuantity(count)
    if (skus.includes(sku) && quantity) quantities.set(sku, quantity)
  }
  return { id, quantities }
}

/** The order that this cart is at the shop's endpoint. */
export const orderOfCart = ({ id, quantities }: Cart) => ({
  cart: id,
  items: [...quantities].map(([sku, quantity]) => ({ sku, quantity })),
})
