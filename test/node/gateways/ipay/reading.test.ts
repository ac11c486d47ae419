import assert from 'node:assert/strict'
import { describe, test } from 'node:test'
import { bdt } from '../../../../src/contract/money.ts'
import type { GatewayReading } from '../../../../src/server/gateways/port.ts'
import { json } from './raw-server.ts'
import { canary, clean, later, paid, REFERENCE, read, server } from './scripted.ts'

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
    'an amount in another currency': { ...paid, currency: 'USD' },
    'an amount in no currency': { ...paid, currency: 5 },
    'code 200 with the words of a new order': { ...paid, status: 'Order placed successfully' },
    'an amount beyond all numbers': { ...paid, orderAmount: 1e300 },
  }
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
    [100, 'Order placed successfully', 'created', null],
    [100, 'Payment initiated successfully', 'created', null],
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
