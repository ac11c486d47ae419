import assert from 'node:assert/strict'
import { describe, test } from 'node:test'
import { bdt, money } from '../../../../src/contract/money.ts'
import { json } from './raw-server.ts'
import { attempt, canary, clean, gateway, later, NOW, open, placed, REFERENCE, read, server } from './scripted.ts'

describe('opening an order', () => {
  test('the gateway is asked in its own words, and its answer is passed on as it wrote it', async () => {
    later(json(200, placed))
    const outcome = clean(await open())
    assert.deepEqual(outcome, {
      kind: 'opened',
      orderId: placed.orderId,
      paymentUrl: placed.paymentUrl,
      expiresAt: NOW + 15 * 60_000,
    })
    const [request] = server.arrived
    assert.equal(request?.method, 'POST')
    assert.equal(request?.path, '/api/pg/order')
    assert.equal(request?.headers.authorization, `Bearer ${canary.key}`)
    assert.equal(request?.headers['content-type'], 'application/json')
    assert.deepEqual(JSON.parse(request?.body ?? ''), {
      amount: 1250,
      referenceId: REFERENCE,
      description: 'Two mugs',
      successCallbackUrl: 'https://shop.example/ipay/orders/t/return/success',
      failureCallbackUrl: 'https://shop.example/ipay/orders/t/return/failure',
      cancelCallbackUrl: 'https://shop.example/ipay/orders/t/return/cancel',
    })
  })

  test('amounts travel as numbers with the digits that they have, without an exponent or a rounding', async () => {
    later(json(200, placed))
    for (const text of ['0.01', '8.20', '19.99', '1005.10', '9999999999999.99']) {
      await open({}, { amount: bdt(text) })
      const body = server.arrived.at(-1)?.body ?? ''
      const number = /"amount":([^,]+),/.exec(body)?.[1] ?? ''
      assert.match(number, /^\d+(\.\d{1,2})?$/)
      assert.equal(Number(number) * 1, Number(text))
    }
  })

  test('H4: a long description is cut to 255 units and stays text', async () => {
    later(json(200, placed))
    await open({}, { description: 'মগ '.repeat(200) })
    await open({}, { description: '\u202e\u0000' })
    const [long, empty] = server.arrived.map(({ body }) => JSON.parse(body).description)
    assert.ok(long.length <= 255 && long.isWellFormed())
    assert.equal(empty, 'Order')
  })

  for (const status of [400, 401, 403, 404]) {
    test(`F15: HTTP ${status} is a refusal, with a JSON body and without one`, async () => {
      for (const body of [{ message: `Invalid API key ${canary.key}` }, '<h1>no</h1>', '']) {
        later(json(status, body))
        assert.deepEqual(clean(await open()), { kind: 'refused', detail: `HTTP ${status}` })
      }
    })
  }

  test('F3: 409 says that the order exists, and its address is not known', async () => {
    later(json(409, { message: `Reference Id '${REFERENCE}' has already been used` }))
    assert.deepEqual(clean(await open()), { kind: 'unknown', detail: 'HTTP 409: an unexpected answer', exists: true })
  })

  test('B10: seconds of Retry-After are passed on, dates and nonsense are not', async () => {
    const waits: (number | undefined)[] = []
    for (const header of ['7', '0', 'Sat, 21 Nov 2026 12:00:00 GMT', '-1', '1e3', '99999999']) {
      later(json(429, {}, { 'retry-after': header }))
      const outcome = await open()
      waits.push(outcome.kind === 'unknown' ? outcome.retryAfterSeconds : -1)
    }
    assert.deepEqual(waits, [7, 0, undefined, undefined, undefined, undefined])
  })

  test('the moment of acceptance is told for success only', async () => {
    let accepted = 0
    const call = { signal: AbortSignal.timeout(30_000), accepted: () => accepted++ }
    for (const status of [200, 401, 409, 500]) {
      later(json(status, placed))
      await gateway().open(attempt(), call)
    }
    assert.equal(accepted, 1)
  })

  test('H7: a return address that the gateway does not take is a mistake in the settings, and nothing is sent', async () => {
    const long = `https://shop.example/${'x'.repeat(500)}`
    const urls = attempt().returnUrls
    for (const name of ['success', 'failure', 'cancel'] as const) {
      await assert.rejects(open({}, { returnUrls: { ...urls, [name]: long } }), RangeError)
    }
    const fits = `https://shop.example/${'x'.repeat(512 - 21)}`
    later(json(200, placed))
    assert.equal((await open({}, { returnUrls: { ...urls, cancel: fits } })).kind, 'opened')
    assert.equal(server.arrived.length, 1)
  })

  test('H5: a reference of 50 characters is sent, one of 51 is a mistake of the program', async () => {
    const reference = 'R'.repeat(50)
    later(json(200, { ...placed, referenceId: reference }))
    assert.equal((await open({}, { reference })).kind, 'opened')
    await assert.rejects(open({}, { reference: `${reference}R` }), RangeError)
    assert.equal(server.arrived.length, 1)
  })

  test('H1: an amount in another currency is a mistake of the program: the gateway would take it for taka', async () => {
    await assert.rejects(open({}, { amount: money('12.50', 'USD') }), RangeError)
    assert.equal(server.arrived.length, 0)
  })

  test('the key is asked for at each call, so that it can be rotated', async () => {
    later(json(200, placed))
    let key = 'first-key'
    const rotating = gateway({ apiKey: () => key })
    await rotating.open(attempt(), { signal: AbortSignal.timeout(30_000) })
    key = 'second-key'
    await rotating.open(attempt(), { signal: AbortSignal.timeout(30_000) })
    assert.deepEqual(
      server.arrived.map(({ headers }) => headers.authorization),
      ['Bearer first-key', 'Bearer second-key'],
    )
  })

  test('a key that cannot be read at the moment, or that no header can hold, is an outcome like others', async () => {
    later(json(200, placed))
    const unreadable = () => {
      throw new Error(`ENOENT ${canary.key}`)
    }
    for (const apiKey of [unreadable, 'two\nlines']) {
      const outcome = clean(await open({ apiKey }))
      assert.equal(outcome.kind, 'unknown')
      assert.equal(clean(await read({ apiKey })).kind, 'unreachable')
    }
    assert.equal(server.arrived.length, 0)
  })
})
