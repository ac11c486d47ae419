import assert from 'node:assert/strict'
import { after, before, beforeEach, describe, test } from 'node:test'
import { bdt } from '../../../../src/contract/money.ts'
import {
  IPAY_BASE_URLS,
  type IpayGatewayOptions,
  ipayGateway,
} from '../../../../src/server/gateways/ipay/ipay-gateway.ts'
import type { AttemptToOpen, GatewayReading, OpenOutcome } from '../../../../src/server/gateways/port.ts'
import { createCanary } from '../../../support/canary.ts'
import { until } from '../../../support/until.ts'
import { type Arrived, json, type RawServer, rawServer } from './raw-server.ts'

const REFERENCE = 'REF0123456789'
const NOW = Date.UTC(2026, 10, 21, 12)
const canary = createCanary()

const attempt = (more: Partial<AttemptToOpen> = {}): AttemptToOpen => ({
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

const placed = {
  message: 'Order placed successfully',
  orderId: 'IPAY-12345678',
  paymentUrl: 'app.ipay.com.bd/pay/IPAY-12345678',
  referenceId: REFERENCE,
}

const paid = {
  statusCode: 200,
  status: 'Successfully paid',
  orderId: 'IPAY-12345678',
  referenceId: REFERENCE,
  orderAmount: 1250,
  transactionId: '23I2-12345678',
  transactionTime: '18 Sep 2017 12:33:39.749 BDT',
}

let server: RawServer
/** A second server that no request with the key may ever reach. */
let elsewhere: RawServer
before(async () => {
  server = await rawServer()
  elsewhere = await rawServer()
})
after(() => Promise.all([server.close(), elsewhere.close()]))
beforeEach(() => {
  server.arrived.length = 0
  elsewhere.arrived.length = 0
})

const gateway = (options: Partial<IpayGatewayOptions> = {}) =>
  ipayGateway({ environment: 'sandbox', apiKey: canary.key, baseUrl: server.base, now: () => NOW, ...options })

const open = (options: Partial<IpayGatewayOptions> = {}, more: Partial<AttemptToOpen> = {}): Promise<OpenOutcome> =>
  gateway(options).open(attempt(more), { signal: AbortSignal.timeout(30_000) })

const read = (options: Partial<IpayGatewayOptions> = {}, reference = REFERENCE): Promise<GatewayReading> =>
  gateway(options).read({ reference, orderId: null, amount: bdt('1250.00') }, { signal: AbortSignal.timeout(30_000) })

/** Outcomes end up in rows and logs: none may hold the key. */
function clean<T>(outcome: T): T {
  canary.collect('outcome', JSON.stringify(outcome))
  assert.deepEqual(canary.sightings(), [])
  return outcome
}

const later = (answer: (request: Arrived, response: Parameters<RawServer['answer']>[1]) => void) => {
  server.answer = answer
}

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

  const unknown: Record<string, (request: Arrived, response: Parameters<RawServer['answer']>[1]) => void> = {
    'no orderId': json(200, { ...placed, orderId: undefined }),
    'an empty orderId': json(200, { ...placed, orderId: '' }),
    'an orderId that is a number': json(200, { ...placed, orderId: 12345678 }),
    'a very long orderId': json(200, { ...placed, orderId: 'I'.repeat(65) }),
    'no paymentUrl': json(200, { ...placed, paymentUrl: undefined }),
    'a paymentUrl that is null': json(200, { ...placed, paymentUrl: null }),
    'a paymentUrl that is an object': json(200, { ...placed, paymentUrl: { toString: 'x' } }),
    'another reference': json(200, { ...placed, referenceId: 'REF9999' }),
    'no reference': json(200, { ...placed, referenceId: undefined }),
    'null': json(200, 'null'),
    'an array': json(200, [placed]),
    'a number': json(200, '5'),
    'nothing at all': json(200, ''),
    'JSON that is cut': json(200, JSON.stringify(placed).slice(0, -8)),
    'HTML': (_request, response) => {
      response.writeHead(200, { 'content-type': 'text/html' })
      response.end('<!doctype html><p>network sign-in</p>')
    },
    'bytes that are no UTF-8': (_request, response) => {
      response.writeHead(200, { 'content-type': 'application/json' })
      response.end(Buffer.from([0x7b, 0x22, 0xff, 0xfe, 0x22, 0x7d]))
    },
    '201 instead of 200': json(201, placed),
    '204': (_request, response) => response.writeHead(204).end(),
    '429': json(429, { message: 'slow down' }),
    '500': json(500, placed),
    '503 with HTML': json(503, '<h1>maintenance</h1>'),
    'a connection that is cut before the answer': (_request, response) => void response.socket?.destroy(),
    'a body that is cut': (_request, response) => {
      response.writeHead(200, { 'content-type': 'application/json', 'content-length': '5000' })
      response.write('{"orderId":"IPAY-1"')
      setImmediate(() => response.socket?.destroy())
    },
  } // biome-ignore format: a table
  for (const [name, answer] of Object.entries(unknown)) {
    test(`F17: ${name} is unknown, and neither a success nor a refusal`, async () => {
      later(answer)
      const outcome = clean(await open())
      assert.equal(outcome.kind, 'unknown')
    })
  }

  for (const status of [301, 302, 303, 307, 308]) {
    test(`F17: a ${status} is not followed, and the key does not go where it points (OWASP ASVS 5.0, 15.3.2)`, async () => {
      later(json(status, '', { location: `${elsewhere.base}/order` }))
      assert.equal(clean(await open()).kind, 'unknown')
      assert.equal((await read()).kind, 'unreachable')
      assert.equal(elsewhere.arrived.length, 0)
    })
  }

  test('F17: an answer of 100 MB is not read to its end', async () => {
    let sent = 0
    let ended = false
    later((_request, response) => {
      response.writeHead(200, { 'content-type': 'application/json' })
      response.on('close', () => {
        ended = true
      })
      const chunk = Buffer.alloc(65_536, ' ')
      const more = () => {
        while (!ended && sent < 100_000_000) {
          sent += chunk.length
          if (!response.write(chunk)) return void response.once('drain', more)
        }
        response.end()
      }
      more()
    })
    const before = process.memoryUsage().arrayBuffers
    const outcome = clean(await open())
    assert.deepEqual(outcome, { kind: 'unknown', detail: 'HTTP 200: the answer is too large' })
    await until('the connection ended', () => ended)
    assert.ok(sent < 20_000_000, `${sent} bytes were sent`)
    assert.ok(process.memoryUsage().arrayBuffers - before < 50_000_000)
  })

  test('F2: a gateway that acted and says nothing is unknown when the deadline passes', async () => {
    later(() => {})
    const controller = new AbortController()
    const outcome = gateway().open(attempt(), { signal: controller.signal })
    await until('the gateway was asked', () => server.arrived.length === 1)
    controller.abort()
    assert.deepEqual(clean(await outcome), { kind: 'unknown', detail: 'timeout' })
  })

  test('F2: headers without a body are unknown when the deadline passes', async () => {
    later((_request, response) => {
      response.writeHead(200, { 'content-type': 'application/json' })
      response.write('{')
    })
    const controller = new AbortController()
    let accepted = 0
    const outcome = gateway().open(attempt(), { signal: controller.signal, accepted: () => accepted++ })
    await until('the gateway began to answer', () => accepted === 1)
    controller.abort()
    assert.equal(clean(await outcome).kind, 'unknown')
  })

  test('a gateway that nobody answers for is unknown, with the cause and without the address', async () => {
    const gone = await rawServer()
    await gone.close()
    const outcome = clean(await open({ baseUrl: gone.base }))
    assert.deepEqual(outcome, { kind: 'unknown', detail: 'ECONNREFUSED' })
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
  })
})

describe('reading a status', () => {
  test('paid is read with everything that the gateway said', async () => {
    later(json(200, paid))
    const { raw, ...reading } = clean(await read()) as Extract<GatewayReading, { kind: 'payment' }>
    assert.deepEqual(reading, {
      kind: 'payment',
      state: 'paid',
      orderId: 'IPAY-12345678',
      reference: REFERENCE,
      amount: bdt('1250.00'),
      reason: null,
      transactionId: '23I2-12345678',
      paidAt: Date.UTC(2017, 8, 18, 6, 33, 39, 749),
    })
    assert.ok(raw.length <= 400)
    assert.equal(server.arrived[0]?.path, `/api/pg/order/referenceId/${REFERENCE}/status`)
    assert.equal(server.arrived[0]?.headers.authorization, `Bearer ${canary.key}`)
  })

  test('H5: a reference cannot reach another address of the gateway', async () => {
    later(json(404, {}))
    const tricks = ['../../admin', 'a/b', 'a?b=c', 'a#b', '%2e%2e', 'a\\b', 'ক', 'a b', '.', '..', 'a\r\nX: y']
    for (const reference of tricks) {
      server.arrived.length = 0
      await read({}, reference)
      for (const { path } of server.arrived) {
        assert.match(path, /^\/api\/pg\/order\/referenceId\/[^/?#]+\/status$/, reference)
      }
    }
  })

  const contradictions: Record<string, unknown> = {
    'code 404': { ...paid, statusCode: 404, status: 'Not found' },
    'the code as text': { ...paid, statusCode: '200' },
    'code 200 with the word of a new order': { ...paid, status: 'Order created' },
    'code 200 with "Unpaid"': { ...paid, status: 'Unpaid' },
    'code 200 with "Payment not successful"': { ...paid, status: 'Payment not successful' },
    'code 200 with no word': { ...paid, status: null },
    'code 200 with an empty word': { ...paid, status: '' },
    'code 200 with a word that is an object': { ...paid, status: { toString: 'Successfully paid' } },
    'code 100 with the word of paid': { ...paid, statusCode: 100 },
    'code 400 with the word of paid': { ...paid, statusCode: 400 },
    'a new code': { ...paid, statusCode: 201 },
    'a code that is true': { ...paid, statusCode: true },
    'no code': { ...paid, statusCode: undefined },
    'a code named like a member of every object': { ...paid, statusCode: 'constructor' },
    'an amount that is text': { ...paid, orderAmount: '1250.00' },
    'an amount with three decimals': { ...paid, orderAmount: 1250.001 },
    'a negative amount': { ...paid, orderAmount: -1250 },
    'an amount that is true': { ...paid, orderAmount: true },
    'an amount beyond all numbers': { ...paid, orderAmount: 1e300 },
  } // biome-ignore format: a table
  for (const [name, body] of Object.entries(contradictions)) {
    test(`E16: ${name} is unknown, and neither paid nor failed`, async () => {
      later(json(200, body))
      const reading = clean(await read())
      assert.equal(reading.kind, 'payment')
      assert.equal(reading.kind === 'payment' && reading.state, 'unknown')
    })
  }

  const shapeless: readonly unknown[] = [
    null,
    [],
    5,
    'text',
    {},
    { ...paid, orderId: undefined },
    { ...paid, referenceId: 7 },
  ]
  for (const body of shapeless) {
    test(`E16: ${JSON.stringify(body).slice(0, 60)} proves nothing`, async () => {
      later(json(200, JSON.stringify(body)))
      assert.equal(clean(await read()).kind, 'unreachable')
    })
  }

  const assumed: readonly (readonly [number, string, string, string | null])[] = [
    [100, 'Order created', 'created', null],
    [300, 'Cancelled by member', 'cancelled', null],
    [400, 'Payment failed: insufficient balance', 'failed', 'insufficient-balance'],
    [400, 'Payment failed: account blocked', 'failed', 'account-blocked'],
    [400, 'Payment failed: limit exceeded', 'failed', 'limit-exceeded'],
    [400, 'Payment failed: declined', 'failed', 'declined'],
    [400, 'Payment failed: technical fault', 'failed', 'technical'],
    [400, 'Payment failed', 'failed', 'unknown'],
    [408, 'Order expired', 'expired', null],
    [500, 'Internal error', 'error', null],
  ]
  for (const [statusCode, status, state, reason] of assumed) {
    test(`code ${statusCode} with "${status}" is ${state}${reason ? ` (${reason})` : ''}`, async () => {
      later(json(200, { ...paid, statusCode, status, transactionId: null, transactionTime: null }))
      const reading = clean(await read())
      assert.ok(reading.kind === 'payment')
      assert.deepEqual(
        [reading.state, reading.reason, reading.transactionId, reading.paidAt],
        [state, reason, null, null],
      )
    })
  }

  test('another table of codes replaces the assumptions', async () => {
    later(json(200, { ...paid, statusCode: 777, status: 'Cancelled' }))
    const reading = await read({ statusCodes: { '200': 'paid', '777': 'cancelled' } })
    assert.ok(reading.kind === 'payment' && reading.state === 'cancelled')
  })

  test('G11: an amount that is left out is null, one that is there is read in poisha', async () => {
    const amounts: unknown[] = []
    for (const orderAmount of [undefined, null, 1250, 1250.5, 0.01]) {
      later(json(200, { ...paid, orderAmount }))
      const reading = await read()
      amounts.push(reading.kind === 'payment' && reading.amount)
    }
    assert.deepEqual(amounts, [null, null, bdt('1250.00'), bdt('1250.50'), bdt('0.01')])
  })

  test('404 in JSON says that there is no such order; in any other form it proves nothing', async () => {
    later(json(404, { message: 'Order not found' }))
    assert.deepEqual(await read(), { kind: 'absent', raw: 'HTTP 404' })
    later(json(404, '<h1>404 of some proxy</h1>'))
    assert.equal((await read()).kind, 'unreachable')
  })

  for (const status of [204, 302, 401, 403, 409, 429, 500, 502, 503, 504]) {
    test(`E8: HTTP ${status} on a status question proves nothing`, async () => {
      later(json(status, status === 204 ? '' : paid, { 'retry-after': '9' }))
      const reading = clean(await read())
      assert.equal(reading.kind, 'unreachable')
    })
  }
})

describe('a gateway that is down', () => {
  test('F16: while most calls fail, further ones end at once without a connection, and a probe closes the circuit', async (t) => {
    t.mock.timers.enable({ apis: ['Date'], now: NOW })
    const broken = gateway()
    const call = () =>
      broken.read({ reference: REFERENCE, orderId: null, amount: bdt('1.00') }, { signal: AbortSignal.timeout(30_000) })
    later(json(503, {}))
    for (let i = 0; i < 20; i++) assert.equal((await call()).kind, 'unreachable')
    assert.equal(server.arrived.length, 20)
    for (let i = 0; i < 50; i++) assert.equal((await call()).kind, 'unreachable')
    const refused = await broken.open(attempt(), { signal: AbortSignal.timeout(30_000) })
    assert.equal(refused.kind, 'unknown')
    assert.equal(server.arrived.length, 20, 'an open circuit still calls')

    t.mock.timers.tick(2_001)
    const probes = await Promise.all(Array.from({ length: 5 }, call))
    assert.equal(server.arrived.length, 21, 'more than one probe')
    assert.ok(probes.every(({ kind }) => kind === 'unreachable'))

    t.mock.timers.tick(2_001)
    later(json(200, paid))
    assert.equal((await call()).kind, 'payment')
    assert.equal((await call()).kind, 'payment')
    assert.equal(server.arrived.length, 23)
  })

  test('F16: a few failures of a quiet hour open no circuit', async () => {
    const quiet = gateway()
    later(json(503, {}))
    for (let i = 0; i < 12; i++) await quiet.open(attempt(), { signal: AbortSignal.timeout(30_000) })
    later(json(200, placed))
    const opened = await quiet.open(attempt(), { signal: AbortSignal.timeout(30_000) })
    assert.equal(opened.kind, 'opened')
  })

  test('F16: refusals and conflicts are answers: they open no circuit', async () => {
    const answering = gateway()
    for (const status of [400, 401, 404, 409]) {
      later(json(status, {}))
      for (let i = 0; i < 10; i++) await answering.open(attempt(), { signal: AbortSignal.timeout(30_000) })
    }
    assert.equal(server.arrived.length, 40)
  })
})

describe('where the gateway is', () => {
  test('each environment has its own address, and a trailing slash is accepted', async () => {
    assert.deepEqual(IPAY_BASE_URLS, {
      production: 'https://app.ipay.com.bd/api/pg',
      sandbox: 'https://demo.ipay.com.bd/api/pg',
    })
    later(json(200, placed))
    await open({ baseUrl: `${server.base}//` })
    assert.equal(server.arrived[0]?.path, '/api/pg/order')
    assert.equal(gateway({ environment: 'production' }).environment, 'production')
  })
})
