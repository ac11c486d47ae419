import assert from 'node:assert/strict'
import { createServer, type IncomingHttpHeaders } from 'node:http'
import type { AddressInfo } from 'node:net'
import { after, before, beforeEach, describe, test } from 'node:test'
import { inspect } from 'node:util'
import { type Card, CardTokenError, createCardToken } from '../../../src/elements/card-token.ts'
import { startSandbox } from '../../../src/sandbox/index.ts'
import { ipayPaymentsGateway } from '../../../src/server/gateways/ipay-payments/ipay-payments-gateway.ts'

const card: Card = { number: '4242 4242-4242 4242', expMonth: 12, expYear: 2034, cvc: '987' }
const publishableKey = 'pk_test_key'
const code = (expected: CardTokenError['code']) => (error: unknown) => {
  assert.ok(error instanceof CardTokenError, String(error))
  assert.equal(error.code, expected)
  // Neither the card nor the key may stand in anything that a shop might log.
  assert.doesNotMatch(inspect(error, { depth: 9 }), /424242|\b987\b|pk_test_key|sk_live/)
  return true
}

describe('createCardToken', () => {
  let answer: { status: number; body: string; headers?: Record<string, string> }
  let seen: { url: string; headers: IncomingHttpHeaders; body: string }[]
  const server = createServer(async (incoming, outgoing) => {
    const chunks: Buffer[] = []
    for await (const chunk of incoming) chunks.push(chunk)
    seen.push({ url: incoming.url ?? '', headers: incoming.headers, body: Buffer.concat(chunks).toString() })
    outgoing.writeHead(answer.status, { 'content-type': 'application/json', ...answer.headers }).end(answer.body)
  })
  let baseUrl: string
  before(async () => {
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
    baseUrl = `http://127.0.0.1:${(server.address() as AddressInfo).port}/api`
  })
  beforeEach(() => {
    seen = []
    answer = { status: 200, body: JSON.stringify({ id: 'tok_1', card: { brand: 'visa', last4: '4242' } }) }
  })
  after(() => new Promise((resolve) => server.close(resolve)))
  const make = (options = {}) => createCardToken(card, { publishableKey, baseUrl, ...options })

  test('sends the card to the gateway alone, with the publishable key, and gives its token', async () => {
    assert.deepEqual(await make(), { id: 'tok_1', card: { brand: 'visa', last4: '4242' } })
    const [request, ...others] = seen
    assert.deepEqual(others, [])
    assert.equal(request?.url, '/api/tokens')
    assert.equal(request?.headers.authorization, 'Bearer pk_test_key')
    assert.equal(request?.headers.cookie, undefined)
    assert.equal(request?.headers.referer, undefined)
    assert.deepEqual(JSON.parse(request?.body ?? ''), {
      card: { number: '4242424242424242', exp_month: 12, exp_year: 2034, cvc: '987' },
    })
  })

  test('refuses every key that is not a publishable one, before anything is sent', async () => {
    const keys = ['sk_live_1', 'SK_live', '', 'pk_', ' pk_x', 'pk_x\n', 'key', 'PK_x', 'pk_x y', 'rk_x_pk_x']
    for (const key of keys) await assert.rejects(make({ publishableKey: key }), code('misconfigured'), key)
    assert.deepEqual(seen, [])
  })

  test('refuses addresses that are not safe, before anything is sent', async () => {
    const port = new URL(baseUrl).port
    const urls = [
      'http://api.ipay.com/api',
      'ftp://api.ipay.com',
      'javascript:alert(1)',
      '/api',
      '',
      `http://user@127.0.0.1:${port}/api`,
      `http://127.0.0.1:${port}/api?x=1`,
      `http://127.0.0.1:${port}/api#x`,
    ]
    for (const url of urls) await assert.rejects(make({ baseUrl: url }), code('misconfigured'), url)
    assert.deepEqual(seen, [])
  })

  for (const [status, expected] of Object.entries({
    400: 'invalid-card',
    401: 'refused',
    402: 'declined',
    403: 'refused',
    404: 'bad-answer',
    422: 'invalid-card',
    429: 'busy',
    500: 'unreachable',
    503: 'unreachable',
  } as const)) {
    test(`says what an answer of ${status} means`, async () => {
      answer = { status: Number(status), body: JSON.stringify({ error: { message: 'about 4242424242424242' } }) }
      await assert.rejects(make(), code(expected))
    })
  }

  test('takes no answer for a token that is none', async () => {
    for (const body of ['', 'null', '[]', '{}', '{"id":5}', '{"id":""}', '{"id":"a b"}', '<html>', '"tok_1"']) {
      answer = { status: 200, body }
      await assert.rejects(make(), code('bad-answer'), body)
    }
    answer = { status: 200, body: '{"id":"tok_2","card":{"brand":"visa","last4":"4242424242424242"}}' }
    assert.deepEqual(await make(), { id: 'tok_2', card: null })
  })

  test('follows no redirect: the card goes to one address', async () => {
    answer = { status: 307, body: '', headers: { location: `${baseUrl}/elsewhere` } }
    await assert.rejects(make(), code('unreachable'))
    assert.deepEqual(
      seen.map(({ url }) => url),
      ['/api/tokens'],
    )
  })

  test('without an answer it is unreachable, and ends with the signal', async () => {
    await assert.rejects(make({ baseUrl: 'http://127.0.0.1:1/api' }), code('unreachable'))
    await assert.rejects(make({ signal: AbortSignal.abort() }), code('unreachable'))
  })

  test('the simulator takes the card, and a server pays with the token', async () => {
    const sandbox = await startSandbox({ port: 0 })
    try {
      const base = `${sandbox.url}/payments/api`
      const { id, card: face } = await make({ baseUrl: base })
      assert.deepEqual(face, { brand: 'visa', last4: '4242' })
      const auth = { kind: 'basic', apiKey: 'key', apiSecret: 'secret' } as const
      const { customers } = ipayPaymentsGateway({ environment: 'sandbox', baseUrl: base, auth })
      assert.equal((await customers.createMethod({ type: 'card', token: id })).card?.last4, '4242')
      const wrong = { ...card, number: '4242424242424241' }
      await assert.rejects(createCardToken(wrong, { publishableKey, baseUrl: base }), code('invalid-card'))
      const old = { ...card, expYear: 2020 }
      await assert.rejects(createCardToken(old, { publishableKey, baseUrl: base }), code('declined'))
    } finally {
      await sandbox.stop()
    }
  })
})
