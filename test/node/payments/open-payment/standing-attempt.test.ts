import assert from 'node:assert/strict'
import { describe, test } from 'node:test'
import type { GatewayReading } from '../../../../src/server/gateways/port.ts'
import { ProblemError } from '../../../../src/server/problem-error.ts'
import type { AttemptRow } from '../../../../src/server/store/port.ts'
import { absent, says, unreachable } from '../desk.ts'
import { press, problemOf, standing } from './press.ts'

const SECOND = 1_000

describe('a press on an attempt that stands', () => {
  test('is answered with its address, not as a new one, when the gateway had nothing to say', async () => {
    const desk = await standing()
    const { opened, asked } = await press(desk)
    assert.deepEqual([opened?.created, opened?.reply.reference], [false, 'REF1'])
    assert.deepEqual(asked, [['a1', 'open', 0]])
    assert.deepEqual(desk.said, [
      ['reached', 'before-attempt-row'],
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

  test('past its end, still payable by the gateway’s own word: its link again, without an end that lies behind us', async () => {
    const desk = await standing({ expires_at: 1 })
    const { opened, asked } = await press(desk, { reads: [says('created')] })
    assert.deepEqual([opened?.created, opened?.reply.reference, opened?.reply.expiresAt], [false, 'REF1', null])
    assert.deepEqual(asked, [['a1', 'open', 0]])
    assert.equal(desk.gateway.calls.length, 0)
  })

  for (const [what, word] of [
    ['says the same', says('cancelled')],
    ['is silent', unreachable],
    ['could not be asked', undefined],
  ] as const) {
    test(`E15: that ended is followed by another one after one question, when the gateway ${what}`, async () => {
      const desk = await standing({ state: 'cancelled' })
      const { opened, asked } = await press(desk, { reads: [word] })
      assert.equal(opened?.created, true)
      assert.deepEqual(asked, [['a1', 'open', 0]])
    })
  }

  test('E15: that ended and is paid since is not followed by another one', async () => {
    const desk = await standing({ state: 'cancelled' })
    const during = async () => {
      await desk.store.transaction((rows) => rows.updatePayment('p1', { state: 'paid' }))
    }
    assert.deepEqual(await problemOf(desk, { reads: [says('paid')], during }), [
      'already-paid',
      { token: 'token-of-p1' },
    ])
    assert.equal(desk.gateway.calls.length, 0)
  })

  test('E15: a gateway that hangs keeps nobody from another one for longer than 2 s', async () => {
    const desk = await standing({ state: 'expired' })
    const at = desk.clock.now()
    const { opened } = await press(desk, { during: () => new Promise(() => {}) })
    assert.deepEqual([opened?.created, desk.clock.now() - at], [true, 2 * SECOND])
  })

  const token = 'token-of-p1'
  const own = 'https://shop.example/ipay/orders/token-of-p1/return/success'
  const undecided: readonly (readonly [string, Partial<AttemptRow>, GatewayReading | undefined, string, object])[] = [
    ['of a silent gateway', { state: 'processing' }, unreachable, 'gateway-unavailable', { retryAfter: 3 }],
    ['that nobody could ask', { state: 'processing' }, undefined, 'gateway-unavailable', { retryAfter: 3 }],
    ['that the gateway does not know', { state: 'processing' }, absent, 'gateway-unavailable', { retryAfter: 3 }],
    ['whose money is on its way', { state: 'processing' }, says('processing'), 'already-paid', { token }],
    ['past its end at a silent gateway', { expires_at: 1 }, unreachable, 'gateway-unavailable', { retryAfter: 3 }],
    ['past its end that nobody could ask', { expires_at: 1 }, undefined, 'gateway-unavailable', { retryAfter: 3 }],
    [
      'whose payable word was not taken',
      { state: 'processing' },
      says('created'),
      'gateway-unavailable',
      { retryAfter: 3 },
    ],
    ['held for a person', { state: 'unresolved' }, says('created'), 'already-paid', { token }],
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
