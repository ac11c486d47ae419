import assert from 'node:assert/strict'
import { describe, test } from 'node:test'
import { setImmediate as turn } from 'node:timers/promises'
import { bdt } from '../../../src/contract/money.ts'
import type { GatewayReading, OpenOutcome } from '../../../src/server/gateways/port.ts'
import { type Deps, OrderRefused, type Price, type Quote } from '../../../src/server/payments/deps.ts'
import { openPayment } from '../../../src/server/payments/open-payment.ts'
import type { AttemptReader } from '../../../src/server/payments/read-attempt.ts'
import type { OpenInput } from '../../../src/server/payments/service.ts'
import { ProblemError } from '../../../src/server/problem-error.ts'
import type { AttemptRow, PaymentRow } from '../../../src/server/store/port.ts'
import { absent, createDesk, type Desk, says, unreachable } from './desk.ts'

const SECOND = 1_000
const MINUTE = 60 * SECOND
const QUOTE: Quote = { purchaseId: 'c1', amount: bdt('1250.00'), description: 'Two mugs' }
const INPUT: OpenInput = {
  order: { cart: 'c1' },
  shown: null,
  returnTo: '/',
  lang: null,
  key: null,
  request: new Request('https://shop.example/ipay/orders', { method: 'POST' }),
}
const opening = { state: 'opening', order_id: null, payment_url: null, expires_at: null } as const

interface Press {
  readonly input?: Partial<OpenInput>
  readonly deps?: Partial<Deps>
  /** What the reader finds out, one for each question; afterwards nothing. */
  readonly reads?: readonly (GatewayReading | undefined)[]
  readonly during?: (desk: Desk, question: number) => Promise<void>
}

/** One press, with the clock moved on whenever it waits for nothing else. */
async function press(desk: Desk, { input, deps, reads = [], during }: Press = {}) {
  const asked: (readonly [string, string, number])[] = []
  const reader: AttemptReader = {
    isAsking: () => false,
    async read(attempt, cause, maxAgeMs) {
      asked.push([attempt.id, cause, maxAgeMs])
      await during?.(desk, asked.length)
      return reads[asked.length - 1]
    },
  }
  let done = false
  const work = openPayment({ ...desk.deps, ...deps }, reader, { ...INPUT, ...input })
    .then(
      (opened) => ({ opened, problem: undefined }),
      (problem: unknown) => ({ opened: undefined, problem }),
    )
    .finally(() => {
      done = true
    })
  for (let i = 0; !done; i++) {
    await turn()
    if (i % 8 === 7 && desk.clock.nextInMs !== undefined) await desk.clock.advance(desk.clock.nextInMs)
  }
  return { asked, ...(await work) }
}

async function problemOf(desk: Desk, options?: Press) {
  const { problem } = await press(desk, options)
  assert.ok(problem instanceof ProblemError, String(problem))
  return [problem.code, problem.extras] as const
}

/** A purchase with one attempt. */
async function standing(attempt: Partial<AttemptRow> = {}, payment: Partial<PaymentRow> = {}) {
  const desk = createDesk()
  await desk.payment(payment)
  await desk.attempt(attempt)
  return desk
}

describe('a press that opens', () => {
  test('is answered with the new address, and counted', async () => {
    const desk = createDesk()
    const { opened } = await press(desk)
    assert.equal(opened?.created, true)
    assert.equal(opened.reply.paymentUrl, desk.gateway.orders[0]?.paymentUrl)
    assert.deepEqual(desk.said, [
      ['reached', 'before-attempt-row'],
      ['reached', 'after-attempt-row'],
      ['reached', 'after-gateway-accepted'],
      ['reached', 'after-gateway-reply'],
      ['reached', 'after-attempt-committed'],
      ['count', 'ipay_payments_total', { outcome: 'opened' }],
      ['reached', 'before-answer'],
    ])
  })

  const answers: readonly (readonly [OpenOutcome, string, object])[] = [
    [{ kind: 'declined', orderId: null, reason: 'declined', detail: '' }, 'already-paid', {}],
    [{ kind: 'refused', detail: 'HTTP 401' }, 'gateway-refused', {}],
    [{ kind: 'unknown', detail: '' }, 'gateway-unavailable', { retryAfter: 3 }],
    [{ kind: 'unknown', detail: '', retryAfterSeconds: 6.2 }, 'gateway-unavailable', { retryAfter: 7 }],
    [{ kind: 'unknown', detail: '', retryAfterSeconds: 0 }, 'gateway-unavailable', { retryAfter: 1 }],
    [{ kind: 'unknown', detail: '', retryAfterSeconds: 999 }, 'gateway-unavailable', { retryAfter: 60 }],
    [
      { kind: 'opened', orderId: 'IPAY-1', paymentUrl: 'https://evil.example/', expiresAt: null },
      'gateway-unavailable',
      { retryAfter: 3 },
    ],
  ]
  for (const [reply, code, extras] of answers) {
    test(`${JSON.stringify(reply)} is ${code}`, async () => {
      const desk = createDesk()
      desk.gateway.onOpen({ reply })
      const told = await problemOf(desk)
      const token = [...desk.store.tables.payments.values()][0]?.token
      assert.deepEqual(told, [code, code === 'already-paid' ? { token } : extras])
    })
  }

  test('a charge without a visit is asked about at once, and the status says what came of it', async () => {
    const desk = createDesk()
    desk.gateway.onOpen({ reply: { kind: 'charged', orderId: 'IPAY-1' } })
    const { asked, problem } = await press(desk)
    const [attempt] = desk.store.tables.attempts.values()
    assert.deepEqual(asked, [[attempt?.id, 'open', 0]])
    assert.ok(problem instanceof ProblemError && problem.code === 'already-paid')
    assert.equal(problem.extras.token, [...desk.store.tables.payments.values()][0]?.token)
  })

  test('F10: an address that somebody else’s claim overtook is given to nobody', async () => {
    const desk = createDesk()
    const open = async () => {
      await desk.store.transaction((rows) =>
        rows.updatePayment([...desk.store.tables.payments.keys()][0] ?? '', { claim: 'a9' }),
      )
      return { kind: 'opened', orderId: 'IPAY-1', paymentUrl: 'https://demo.ipay.com.bd/1', expiresAt: null } as const
    }
    const told = await problemOf(desk, { deps: { gateway: { ...desk.gateway, open } } })
    assert.deepEqual(told, ['in-progress', { retryAfter: 1 }])
  })

  test('F3: an order whose address was lost on the way is replaced once', async () => {
    const twice = { kind: 'unknown', detail: 'HTTP 409', exists: true } as const
    const once = createDesk()
    once.gateway.onOpen({ reply: twice })
    assert.equal((await press(once)).opened?.created, true)
    assert.equal(once.store.tables.attempts.size, 2)
    const ever = createDesk()
    ever.gateway.behave.open = () => ({ reply: twice })
    assert.deepEqual(await problemOf(ever), ['gateway-unavailable', { retryAfter: 3 }])
    assert.equal(ever.store.tables.attempts.size, 2)
  })
})

describe('a press while somebody else is opening', () => {
  test('looks again at first soon, then less often, and after a good second says so', async () => {
    const desk = createDesk()
    await desk.payment({ claim: 'a1', claim_until: desk.openedAt + 10 * SECOND })
    await desk.attempt(opening)
    const looks: number[] = []
    const reached = () => void looks.push(desk.clock.now() - desk.openedAt)
    assert.deepEqual(await problemOf(desk, { deps: { reached } }), ['in-progress', { retryAfter: 1 }])
    assert.deepEqual(looks, [0, 50, 100, 200, 400, 650, 900])
    assert.equal(desk.clock.now() - desk.openedAt, 1_150)
  })

  /** A purchase that somebody else opens, and whose price somebody else changes `times` while this press waits. */
  async function contested(times: number, price: Price) {
    const desk = createDesk()
    await desk.payment({ claim: 'a1', claim_until: desk.openedAt + 10 * SECOND })
    let looks = 0
    let changes = 0
    const transaction: Deps['store']['transaction'] = (work) =>
      desk.store.transaction(async (rows) => {
        looks += 1
        if (looks % 2 === 0 && changes < times) {
          changes += 1
          await rows.updatePayment('p1', { amount: 1_000 + looks })
        }
        return work(rows)
      })
    const told = await problemOf(desk, { deps: { store: { ...desk.store, transaction }, price } })
    return { told, took: desk.clock.now() - desk.openedAt }
  }

  test('F13: asks the shop again for each price that somebody else was told, three times', async () => {
    for (const times of [0, 1, 2, 3, 4]) {
      let prices = 0
      const { told, took } = await contested(times, () => {
        prices += 1
        return QUOTE
      })
      assert.deepEqual(told, ['in-progress', { retryAfter: 1 }])
      assert.equal(prices, 1 + Math.min(times, 3), `${times} changes`)
      // With the fourth it is the other request's to settle, at once.
      assert.equal(took, times < 4 ? 1_150 : 400)
    }
  })

  test('F13: the first look takes the shop’s new price as it is', async () => {
    let prices = 0
    const price = () => {
      prices += 1
      return { ...QUOTE, amount: bdt('999.00') }
    }
    const desk = await standing()
    assert.equal((await press(desk, { deps: { price } })).opened?.created, true)
    assert.equal(prices, 1)
  })

  test('F13: a price other than the shown one ends it', async () => {
    const desk = await standing()
    const [code, extras] = await problemOf(desk, { input: { shown: bdt('1.00') } })
    assert.deepEqual([code, extras], ['price-changed', { amount: '1250.00', currency: 'BDT' }])
  })
})

describe('a press on an attempt that stands', () => {
  test('is answered with its address, not as a new one, when the gateway had nothing to say', async () => {
    const desk = await standing()
    const { opened, asked } = await press(desk)
    assert.deepEqual([opened?.created, opened?.reply.reference], [false, 'REF1'])
    assert.deepEqual(asked, [['a1', 'open', 0]])
    assert.deepEqual(desk.said, [
      ['reached', 'before-attempt-row'],
      ['reached', 'before-answer'],
    ])
  })

  test('for a repeat of a key an answer of the last second will do, where the key is older than the answer', async () => {
    const desk = await standing()
    const asked = async (key: string) => (await press(desk, { input: { key } })).asked
    assert.deepEqual(await asked('key-1'), [['a1', 'open', 0]])
    assert.deepEqual(await asked('key-1'), [['a1', 'open', 0]], 'of a crowd with a new key, the second one')
    await desk.clock.advance(300)
    assert.deepEqual(await asked('key-1'), [['a1', 'open', 300]])
    await desk.clock.advance(2 * SECOND)
    assert.deepEqual(await asked('key-1'), [['a1', 'open', SECOND]])
    assert.deepEqual(await asked('key-2'), [['a1', 'open', 0]])
  })

  test('is decided again once, after what the gateway said, without a second question', async () => {
    const desk = await standing()
    const { opened, asked } = await press(desk, { reads: [says('created')] })
    assert.equal(opened?.created, false)
    assert.equal(asked.length, 1)
    assert.equal(desk.said.filter(([, point]) => point === 'before-attempt-row').length, 2)
  })

  test('E14: that the gateway has ended opens another one', async () => {
    const desk = await standing()
    const during = () => desk.store.transaction((rows) => rows.updateAttempt('a1', { state: 'expired' }))
    const { opened } = await press(desk, { reads: [says('expired')], during })
    assert.equal(opened?.created, true)
  })

  const token = 'token-of-p1'
  const own = 'https://shop.example/ipay/orders/token-of-p1/return/success'
  const undecided: readonly (readonly [string, Partial<AttemptRow>, GatewayReading | undefined, string, object])[] = [
    ['of a silent gateway', { state: 'processing' }, unreachable, 'gateway-unavailable', { retryAfter: 3 }],
    ['that nobody could ask', { state: 'processing' }, undefined, 'gateway-unavailable', { retryAfter: 3 }],
    ['that the gateway does not know', { state: 'processing' }, absent, 'gateway-unavailable', { retryAfter: 3 }],
    ['whose money is on its way', { state: 'processing' }, says('processing'), 'already-paid', { token }],
    ['past its end', { expires_at: 1 }, says('created'), 'gateway-unavailable', { retryAfter: 3 }],
    ['that needs no visit', { state: 'processing', payment_url: own }, unreachable, 'already-paid', { token }],
    ['that may be paid', { state: 'unresolved' }, unreachable, 'already-paid', { token }],
  ]
  for (const [what, attempt, reading, code, extras] of undecided) {
    test(`F2: nothing is opened beside one ${what}: ${code}`, async () => {
      const desk = await standing(attempt)
      assert.deepEqual(await problemOf(desk, { reads: [reading] }), [code, extras])
      assert.equal(desk.gateway.calls.length, 0)
    })
  }

  test('F2: what cannot be visited and what may have been paid are told in words of their own', async () => {
    const words = async (attempt: Partial<AttemptRow>) => {
      const { problem } = await press(await standing(attempt))
      return problem instanceof ProblemError ? problem.message : ''
    }
    assert.match(await words({ state: 'unresolved' }), /do not pay again/)
    assert.match(await words({ state: 'unresolved', payment_url: own }), /nothing from the buyer/)
    assert.match(
      await words({ state: 'unresolved', payment_url: `${own}`.replace('orders/', 'orders-') }),
      /do not pay/,
    )
  })
})

describe('the price of the shop', () => {
  const priced = (price: Price) => press(createDesk(), { deps: { price } })

  test('that takes longer than 4 s is not waited for', async () => {
    const desk = createDesk()
    const late = (ms: number): Price => {
      return () => new Promise((resolve) => desk.clock.after(ms, () => resolve(QUOTE)))
    }
    assert.equal((await press(desk, { deps: { price: late(4 * SECOND - 1) } })).opened?.created, true)
    const startedAt = desk.clock.now()
    const told = await problemOf(desk, { deps: { price: late(MINUTE) } })
    assert.deepEqual(told, ['unavailable', { retryAfter: 2 }])
    assert.equal(desk.clock.now() - startedAt, 4 * SECOND)
  })

  test('is asked with the order and the request', async () => {
    const seen: unknown[] = []
    await priced((...asked) => {
      seen.push(...asked)
      return QUOTE
    })
    assert.deepEqual(seen, [INPUT.order, { request: INPUT.request }])
  })

  test('is refused where the shop does not sell, with the shop’s words and fault', async () => {
    const fault = new OrderRefused('Sold out')
    const { problem } = await priced(() => {
      throw fault
    })
    assert.ok(problem instanceof ProblemError && problem.code === 'order-refused')
    assert.deepEqual([problem.message, problem.cause, problem.extras], ['Sold out', fault, {}])
  })

  test('F7: for an order that is not sold, under the key of another one, is key-reused', async () => {
    const desk = await standing()
    await press(desk, { input: { key: 'key-1' } })
    const price = () => Promise.reject(new OrderRefused())
    const reused = await problemOf(desk, { input: { key: 'key-1', order: { cart: 7 } }, deps: { price } })
    assert.equal(reused[0], 'key-reused')
  })

  test('that fails by a fault of the shop passes the fault on', async () => {
    const fault = new Error('the database is down')
    const { problem } = await priced(() => Promise.reject(fault))
    assert.equal(problem, fault)
  })

  const wrong: readonly (readonly [string, object])[] = [
    ['without an id', { purchaseId: '' }],
    ['with an id that is no text', { purchaseId: 7 }],
    ['with an id of 201 characters', { purchaseId: 'x'.repeat(201) }],
    ['of nothing', { amount: { minor: 0, currency: 'BDT' } }],
    ['below nothing', { amount: { minor: -1, currency: 'BDT' } }],
    ['of half a poisha', { amount: { minor: 0.5, currency: 'BDT' } }],
    ['beyond whole numbers', { amount: { minor: 2 ** 53, currency: 'BDT' } }],
    ['in text', { amount: { minor: '1', currency: 'BDT' } }],
    ['left out', { amount: undefined }],
    ['in no currency', { amount: { minor: 1, currency: 'taka' } }],
    ['in four letters', { amount: { minor: 1, currency: 'BDTX' } }],
    ['in a currency after something', { amount: { minor: 1, currency: 'XBDT' } }],
  ]
  for (const [what, changes] of wrong) {
    test(`H1: a quote ${what} opens nothing`, async () => {
      const { problem } = await priced(() => ({ ...QUOTE, ...changes }))
      assert.ok(problem instanceof TypeError, String(problem))
    })
  }

  test('an id of 200 characters and a price of one poisha are taken', async () => {
    const quote = { ...QUOTE, purchaseId: 'x'.repeat(200), amount: bdt('0.01') }
    assert.equal((await priced(() => quote)).opened?.created, true)
  })
})
