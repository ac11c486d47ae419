import assert from 'node:assert/strict'
import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { test } from 'node:test'
import { type Flaw, modelEndpoint } from './model-endpoint.ts'
import { MAIN, runInside, runProcess } from './run.ts'

const ORDER = ['--order', '{"cart":"verify"}']

test('an endpoint that keeps the contract passes every check', async (t) => {
  const { code, out, error } = await runInside('verify', await modelEndpoint(t), ...ORDER)
  assert.equal(error, '')
  assert.equal(out.includes('BROKEN'), false, out)
  assert.match(out, /\n\d\d kept, 0 broken$/)
  assert.equal(code, 0)
})

test('without an order nothing is opened, and it says so', async (t) => {
  const { code, out } = await runInside('verify', `${await modelEndpoint(t)}/`)
  assert.equal(code, 0)
  assert.match(out, /Nothing was opened: add --order/)
  assert.equal(out.includes('opens a payment'), false)
})

const CAUGHT: Readonly<Record<Exclude<Flaw, 'none'>, RegExp>> = {
  'unknown-token-is-200': /GET of an unknown token is 404 not-found\n +answered 200, not 404/,
  'no-key-needed': /POST without Idempotency-Key is 400/,
  'any-key': /POST with a malformed key is 400/,
  'any-type': /POST of another type is 415/,
  'any-size': /POST of more than 65536 bytes is 413/,
  'any-site': /\(Sec-Fetch-Site\) is 403/,
  'any-origin': /POST from a foreign Origin is 403/,
  'no-allow': /is 405 with Allow/,
  cacheable: /lacks Cache-Control: no-store/,
  'plain-json-problems': /has the type "application\/json", not application\/problem\+json/,
  'html-errors': /has the type "text\/html"/,
  'status-differs-from-body': /says status 500 in its body and answers 404/,
  'new-attempt-each-time': /the same key and order get the same attempt, with 200/,
  'key-reuse-unnoticed': /the same key with another order is 422/,
  'shown-ignored': /is 409 price-changed/,
  'open-redirect': /a returnTo on a foreign origin is 400/,
  'foreign-payment-page': /the page refuses https:\/\/pay\.evil\.example/,
  'return-is-believed': /says paid after a visit that anybody can make/,
  'float-amount': /has a wrong shape at "amount"/,
}

for (const [flaw, line] of Object.entries(CAUGHT) as [Flaw, RegExp][]) {
  test(`an endpoint with the flaw "${flaw}" is caught, with exit 1`, async (t) => {
    const { code, out } = await runInside('verify', await modelEndpoint(t, flaw), ...ORDER)
    assert.match(out, line)
    assert.match(out, /BROKEN/)
    assert.equal(code, 1)
  })
}

test('an address where nothing answers is one sentence and exit 1', async () => {
  const { code, out, error } = await runProcess('verify', 'http://127.0.0.1:9/orders')
  assert.equal(code, 1)
  assert.equal(out, '')
  assert.match(error, /^Nothing answers at http:\/\/127\.0\.0\.1:9\/orders: [^\n]+\n$/)
})

test('user and password of an address are never printed', async () => {
  for (const address of [
    'http://shop:canary@127.0.0.1:9/orders',
    'http://shop:canary@127.0.0.1:99999/',
    'ftp://shop:canary@127.0.0.1/',
    'shop:canary@127.0.0.1/orders',
    'http://shop:can/canary@127.0.0.1/orders',
  ]) {
    const { code, out, error } = await runInside('verify', address)
    assert.notEqual(code, 0)
    assert.match(error, /127\.0\.0\.1/)
    assert.doesNotMatch(out + error, /canary/)
  }
})

test('a reader that has seen enough (`| head`) is no failure: the exit code is still that of the checks, without a stack', async (t) => {
  for (const [flaw, expected] of [
    ['none', 0],
    ['open-redirect', 1],
  ] as const) {
    const child = spawn(process.execPath, [MAIN, 'verify', await modelEndpoint(t, flaw), ...ORDER])
    let error = ''
    child.stderr.on('data', (chunk) => {
      error += chunk
    })
    child.stdout.once('data', () => child.stdout.destroy())
    assert.deepEqual(await once(child, 'close'), [expected, null], error)
    assert.equal(error, '')
  }
})
