import * as z from 'zod'
import { digestOf, EventId } from '../event-id.ts'
import type { GatewayEvent } from '../port.ts'

/** The events of the sessions interface; all of them are about an order. */
export const SESSION_EVENTS: readonly string[] = [
  'order.created',
  'payment.requested',
  'payment.confirmed',
  'carrier.out_for_delivery',
  'release.authorized',
  'parcel.released',
  'return.initiated',
  'return.received',
  'refund.created',
  'retention.offer.accepted',
  'settlement.created',
]

/** The reference in the words of the other systems; no part of a notification is refused for a field that is odd. */
const Named = z
  .object({ metadata: z.object({ orderId: z.string().min(1).max(64) }) })
  .optional()
  .catch(undefined)

/** The published example of an event names no id; where one is left out, the event itself stands for it. */
const Event = z.object({
  id: EventId,
  event: z.string().min(1).max(128),
  order_id: z.string().min(1).max(64).nullish().catch(null),
  external_id: z.string().min(1).max(64).nullish().catch(null),
  data: Named,
})

/** Reads a notification or a live event. Nothing of it is believed but which order to ask about. */
export function readEvent(body: unknown): GatewayEvent | undefined {
  const event = Event.safeParse(body)
  if (!event.success) return undefined
  const { id, event: type, order_id, external_id, data } = event.data
  const reference = external_id ?? Named.parse(body)?.metadata.orderId ?? data?.metadata.orderId ?? null
  return {
    id: id ?? digestOf(body),
    type,
    reference,
    notifiedAs: order_id ?? null,
    known: SESSION_EVENTS.includes(type),
  }
}
