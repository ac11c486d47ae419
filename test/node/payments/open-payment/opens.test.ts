import assert from 'node:assert/strict'
import { describe, test } from 'node:test'
import type { OpenOutcome } from '../../../../src/server/gateways/port.ts'
import { ProblemError } from '../../../../src/server/problem-error.ts'
import { createDesk } from '../desk.ts'
import { press, problemOf } from './press.ts'

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

  test('why nobody knows is kept for the log, and not for the page', async () => {
    const desk = createDesk()
    desk.gateway.onOpen({ reply: { kind: 'unknown', detail: 'the function that gives apiKey threw' } })
    const { problem } = await press(desk)
    assert.ok(problem instanceof ProblemError)
    assert.equal(problem.cause, 'the function that gives apiKey threw')
    assert.doesNotMatch(problem.message, /apiKey/)
  })

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
