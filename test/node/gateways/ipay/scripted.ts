import assert from 'node:assert/strict'
import { after, before, beforeEach } from 'node:test'
import { bdt } from '../../../../src/contract/money.ts'
import { type IpayGatewayOptions, ipayGateway } from '../../../../src/server/gateways/ipay/ipay-gateway.ts'
import type { AttemptToOpen, GatewayReading, OpenOutcome } from '../../../../src/server/gateways/port.ts'
import { createCanary } from '../../../support/canary.ts'
import { type Arrived, type RawServer, rawServer } from './raw-server.ts'

/** The order gateway in front of a server that answers what a test writes; both end with the file that imports this. */

export const REFERENCE = 'REF0123456789'
export const NOW = Date.UTC(2026, 10, 21, 12)
export const canary = createCanary()

export const attempt = (more: Partial<AttemptToOpen> = {}): AttemptToOpen => ({
  reference: REFERENCE,
  amount: bdt('1250.00'),
  description: 'Two mugs',
  returnUrls: {
    success: 'https://shop.example/ipay/orders/t/return/success',
    failure: 'https://shop.example/ipay/orders/t/return/failure',
    cancel: 'https://shop.example/ipay/orders/t/return/cancel',
  },
  lang: 'bn',
  ...more,
})

export const placed = {
  message: 'Order placed successfully',
  orderId: 'IPAY-12345678',
  paymentUrl: 'app.ipay.com.bd/pay/IPAY-12345678',
  referenceId: REFERENCE,
}

export const paid = {
  statusCode: 200,
  status: 'Successfully paid',
  orderId: 'IPAY-12345678',
  referenceId: REFERENCE,
  orderAmount: 1250,
  transactionId: '23I2-12345678',
  transactionTime: '18 Sep 2017 12:33:39.749 BDT',
}

export let server: RawServer
/** A second server that no request with the key may ever reach. */
export let elsewhere: RawServer
before(async () => {
  server = await rawServer()
  elsewhere = await rawServer()
})
after(() => Promise.all([server.close(), elsewhere.close()]))
beforeEach(() => {
  server.arrived.length = 0
  elsewhere.arrived.length = 0
})

export const gateway = (options: Partial<IpayGatewayOptions> = {}) =>
  ipayGateway({ environment: 'sandbox', apiKey: canary.key, baseUrl: server.base, now: () => NOW, ...options })

export const open = (
  options: Partial<IpayGatewayOptions> = {},
  more: Partial<AttemptToOpen> = {},
): Promise<OpenOutcome> => gateway(options).open(attempt(more), { signal: AbortSignal.timeout(30_000) })

export const read = (options: Partial<IpayGatewayOptions> = {}, reference = REFERENCE): Promise<GatewayReading> =>
  gateway(options).read({ reference, orderId: null, amount: bdt('1250.00') }, { signal: AbortSignal.timeout(30_000) })

/** Outcomes end up in rows and logs: none may hold the key. */
export function clean<T>(outcome: T): T {
  canary.collect('outcome', JSON.stringify(outcome))
  assert.deepEqual(canary.sightings(), [])
  return outcome
}

export const later = (answer: (request: Arrived, response: Parameters<RawServer['answer']>[1]) => void) => {
  server.answer = answer
}
