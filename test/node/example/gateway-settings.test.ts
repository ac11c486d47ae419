import assert from 'node:assert/strict'
import { describe, test } from 'node:test'
import { type Environment, PRODUCTION, problemsOf, settingsOf } from './environment.ts'

const WEBHOOKS = { IPAY_WEBHOOK_SECRET: 'whsec-9d1' }
const PAYMENTS: Environment = { ...PRODUCTION, ...WEBHOOKS, IPAY_GATEWAY: 'ipay-payments', IPAY_API_SECRET: 'as-55' }
const SESSIONS: Environment = { ...PRODUCTION, ...WEBHOOKS, IPAY_GATEWAY: 'ipay-sessions' }

function jwt(claims: object): string {
  const part = (value: unknown) => Buffer.from(JSON.stringify(value)).toString('base64url')
  return [part({ alg: 'RS256' }), part(claims), part('signature')].join('.')
}
const seconds = Math.floor(Date.now() / 1_000)

describe('what the example shop is told about its gateway', () => {
  test('hosts of payment pages are taken as whole names, in the spelling that addresses are compared in', () => {
    const settings = settingsOf({
      ...PAYMENTS,
      IPAY_PAYMENT_HOSTS: 'Pay.example.com, checkout.example.com:443,a.b:8443',
    })
    assert.deepEqual(settings.paymentHosts, ['pay.example.com', 'checkout.example.com', 'a.b:8443'])
    assert.deepEqual(settingsOf(SESSIONS).paymentHosts, [])
  })

  test('the Payments API is asked with key and secret unless something else is said', () => {
    const { auth, captureMethod, tokenUrl } = settingsOf(PAYMENTS)
    assert.deepEqual([auth, captureMethod, tokenUrl], ['basic', 'automatic', null])
  })

  test('OAuth client credentials come with the address and scope of their tokens', () => {
    const settings = settingsOf({
      ...PAYMENTS,
      IPAY_AUTH: 'oauth',
      IPAY_TOKEN_URL: 'https://id.example.com/oauth/token',
      IPAY_TOKEN_SCOPE: 'payments:write payments:read',
      IPAY_CAPTURE: 'manual',
    })
    assert.equal(settings.tokenUrl, 'https://id.example.com/oauth/token')
    assert.equal(settings.tokenScope, 'payments:write payments:read')
    assert.equal(settings.captureMethod, 'manual')
  })

  test('a JWT needs no secret beside it, and is good until it says itself that it has ended', () => {
    const env: Environment = { ...PAYMENTS, IPAY_API_SECRET: '', IPAY_AUTH: 'jwt' }
    assert.equal(settingsOf({ ...env, IPAY_API_KEY: jwt({ iss: 'shop', exp: seconds + 600 }) }).apiSecret, null)
    settingsOf({ ...env, IPAY_API_KEY: jwt({ iss: 'shop' }) })
  })

  test('with the simulator every kind of authentication works without any secret', () => {
    for (const IPAY_AUTH of ['basic', 'oauth', 'jwt'])
      assert.ok(settingsOf({ IPAY_GATEWAY: 'ipay-payments', IPAY_AUTH }).apiKey().length > 0)
  })

  const faults: [what: string, env: Environment, sentence: RegExp][] = [
    [
      'a host with a scheme',
      { ...PAYMENTS, IPAY_PAYMENT_HOSTS: 'https://pay.example.com' },
      /^IPAY_PAYMENT_HOSTS must be a comma list of whole host names/,
    ],
    ['a host with a path', { ...PAYMENTS, IPAY_PAYMENT_HOSTS: 'pay.example.com/x' }, /^IPAY_PAYMENT_HOSTS must be/],
    ['a host with a wildcard', { ...PAYMENTS, IPAY_PAYMENT_HOSTS: '*.example.com' }, /^IPAY_PAYMENT_HOSTS must be/],
    [
      'a host with a user name',
      { ...PAYMENTS, IPAY_PAYMENT_HOSTS: 'a@pay.example.com' },
      /^IPAY_PAYMENT_HOSTS must be/,
    ],
    [
      'a private host in production',
      { ...PAYMENTS, IPAY_PAYMENT_HOSTS: 'pay.example.com,192.168.0.4' },
      /^IPAY_PAYMENT_HOSTS must list hosts that buyers can reach in production, unlike 192\.168\.0\.4\.$/,
    ],
    [
      'a kind of authentication that is none',
      { ...PAYMENTS, IPAY_AUTH: 'digest' },
      /^IPAY_AUTH must be one of basic, oauth, jwt/,
    ],
    [
      'authentication for a gateway that has one kind',
      { ...SESSIONS, IPAY_AUTH: 'oauth' },
      /^IPAY_AUTH belongs to the gateway ipay-payments/,
    ],
    [
      'capture at a gateway without',
      { ...PRODUCTION, IPAY_CAPTURE: 'manual' },
      /^IPAY_CAPTURE belongs to the gateway ipay-payments/,
    ],
    ['a capture that is none', { ...PAYMENTS, IPAY_CAPTURE: 'later' }, /^IPAY_CAPTURE must be one of/],
    [
      'a token address without OAuth',
      { ...PAYMENTS, IPAY_TOKEN_URL: 'https://id.example.com' },
      /^IPAY_TOKEN_URL belongs to IPAY_AUTH=oauth/,
    ],
    ['a scope without OAuth', { ...PAYMENTS, IPAY_TOKEN_SCOPE: 'a' }, /^IPAY_TOKEN_SCOPE belongs to IPAY_AUTH=oauth/],
    [
      'a token address over http',
      { ...PAYMENTS, IPAY_AUTH: 'oauth', IPAY_TOKEN_URL: 'http://id.example.com/t' },
      /^IPAY_TOKEN_URL must be an https address/,
    ],
    [
      'a scope that is none',
      { ...PAYMENTS, IPAY_AUTH: 'oauth', IPAY_TOKEN_SCOPE: 'a  b' },
      /^IPAY_TOKEN_SCOPE must be words/,
    ],
    [
      'OAuth without its secret',
      { ...PAYMENTS, IPAY_AUTH: 'oauth', IPAY_API_SECRET: '' },
      /^IPAY_API_SECRET or IPAY_API_SECRET_FILE must be set/,
    ],
    ['a JWT that is none', { ...PAYMENTS, IPAY_AUTH: 'jwt' }, /^IPAY_API_KEY must be a signed JWT/],
    [
      'a JWT that has ended',
      { ...PAYMENTS, IPAY_AUTH: 'jwt', IPAY_API_KEY: jwt({ exp: seconds - 1 }) },
      /^IPAY_API_KEY is a JWT that has run out/,
    ],
    [
      'no webhook secret',
      { ...SESSIONS, IPAY_WEBHOOK_SECRET: '' },
      /^IPAY_WEBHOOK_SECRET or IPAY_WEBHOOK_SECRET_FILE must be set/,
    ],
  ]
  for (const [what, env, sentence] of faults) {
    test(`is refused with one sentence that says what to do, and repeats no secret: ${what}`, () => {
      const problems = problemsOf(env)
      assert.equal(problems.length, 1, problems.join('\n'))
      assert.match(problems[0] ?? '', sentence)
      for (const name of ['IPAY_API_KEY', 'IPAY_API_SECRET', 'IPAY_WEBHOOK_SECRET'])
        assert.equal(!!env[name] && (problems[0] ?? '').includes(env[name] ?? ''), false)
    })
  }
})
