import assert from 'node:assert/strict'
import { describe, test } from 'node:test'
import { ipayGateway } from '../../../src/server/gateways/ipay/ipay-gateway.ts'
import { ipayPaymentsGateway } from '../../../src/server/gateways/ipay-payments/ipay-payments-gateway.ts'
import { ipaySessionsGateway } from '../../../src/server/gateways/ipay-sessions/ipay-sessions-gateway.ts'

type Options = { readonly baseUrl?: string; readonly apiKey?: string | (() => string) }

/** Programs in JavaScript may leave out what the types demand: a variable that is not set, most of all. */
const GATEWAYS: Record<string, (options: Options) => unknown> = {
  ipay: (options) => ipayGateway({ environment: 'sandbox', ...(options as { apiKey: string }) }),
  'ipay-sessions': (options) =>
    ipaySessionsGateway({ environment: 'production', live: false, ...(options as { apiKey: string }) }),
  'ipay-payments': ({ baseUrl, apiKey }) => {
    const auth = { kind: 'basic', apiKey: apiKey as string, apiSecret: 's' } as const
    return ipayPaymentsGateway({ environment: 'sandbox', auth, ...(baseUrl !== undefined && { baseUrl }) })
  },
}

for (const [name, make] of Object.entries(GATEWAYS)) {
  describe(`the options of ${name}`, () => {
    test('H18: an address that the key must not travel to is refused when the program starts', () => {
      const bad = [
        'http://gateway.example/api',
        'ftp://gateway.example',
        'gateway',
        'https://a:b@gateway.example/',
        'https://x.example/?a=1',
      ]
      for (const baseUrl of bad)
        assert.throws(() => make({ baseUrl, apiKey: 'key' }), { name: 'TypeError', message: /^baseUrl/ })
      for (const baseUrl of ['https://gateway.example/api/', 'http://127.0.0.1:9/api', 'http://localhost:9']) {
        assert.ok(make({ baseUrl, apiKey: 'key' }))
      }
    })

    test('H18: a key that is not there is refused when the program starts, one that comes later is not', () => {
      for (const options of [{}, { apiKey: '' }, { apiKey: ' ' }]) {
        assert.throws(() => make(options), { name: 'TypeError', message: /^apiKey/ })
      }
      assert.ok(make({ apiKey: () => '' }))
    })
  })
}

test('an environment that the order gateway does not have is refused with both that it has', () => {
  const environment = 'staging' as 'sandbox'
  assert.throws(() => ipayGateway({ environment, apiKey: 'key', baseUrl: 'https://x.example' }), /sandbox.*production/)
})

describe('the options of ipay-payments with OAuth', () => {
  const make = (auth: { clientId?: string; clientSecret?: string; tokenUrl?: string }) =>
    ipayPaymentsGateway({
      environment: 'sandbox',
      auth: { kind: 'oauth', clientId: 'id', clientSecret: 'secret', ...auth },
    })

  test('H18: a client that has no id or no secret is refused when the program starts', () => {
    for (const name of ['clientId', 'clientSecret']) {
      assert.throws(() => make({ [name]: '' }), { name: 'TypeError', message: new RegExp(`^${name}`) })
    }
  })

  test("H18: a token's address that the client's secret must not travel to is refused when the program starts", () => {
    for (const tokenUrl of ['http://auth.example/token', 'https://auth.example/token?a=1', 'token']) {
      assert.throws(() => make({ tokenUrl }), { name: 'TypeError', message: /^tokenUrl/ })
    }
    assert.ok(make({ tokenUrl: 'http://127.0.0.1:9/token' }))
  })
})
