import assert from 'node:assert/strict'
import { describe, test } from 'node:test'
import { bdt } from '../../../src/contract/money.ts'
import {
  CLAIM_MS,
  claimAgain,
  claimOpening,
  type Decision,
  isLost,
} from '../../../src/server/payments/claim-opening.ts'
import type { Deps, Quote } from '../../../src/server/payments/deps.ts'
import { fingerprintOf } from '../../../src/server/payments/ids.ts'
import type { OpenInput } from '../../../src/server/payments/service.ts'
import { ProblemError } from '../../../src/server/problem-error.ts'
import type { AttemptState, Rows } from '../../../src/server/store/port.ts'
import { scriptedGateway } from '../../support/scripted-gateway.ts'
import { createDesk, type Desk } from './desk.ts'

const PRICE = bdt('1250.00')
const QUOTE: Quote = { purchaseId: 'c1', amount: PRICE, description: 'Two mugs' }
const CHEAPER: Quote = { ...QUOTE, amount: bdt('999.00') }
const INPUT: OpenInput = {
  order: { cart: 'c1' },
  shown: null,
  returnTo: '/',
  lang: null,
  key: null,
  request: new Request('https://shop.example/ipay/orders', { method: 'POST' }),
}
const MINUTE = 60_000
/** A new attempt of which nobody knows whether the gateway has an order. */
const lost = { state: 'opening', order_id: null, payment_url: null, expires_at: null } as const

interface Ask {
  readonly input?: Partial<OpenInput>
  readonly quote?: Quote
  readonly isNew?: boolean
  /** Wraps the rows, to let somebody else be quicker. */
  readonly rows?: (rows: Rows) => Rows
}

const decide = (desk: Desk, { input, quote = QUOTE, isNew, rows: wrap = (rows) => rows }: Ask = {}) =>
  desk.store.transaction((rows) => claimOpening(desk.deps, wrap(rows), { ...INPUT, ...input }, quote, isNew))

async function problem(desk: Desk, ask: Ask): Promise<ProblemError> {
  const decision = await decide(desk, ask).catch((error: unknown) => error)
  assert.ok(decision instanceof ProblemError, JSON.stringify(decision))
  return decision
}

/** A desk whose gateway gives the same order for the same question. */
function repeatingDesk(): Desk {
  const desk: { -readonly [K in keyof Desk]: Desk[K] } = createDesk()
  const gateway: Deps['gateway'] = { ...scriptedGateway({ clock: desk.clock }), repeatsOpen: true }
  desk.deps = { ...desk.deps, gateway }
  return desk
}

const attemptOf = (decision: Decision) => ('attempt' in decision ? decision.attempt.id : undefined)

describe('the first press of a purchase', () => {
  test('writes the payment, its attempt, the claim and an audit line, and may ask the gateway', async () => {
    const desk = createDesk()
    const input = { order: { cart: 'c1' }, returnTo: '/thanks', lang: 'bn', key: 'key-1' }
    const decision = await decide(desk, { input, quote: { ...QUOTE, payer: { customer: 'cus_1' } } })
    const now = desk.openedAt
    const [payment] = desk.store.tables.payments.values()
    const [attempt] = desk.store.tables.attempts.values()
    assert.ok(payment && attempt)
    assert.deepEqual(payment, {
      id: payment.id,
      token: payment.token,
      purchase_id: 'c1',
      state: 'processing',
      amount: 125_000,
      currency: 'BDT',
      description: 'Two mugs',
      order_json: '{"cart":"c1"}',
      return_to: '/thanks',
      lang: 'bn',
      attempt_id: null,
      reason: null,
      transaction_id: null,
      paid_at: null,
      refunded: 0,
      hold: null,
      claim: attempt.id,
      claim_until: now + 10_000,
      version: 1,
      created_at: now,
      updated_at: now,
    })
    assert.deepEqual(attempt, {
      id: attempt.id,
      payment_id: payment.id,
      number: 1,
      gateway: 'scripted',
      reference: attempt.reference,
      amount: 125_000,
      currency: 'BDT',
      state: 'opening',
      order_id: null,
      payment_url: null,
      expires_at: null,
      reason: null,
      transaction_id: null,
      paid_at: null,
      refunded: 0,
      captured: null,
      read_at: 0,
      next_check_at: now + 15_000,
      checks: 0,
      lease: null,
      lease_until: 0,
      last_answer: null,
      asked: '{"description":"Two mugs","lang":"bn","payer":{"customer":"cus_1"}}',
      release: null,
      created_at: now,
      updated_at: now,
    })
    const unclaimed = { ...payment, claim_until: 0, version: 0 }
    assert.deepEqual(decision, { kind: 'open', again: false, payment: unclaimed, attempt })
    assert.deepEqual(desk.audit(), [
      {
        payment_id: payment.id,
        attempt_id: attempt.id,
        at: now,
        cause: 'open',
        event: 'attempt-written',
        detail: '1250.00',
      },
    ])
    assert.deepEqual(
      [...desk.store.tables.keys.values()],
      [{ key: 'key-1', fingerprint: fingerprintOf('c1', input.order), payment_id: payment.id, created_at: now }],
    )
  })

  test('without a key none is looked up and none is kept', async () => {
    const desk = createDesk()
    await decide(desk, { rows: (rows) => ({ ...rows, key: () => assert.fail('a key was looked up') }) })
    assert.equal(desk.store.tables.keys.size, 0)
  })

  test('F13: another price than the one that was shown is remembered by nobody, and told with the amount', async () => {
    const desk = createDesk()
    const decision = await decide(desk, { input: { shown: bdt('1.00') } })
    assert.ok(decision.kind === 'problem' && decision.problem.code === 'price-changed')
    assert.deepEqual(decision.problem.extras, { amount: '1250.00', currency: 'BDT' })
    assert.equal(desk.store.tables.payments.size, 0)
    assert.equal((await decide(desk, { input: { shown: PRICE } })).kind, 'open')
  })

  test('the limit on new attempts is asked, and what it throws undoes everything', async () => {
    const desk = createDesk()
    const beforeNew = () => Promise.reject(new ProblemError('too-many-requests'))
    assert.equal((await problem(desk, { input: { beforeNew, key: 'key-1' } })).code, 'too-many-requests')
    assert.deepEqual([desk.store.tables.payments.size, desk.store.tables.keys.size], [0, 0])
  })

  /** As another process that writes the purchase's payment between our look and our write. */
  const beaten = (rows: Rows): Rows => {
    let looks = 0
    return {
      ...rows,
      insertPayment: async () => false,
      paymentByPurchase: async (id) => (looks++ === 0 ? undefined : rows.paymentByPurchase(id)),
    }
  }

  test('D6: of two at the same moment the second finds the payment of the first', async () => {
    const desk = createDesk()
    const payment = await desk.payment({ claim: 'a0', claim_until: desk.openedAt + 1, amount: 99_900 })
    assert.deepEqual(await decide(desk, { rows: beaten }), { kind: 'wait' })
    assert.deepEqual(desk.paymentSince(payment), { amount: 125_000 })
  })

  test('a payment that can be neither written nor read is a fault', async () => {
    const desk = createDesk()
    await assert.rejects(decide(desk, { rows: beaten }), { message: /neither written nor read/ })
    await desk.payment()
    const unlockable = (rows: Rows): Rows => ({ ...beaten(rows), lockPayment: async () => undefined })
    await assert.rejects(decide(desk, { rows: unlockable }), { message: /neither written nor read/ })
  })
})

describe('keys', () => {
  const used = async (desk: Desk, fingerprint = fingerprintOf('c1', INPUT.order)) => {
    await desk.payment()
    await desk.attempt()
    const row = { key: 'key-1', fingerprint, payment_id: 'p1', created_at: 0 }
    await desk.store.transaction((rows) => rows.insertKey(row))
  }

  test('F6: the same key again is given the live attempt, and its age', async () => {
    const desk = createDesk()
    await used(desk)
    const ageOf = async (key: string | null) => {
      const decision = await decide(desk, { input: { key } })
      assert.ok(decision.kind === 'resume')
      return decision.keyAgeMs
    }
    assert.equal(await ageOf('key-1'), desk.clock.now())
    assert.equal(await ageOf('key-2'), 0)
    assert.equal(await ageOf('key-2'), 0)
    await desk.clock.advance(250)
    assert.equal(await ageOf('key-2'), 250)
    assert.equal(await ageOf(null), 0)
  })

  test('F7: a key of another order is refused before anything is noted', async () => {
    const desk = createDesk()
    await used(desk, 'of another order')
    assert.equal((await problem(desk, { input: { key: 'key-1' }, quote: CHEAPER })).code, 'key-reused')
    assert.equal(desk.store.tables.payments.get('p1')?.amount, 125_000)
  })

  test('F7: a new key that somebody else writes in the same moment stands for what was written first', async () => {
    for (const fingerprint of [fingerprintOf('c1', INPUT.order), 'of another order', undefined]) {
      const desk = createDesk()
      const row = fingerprint && { key: 'key-1', fingerprint, payment_id: 'p1', created_at: 0 }
      let looks = 0
      const beaten = (rows: Rows): Rows => ({
        ...rows,
        key: async () => (looks++ === 0 ? undefined : row || undefined),
        insertKey: async () => false,
      })
      const decision = await decide(desk, { input: { key: 'key-1' }, rows: beaten }).catch((error) => error)
      if (fingerprint === fingerprintOf('c1', INPUT.order)) assert.equal(decision.kind, 'open')
      else assert.equal(decision.code, 'key-reused')
    }
  })
})

describe('a purchase that has an attempt', () => {
  test('D6: one that can be paid is handed out again, until the moment of its end', async () => {
    const desk = createDesk()
    await desk.payment()
    await desk.attempt()
    await desk.clock.advance(15 * MINUTE - 1)
    const live = await decide(desk)
    assert.deepEqual([live.kind, attemptOf(live)], ['resume', 'a1'])
    await desk.clock.advance(1)
    const over = await decide(desk)
    assert.deepEqual([over.kind, attemptOf(over)], ['ask', 'a1'])
  })

  test('one whose end nobody named is handed out', async () => {
    const desk = createDesk()
    await desk.payment()
    await desk.attempt({ expires_at: null })
    await desk.clock.advance(60 * MINUTE)
    assert.equal((await decide(desk)).kind, 'resume')
  })

  const kinds: readonly (readonly [AttemptState, Decision['kind']])[] = [
    ['processing', 'ask'],
    ['unresolved', 'ask'],
    ['cancelled', 'open'],
    ['failed', 'open'],
    ['expired', 'open'],
    ['refused', 'open'],
    ['void', 'open'],
  ]
  for (const [state, kind] of kinds) {
    test(`${state}: the decision is "${kind}"`, async () => {
      const desk = createDesk()
      await desk.payment({ attempt_id: null })
      await desk.attempt({ state })
      const decision = await decide(desk)
      assert.equal(decision.kind, kind)
      if (decision.kind === 'open') assert.equal(decision.attempt.number, 2)
    })
  }

  test('F13: at another price only one that may have been paid stands in the way of a new one', async () => {
    for (const [state, kind] of [
      ['created', 'open'],
      ['unresolved', 'ask'],
      ['cancelled', 'open'],
    ] as const) {
      const desk = createDesk()
      await desk.payment()
      await desk.attempt({ state })
      assert.equal((await decide(desk, { quote: CHEAPER })).kind, kind)
    }
  })

  test('F1: one whose address nobody has stands in nobody’s way', async () => {
    const desk = createDesk()
    await desk.payment()
    await desk.attempt({ state: 'unresolved', payment_url: null })
    assert.equal((await decide(desk)).kind, 'open')
  })

  test('of several that can be paid the newest is handed out', async () => {
    const desk = createDesk()
    await desk.payment()
    await desk.attempt()
    await desk.attempt({ id: 'a2', number: 2, reference: 'REF2' })
    assert.equal(attemptOf(await decide(desk)), 'a2')
  })

  test('F10: while somebody else is opening, it waits, and not a moment longer', async () => {
    const desk = createDesk()
    const payment = await desk.payment({ claim: 'a1', claim_until: desk.openedAt + 10 })
    await desk.attempt(lost)
    await desk.clock.advance(9)
    assert.deepEqual(await decide(desk), { kind: 'wait' })
    await desk.clock.advance(1)
    assert.equal((await decide(desk)).kind, 'open')
    assert.equal(desk.paymentSince(payment).claim_until, desk.clock.now() + CLAIM_MS)
  })

  test('F10: a claim from before the clock was set back keeps nobody waiting', async () => {
    const desk = createDesk()
    await desk.payment({ claim: 'a1', claim_until: desk.openedAt + CLAIM_MS + MINUTE })
    assert.deepEqual(await decide(desk), { kind: 'wait' })
    await desk.store.transaction((rows) =>
      rows.updatePayment('p1', { claim_until: desk.openedAt + CLAIM_MS + MINUTE + 1 }),
    )
    assert.equal((await decide(desk)).kind, 'open')
  })

  test('an hour that no claim belongs to keeps nobody waiting', async () => {
    const desk = createDesk()
    await desk.payment({ claim: null, claim_until: desk.openedAt + 10 })
    assert.equal((await decide(desk)).kind, 'open')
  })

  test('E4: what is paid, or held for its price, is not opened again', async () => {
    for (const changes of [{ state: 'paid' }, { state: 'unresolved', hold: 'paid-at-old-price' }]) {
      const desk = createDesk()
      await desk.payment(changes)
      const { code, extras } = await problem(desk, {})
      assert.deepEqual([code, extras], ['already-paid', { token: 'token-of-p1' }])
    }
  })
})

describe('what a press notes of its purchase', () => {
  test('the newest price, words and address of return are kept, whatever becomes of the press', async () => {
    const desk = createDesk()
    const payment = await desk.payment()
    await desk.clock.advance(5)
    const quote = { ...CHEAPER, description: 'One mug' }
    const input = { order: { cart: 'c1', cups: 1 }, returnTo: '/done', lang: 'bn', shown: PRICE }
    const decision = await decide(desk, { input, quote })
    assert.equal(decision.kind, 'problem')
    assert.deepEqual(desk.paymentSince(payment), {
      amount: 99_900,
      description: 'One mug',
      order_json: '{"cart":"c1","cups":1}',
      return_to: '/done',
      lang: 'bn',
      updated_at: desk.clock.now(),
    })
  })

  test('it goes on with what it noted', async () => {
    const desk = createDesk()
    await desk.payment()
    await desk.clock.advance(5)
    const decision = await decide(desk, { quote: CHEAPER })
    assert.ok(decision.kind === 'open')
    assert.deepEqual(
      [decision.payment.amount, decision.payment.updated_at, decision.attempt.amount],
      [99_900, desk.clock.now(), 99_900],
    )
  })

  test('where nothing is new nothing is written', async () => {
    const desk = createDesk()
    const payment = await desk.payment()
    await desk.attempt()
    await desk.clock.advance(5)
    assert.equal((await decide(desk)).kind, 'resume')
    assert.deepEqual(desk.store.tables.payments.get('p1'), payment)
  })

  test('F13: an old quote does not bring its price back: the shop is asked again', async () => {
    const desk = createDesk()
    const payment = await desk.payment({ amount: 99_900 })
    assert.deepEqual(await decide(desk, { isNew: false }), { kind: 'reprice' })
    assert.deepEqual(desk.paymentSince(payment), {})
    assert.equal((await decide(desk, { isNew: false, quote: CHEAPER })).kind, 'open')
    assert.equal((await decide(createDesk(), { isNew: false })).kind, 'open')
  })
})

describe('an open request whose answer was lost', () => {
  test('is repeated where the gateway gives the same order again, at the same price only', async () => {
    const desk = repeatingDesk()
    const payment = await desk.payment()
    const attempt = await desk.attempt(lost)
    await desk.clock.advance(MINUTE)
    const claim_until = desk.clock.now() + CLAIM_MS
    assert.deepEqual(await decide(desk), {
      kind: 'open',
      again: true,
      payment: { ...payment, claim: 'a1' },
      attempt,
    })
    assert.deepEqual(desk.paymentSince(payment), { claim: 'a1', claim_until, updated_at: desk.clock.now() })
    await desk.clock.advance(CLAIM_MS)
    const other = await decide(desk, { quote: CHEAPER })
    assert.ok(other.kind === 'open' && !other.again)
    assert.equal(other.attempt.number, 2)
  })

  test('is replaced where it may not be repeated', async () => {
    const desk = createDesk()
    await desk.payment()
    await desk.attempt(lost)
    const decision = await decide(desk)
    assert.ok(decision.kind === 'open' && !decision.again)
  })

  test('is one that has neither an order nor another state', async () => {
    const desk = createDesk()
    await desk.payment()
    const row = await desk.attempt(lost)
    assert.deepEqual([row, { ...row, order_id: 'IPAY-1' }, { ...row, state: 'void' as const }].map(isLost), [
      true,
      false,
      false,
    ])
  })

  const again = (desk: Desk, row: Parameters<typeof claimAgain>[1]) =>
    desk.store.transaction((rows) => claimAgain(rows, row, desk.clock.now()))

  test('is claimed for its repeat, unless somebody else is opening at this moment', async () => {
    const desk = createDesk()
    const payment = await desk.payment({ claim: 'a0', claim_until: desk.openedAt + 10 })
    const attempt = await desk.attempt(lost)
    await desk.clock.advance(9)
    assert.equal(await again(desk, attempt), undefined)
    assert.deepEqual(desk.paymentSince(payment), {})
    await desk.clock.advance(1)
    assert.deepEqual(await again(desk, attempt), { ...payment, claim: 'a1' })
    const now = desk.clock.now()
    assert.deepEqual(desk.paymentSince(payment), { claim: 'a1', claim_until: now + CLAIM_MS, updated_at: now })
    assert.equal(await again(desk, { ...attempt, payment_id: 'unknown' }), undefined)
  })

  test('leaves the claim free where a newer attempt stands', async () => {
    const desk = createDesk()
    const payment = await desk.payment({ claim_until: desk.openedAt + 10 })
    const attempt = await desk.attempt(lost)
    await desk.attempt({ id: 'a2', number: 2, reference: 'REF2' })
    assert.deepEqual(await again(desk, attempt), { ...payment, claim: null })
    assert.deepEqual(desk.paymentSince(payment), { claim_until: 0 })
  })
})
