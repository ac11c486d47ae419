import { ipayGateway } from '../../../src/server/gateways/ipay/ipay-gateway.ts'
import { ipayPaymentsGateway } from '../../../src/server/gateways/ipay-payments/ipay-payments-gateway.ts'
import { ipaySessionsGateway } from '../../../src/server/gateways/ipay-sessions/ipay-sessions-gateway.ts'
import { contractSuite } from './contract-suite.ts'

const environment = 'sandbox' as const
const key = 'canary_key'

contractSuite({
  name: 'ipay',
  make: (url) => ipayGateway({ environment, baseUrl: `${url}/api/pg`, apiKey: key }),
  makeUnauthorized: (url) => ipayGateway({ environment, baseUrl: `${url}/api/pg/`, apiKey: () => 'invalid' }),
  readsByReference: true,
  errorState: 'error',
  steps: {},
  on402: 'unknown',
})

contractSuite({
  name: 'ipay-payments',
  make: (url) =>
    ipayPaymentsGateway({
      environment,
      baseUrl: `${url}/payments/api`,
      auth: { kind: 'basic', apiKey: key, apiSecret: 'canary_secret' },
    }),
  makeUnauthorized: (url) =>
    ipayPaymentsGateway({
      environment,
      baseUrl: `${url}/payments/api/`,
      auth: { kind: 'basic', apiKey: () => 'invalid', apiSecret: 'canary_secret' },
    }),
  readsByReference: false,
  // A fault inside the gateway ends a payment as failed, for a technical reason.
  errorState: 'failed',
  steps: { process: 'processing', authorize: 'processing' },
  on402: 'declined',
})

contractSuite({
  name: 'ipay-sessions',
  make: (url) => ipaySessionsGateway({ environment, baseUrl: `${url}/sessions/api`, apiKey: key }),
  makeUnauthorized: (url) =>
    ipaySessionsGateway({ environment, baseUrl: `${url}/sessions/api/`, apiKey: () => 'invalid' }),
  readsByReference: false,
  errorState: 'failed',
  steps: { process: 'processing', authorize: 'processing' },
  on402: 'declined',
})
