import assert from 'node:assert/strict'
import { createServer, type Server } from 'node:http'
import type { AddressInfo } from 'node:net'
import { after, before, describe, test } from 'node:test'
import { ipayGateway } from '../../../src/server/gateways/ipay/ipay-gateway.ts'
import type { PaymentsAuth } from '../../../src/server/gateways/ipay-payments/authorizer.ts'
import { ipayPaymentsGateway } from '../../../src/server/gateways/ipay-payments/ipay-payments-gateway.ts'
import { ipaySessionsGateway } from '../../../src/server/gateways/ipay-sessions/ipay-sessions-gateway.ts'
import type { Gateway } from '../../../src/server/gateways/port.ts'
import { attempt, call } from './simulator.ts'

const environment = 'sandbox'
const payments = (auth: PaymentsAuth) => (baseUrl: string) => ipayPaymentsGateway({ environment, baseUrl, auth })

/** Each gateway with a function that gives a secret, and the name of what it gives. */
const GATEWAYS: readonly (readonly [string, string, (apiKey: () => string) => (baseUrl: string) => Gateway])[] = [
  ['ipay', 'apiKey', (apiKey) => (baseUrl) => ipayGateway({ environment, baseUrl, apiKey })],
  ['ipay-sessions', 'apiKey', (apiKey) => (baseUrl) => ipaySessionsGateway({ environment, baseUrl, apiKey })],
  ['ipay-payments', 'apiKey', (apiKey) => payments({ kind: 'basic', apiKey, apiSecret: 'secret' })],
  ['ipay-payments', 'apiSecret', (apiSecret) => payments({ kind: 'basic', apiKey: 'key', apiSecret })],
  ['ipay-payments', 'clientSecret', (clientSecret) => payments({ kind: 'oauth', clientId: 'id', clientSecret })],
  ['ipay-payments', 'the JWT', (token) => payments({ kind: 'jwt', token })],
]

describe('a secret that its function does not give', () => {
  let server: Server
  let asked = 0
  let baseUrl = ''
  before(async () => {
    server = createServer((_request, response) => {
      asked += 1
      response.writeHead(500).end()
    })
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
    baseUrl = `http://127.0.0.1:${(server.address() as AddressInfo).port}`
  })
  after(() => new Promise((resolve) => server.close(resolve)))

  const vaultAway = () => {
    throw new Error('vault: permission denied for hunter2')
  }
  const order = { reference: 'REF1', orderId: 'O1', amount: { minor: 100, currency: 'BDT' } }

  for (const [name, secret, make] of GATEWAYS) {
    test(`${secret} of ${name}: the outcome names it, nothing is sent, and the gateway does not count as down`, async () => {
      asked = 0
      // Programs in JavaScript may give anything: undefined of a variable that nobody set, a promise.
      for (const given of [undefined, '', ' ', 7, {}] as readonly unknown[]) {
        const detail = `the function that gives ${secret} gave no text`
        const gateway = make(() => given as string)(baseUrl)
        assert.deepEqual(await gateway.open(attempt(), call()), { kind: 'unknown', detail })
      }
      const gateway = make(vaultAway)(baseUrl)
      const detail = `the function that gives ${secret} threw`
      for (let i = 0; i < 50; i++) {
        assert.deepEqual(await gateway.open(attempt(), call()), { kind: 'unknown', detail })
        assert.deepEqual(await gateway.read(order, call()), { kind: 'unreachable', detail })
      }
      assert.equal(asked, 0)
    })
  }
})
