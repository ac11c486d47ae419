import { ipaySessionsGateway } from '../../../src/server/gateways/ipay-sessions/ipay-sessions-gateway.ts'
import type { AnyGateway } from '../../../src/server/gateways/port.ts'
import type { Simulator } from '../gateways/simulator.ts'
import { event, paymentsGateway, SECRET } from './shop.ts'

/** A gateway that sends notifications, and what its events look like. */
export interface Sender {
  readonly name: string
  make(simulator: Simulator): AnyGateway
  /** An event about an order; `type` is the gateway's own word, default that a payment was paid. */
  event(
    reference: string | null,
    changes?: { readonly id?: string; readonly type?: string; readonly note?: string },
  ): { readonly id: string }
  /** An event in the guides' own words, which names the order as the gateway does. */
  gatewayEvent(name: string, type?: string): object
  /** Every type that is about an order. */
  readonly types: readonly string[]
  /** Types that may be about none of ours. */
  readonly aboutNoOrder: readonly string[]
  /** JSON that has no event's shape, beside what is nobody's event. */
  readonly noEvents: readonly string[]
}

let made = 0
const unique = (name: string) => {
  made += 1
  return `${name}${made}`
}

export const SENDERS: readonly Sender[] = [
  {
    name: 'ipay-payments',
    make: paymentsGateway(),
    event,
    gatewayEvent: (name, type = 'payment.succeeded') => ({ id: unique('evt_g'), type, data: { id: name } }),
    types: ['payment.succeeded', 'payment.failed', 'payment.refunded', 'payment.disputed'],
    aboutNoOrder: ['customer.created', 'customer.subscription.updated'],
    noEvents: ['{"id":"e","type":1}', '{"type":""}', '{"data":{"metadata":{"orderId":"x"}}}'],
  },
  {
    name: 'ipay-sessions',
    make: ({ url }) =>
      ipaySessionsGateway({
        environment: 'sandbox',
        baseUrl: `${url}/sessions/api`,
        apiKey: 'key',
        webhookSecret: SECRET,
        live: false,
      }),
    event(reference, { type = 'payment.confirmed', ...changes } = {}) {
      const named = reference !== null && { order_id: 'ord_x', external_id: reference }
      return { id: unique('evt_s'), event: type, ...named, ...changes }
    },
    gatewayEvent: (name, type = 'payment.confirmed') => ({
      event: type,
      order_id: name,
      merchant: unique('mer_'),
      carrier: 'Pathao',
      payment: { psp: 'bkash', status: 'confirmed', amount: '1250.00', currency: 'BDT' },
      release: { authorized_at: null, method: null },
    }),
    types: [
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
    ],
    aboutNoOrder: ['settlement.created'],
    noEvents: ['{"id":"e","event":1}', '{"event":""}', '{"id":"e","type":"payment.confirmed"}'],
  },
]
