import * as z from 'zod'
import type { GatewayEvent } from '../port.ts'

/** Events about a payment of ours: `data.metadata.orderId` is the attempt's reference. */
const PAYMENT_EVENTS = ['payment.succeeded', 'payment.failed', 'payment.refunded', 'payment.disputed']
/** Events that change no payment. */
const OTHER_EVENTS = ['customer.created', 'customer.subscription.updated']

const Event = z.object({
  id: z.string().min(1).max(128),
  type: z.string().min(1).max(128),
  data: z
    .object({ metadata: z.object({ orderId: z.string().min(1).max(64) }) })
    .optional()
    .catch(undefined),
})

/** Reads a notification. Nothing of it is believed but which order to ask about. */
export function readEvent(body: unknown): GatewayEvent | undefined {
  const event = Event.safeParse(body)
  if (!event.success) return undefined
  const { id, type, data } = event.data
  const isAboutPayment = PAYMENT_EVENTS.includes(type)
  return {
    id,
    type,
    reference: isAboutPayment ? (data?.metadata.orderId ?? null) : null,
    known: isAboutPayment || OTHER_EVENTS.includes(type),
  }
}
