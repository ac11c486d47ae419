import assert from 'node:assert/strict'
import { describe, test } from 'node:test'
import fc from 'fast-check'
import type * as z from 'zod'
import { PROBLEM_CODES } from '../../../src/contract/problems.ts'
import { OpenReply, PaymentStatus, Problem } from '../../../src/contract/schemas.ts'
import { PAYMENT_STATES, REASONS, RETRIES } from '../../../src/contract/states.ts'
import { readOpenReply, readPaymentStatus, readProblem } from '../../../src/elements/replies.ts'

/** How many inputs each property sees; `PROPERTY_RUNS=1000000` for the long run. */
const numRuns = Number(process.env['PROPERTY_RUNS'] ?? 20_000)

const open = {
  version: 1,
  token: 'tok_0123456789abcdefghijk',
  state: 'created',
  amount: '1250.00',
  currency: 'BDT',
  reference: 'R-1001',
  paymentUrl: 'https://app.ipay.com.bd/pay/1',
  expiresAt: '2026-11-21T10:15:00Z',
  serverTime: '2026-11-21T10:00:00Z',
  environment: 'production',
}
const status = {
  ...open,
  transactionId: '23I2-12345678',
  paidAt: '2026-11-21T10:03:11Z',
  reason: null,
  retry: 'wait',
  pollAfter: null,
  refunded: '10.00',
  release: { state: 'waiting', carrier: 'A', authorizedAt: null },
  events: '/ipay/orders/x/events',
}
const problem = {
  type: 'urn:pay-with-ipay:problem:already-paid',
  title: 'Nothing to pay',
  status: 409,
  code: 'already-paid',
  instance: 'urn:uuid:1',
  detail: 'for developers',
  token: open.token,
  amount: '1250.00',
  currency: 'BDT',
}

/** Values near the edges of the grammar, and anything that JSON can hold. */
const odd = fc.oneof(
  fc.jsonValue({ maxDepth: 2 }),
  fc.constantFrom(
    ...['0', '00.1', '1.', '.5', '-1', '1e3', '১২', ' 1', '1.2345', '1.23456', '999999999999999', '1000000000000000'],
    ...['JPY', 'KWD', 'bdt', 'BDTX', 'created', 'paid', 'teleported', 'sandbox', 'demo', '', '/', '__proto__'],
    ...PAYMENT_STATES,
    ...REASONS,
    ...RETRIES,
    ...PROBLEM_CODES,
    ...[0, 1, -1, -0, 0.5, 1e308, 399, 400, 599, 600, 409.5],
    ...['x'.repeat(15), 'x'.repeat(16), 'x'.repeat(64), 'x'.repeat(65), 'x'.repeat(128), 'x'.repeat(129)],
    ...['x'.repeat(2048), 'x'.repeat(2049), 'tok.0123456789abcdef'],
  ),
  instants(),
)

/** Instants, right and nearly right: days that do not exist, other zones, missing or too many parts. */
function instants() {
  const two = (from: number, to: number) => fc.integer({ min: from, max: to }).map((n) => String(n).padStart(2, '0'))
  return fc
    .tuple(
      fc.constantFrom('0000', '1900', '2000', '2024', '2026', '9999', '+002026', '26'),
      two(0, 13),
      two(0, 32),
      fc.constantFrom('T', 't', ' '),
      two(0, 25),
      two(0, 61),
      fc.constantFrom('', ':00', ':59', ':60', ':07.5', ':07.', ':07.123456789'),
      fc.constantFrom('Z', 'z', '', '+06:00', '-23:59', '+24:00', '+0600', '+06'),
    )
    .map(
      ([year, month, day, t, hour, minute, second, zone]) =>
        `${year}-${month}-${day}${t}${hour}:${minute}${second}${zone}`,
    )
}

/** The valid value with up to three members replaced, taken out or added, one level deep as well. */
function near(valid: Readonly<Record<string, unknown>>) {
  const names = [...Object.keys(valid), 'extra', '__proto__', 'constructor', 'toString']
  const change = fc.record({ name: fc.constantFrom(...names), value: odd, remove: fc.boolean(), inside: fc.boolean() })
  return fc.array(change, { maxLength: 3 }).map((changes) => {
    const result = structuredClone<Record<string, unknown>>(valid)
    for (const { name, value, remove, inside } of changes) {
      const release = result['release']
      const target = inside && release && typeof release === 'object' ? (release as Record<string, unknown>) : result
      const key = target === result ? name : name === 'state' || name === 'authorizedAt' ? name : 'carrier'
      if (remove) delete target[key]
      else Object.defineProperty(target, key, { value, enumerable: true, configurable: true, writable: true })
    }
    return result
  })
}

function agree(read: (value: unknown) => unknown, schema: z.ZodType, valid: Readonly<Record<string, unknown>>): void {
  assert.deepEqual(read(valid), schema.parse(valid))
  const inputs = fc.oneof({ arbitrary: near(valid), weight: 9 }, { arbitrary: odd, weight: 1 })
  fc.assert(
    fc.property(inputs, (input) => {
      const expected = schema.safeParse(input)
      assert.deepEqual(read(input), expected.success ? expected.data : undefined)
    }),
    { numRuns },
  )
}

describe('the page reads replies as the schemas do', () => {
  test('an open reply', () => agree(readOpenReply, OpenReply, open))
  test('a status', () => agree(readPaymentStatus, PaymentStatus, status))
  test('a problem', () => agree(readProblem, Problem, problem))

  test('C12: a payment address of a wrong type is no reply', () => {
    for (const paymentUrl of [1, null, [], {}, { toString: () => open.paymentUrl }, '', true, undefined]) {
      assert.equal(readOpenReply({ ...open, paymentUrl }), undefined)
    }
    const { paymentUrl, ...without } = open
    assert.equal(readOpenReply(without), undefined)
    assert.equal(readOpenReply(Object.create({ ...open, paymentUrl })), undefined)
  })

  test('H10: a polluted prototype adds nothing to a reply', () => {
    Object.defineProperty(Object.prototype, 'refunded', { value: '5.00', configurable: true })
    try {
      const { refunded, ...without } = status
      assert.equal(Object.hasOwn(readPaymentStatus(without) ?? {}, 'refunded'), false)
    } finally {
      Reflect.deleteProperty(Object.prototype, 'refunded')
    }
  })

  test('an unknown state is unresolved, an unknown reason unknown, an unknown retry waits', () => {
    const read = readPaymentStatus({ ...status, state: 'teleported', reason: 'mood', retry: 'perhaps' })
    assert.deepEqual([read?.state, read?.reason, read?.retry], ['unresolved', 'unknown', 'wait'])
    const parcel = readPaymentStatus({ ...status, release: { state: 'beamed up' } })
    assert.equal(parcel?.release?.state, 'waiting')
  })

  test('null is what other languages write where an optional member is absent', () => {
    const nothing = { refunded: null, release: null, events: null }
    assert.equal(readPaymentStatus({ ...status, ...nothing, state: 'paid' })?.state, 'paid')
    const { code } = readProblem({ ...problem, detail: null, token: null, amount: null, currency: null }) ?? {}
    assert.equal(code, problem.code)
  })

  test("a code of the page's own is no problem of a shop", () => {
    for (const code of ['offline', 'unsafe-payment-url', 'refused']) {
      assert.equal(readProblem({ ...problem, code }), undefined)
    }
  })
})
