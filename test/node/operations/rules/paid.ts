import type { TestShop } from '../../notifications/shop.ts'

/** Short ways to what the rules of refunds begin with. The shop is asked for at each use: it starts after this is called. */
export function refundsOver(shopNow: () => TestShop) {
  return {
    /** A payment of ৳1,250.00 that is paid and settled. */
    async paid(cart: string) {
      const shop = shopNow()
      const { token, reference } = await shop.open(cart)
      const order = await shop.orderId(reference)
      await shop.simulator.act(order, 'pay')
      await shop.payments.check(token)
      return { token, reference, order }
    },
    /** The refunds of an order in the gateway's own books. */
    async refundsOf(order: string) {
      const answer = await fetch(`${shopNow().simulator.url}/payments/api/refunds?payment=${order}`, {
        headers: { authorization: `Basic ${btoa('key:secret')}` },
      })
      return ((await answer.json()) as { data: { amount: number; reason: string }[] }).data
    },
  }
}
