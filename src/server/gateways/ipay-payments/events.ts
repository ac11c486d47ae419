import * as z from 'zod'
import { digestOf, EventId } from '../event-id.ts'
import type { GatewayEvent } from '../port.ts'

/** Events about a payment of ours: `metadata.orderId` of their data is the attempt's reference. */
const PAYMENT_EVENTS = ['payment.succeeded', 'payment.failed', 'payment.refunded', 'payment.disputed']
/** Events that change no payment. */
const OTHER_EVENTS = ['customer.created', 'customer.subscription.updated']

/** What the API calls the payment. */
const Payment = z
  .object({ id: z.string().min(1).max(64) })
  .optional()
  .catch(undefined)

const Type = z.string().min(1).max(128).optional().catch(undefined)

/** No part of a notification is refused for a field that is odd. */
const Named = z
  .object({ metadata: z.object({ orderId: z.string().min(1).max(64) }) })
  .optional()
  .catch(undefined)

/** The guides name the types of events and not the member that they stand in: `type` here, `event` in the sister system. */
const Event = z.object({ id: EventId, type: Type, event: Type, data: z.unknown().optional() })

/**
 * Reads a notification; undefined when it has no type. Nothing of it is believed but which order to ask about. Where it names no
 * id of its own, the event itself stands for it.
 */
export function readEvent(body: unknown): GatewayEvent | undefined {
  const parsed = Event.safeParse(body)
  if (!parsed.success) return undefined
  const { id = digestOf(body), event, type = event, data } = parsed.data
  if (type === undefined) return undefined
  const isAboutPayment = PAYMENT_EVENTS.includes(type)
  return {
    id,
    type,
    reference: isAboutPayment ? ((Named.parse(data) ?? Named.parse(body))?.metadata.orderId ?? null) : null,
    notifiedAs: isAboutPayment ? (Payment.parse(data)?.id ?? null) : null,
    known: isAboutPayment || OTHER_EVENTS.includes(type),
  }
}
