import assert from 'node:assert/strict'
import { describe, test } from 'node:test'
import { createDesk } from '../desk.ts'
import { QUOTE } from '../press-input.ts'
import { CHEAPER, decide } from './claim.ts'

describe('what a press notes of its purchase', () => {
  test('the newest price, words and address of return are kept, whatever becomes of the press', async () => {
    const desk = createDesk()
    const payment = await desk.payment()
    await desk.clock.advance(5)
    const quote = { ...CHEAPER, description: 'One mug' }
    const input = { order: { cart: 'c1', cups: 1 }, returnTo: '/done', lang: 'bn', shown: QUOTE.amount }
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

  test('the place to return to stays until a press names another one', async () => {
    const desk = createDesk()
    const payment = await desk.payment({ return_to: '/one' })
    await decide(desk, { input: { returnTo: null, home: '/home' } })
    assert.equal(desk.paymentSince(payment).return_to, undefined)
    await decide(desk, { input: { returnTo: '/two', home: '/home' } })
    assert.equal(desk.paymentSince(payment).return_to, '/two')
  })

  test('the first press that names no place leads home', async () => {
    const desk = createDesk()
    await decide(desk, { input: { returnTo: null, home: '/home' } })
    assert.deepEqual(
      [...desk.store.tables.payments.values()].map((row) => row.return_to),
      ['/home'],
    )
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
