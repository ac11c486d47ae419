import { panel } from './parts.ts'
import { type Answer, statusReply, TOKEN, testShop } from './shop.ts'

/** The status of a payment that is paid. */
export const paid = statusReply({
  state: 'paid',
  retry: 'no',
  paymentUrl: null,
  transactionId: '23I2-12345678',
  paidAt: '2026-11-21T10:03:11Z',
})

/** A panel whose shop gives these answers, and the shop. */
export async function shown(...answers: Answer[]) {
  const shop = testShop()
  await shop.answers(...answers)
  const element = await panel({ orderEndpoint: shop.endpoint, token: TOKEN, home: '/' })
  return { shop, element }
}
