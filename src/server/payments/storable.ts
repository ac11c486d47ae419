import type { GatewayReading, OpenOutcome } from '../gateways/port.ts'

/**
 * Text as every database takes it: PostgreSQL refuses the character NUL, and half of a pair is no UTF-8. An answer with one of
 * them in it would otherwise never be written down, and a paid order with it.
 */
export const storable = (text: string): string => text.replaceAll('\0', '').toWellFormed()

/** What a gateway says of an order, with the texts that are kept and not compared as they can be kept. */
export function storableReading(reading: GatewayReading): GatewayReading {
  switch (reading.kind) {
    case 'payment': {
      const { raw, transactionId } = reading
      return { ...reading, raw: storable(raw), transactionId: transactionId === null ? null : storable(transactionId) }
    }
    case 'absent':
      return { ...reading, raw: storable(reading.raw) }
    case 'unreachable':
      return { ...reading, detail: storable(reading.detail) }
  }
}

/** The same for the answer to an open request. An id that cannot be kept as it is will differ at the first status. */
export function storableOutcome(outcome: OpenOutcome): OpenOutcome {
  switch (outcome.kind) {
    case 'opened':
    case 'charged':
      return { ...outcome, orderId: storable(outcome.orderId), ...named(outcome) }
    case 'declined': {
      const { orderId, detail } = outcome
      return {
        ...outcome,
        orderId: orderId === null ? null : storable(orderId),
        detail: storable(detail),
        ...named(outcome),
      }
    }
    case 'refused':
    case 'unknown':
      return { ...outcome, detail: storable(outcome.detail) }
  }
}

const named = ({ notifiedAs }: { readonly notifiedAs?: string }) =>
  notifiedAs === undefined ? {} : { notifiedAs: storable(notifiedAs) }
