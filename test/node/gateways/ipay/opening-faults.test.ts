import assert from 'node:assert/strict'
import { describe, test } from 'node:test'
import { until } from '../../../support/until.ts'
import { type Arrived, json, type RawServer, rawServer } from './raw-server.ts'
import { attempt, clean, elsewhere, gateway, later, open, placed, read, server } from './scripted.ts'

describe('opening an order while something is wrong', () => {
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
    null: json(200, 'null'),
    'an array': json(200, [placed]),
    'a number': json(200, '5'),
    'nothing at all': json(200, ''),
    'JSON that is cut': json(200, JSON.stringify(placed).slice(0, -8)),
    HTML: (_request, response) => {
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
  }
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
})
