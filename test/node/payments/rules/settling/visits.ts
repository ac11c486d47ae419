import assert from 'node:assert/strict'
import { test } from 'node:test'
import { bdt } from '../../../../../src/contract/money.ts'
import type { NewKit } from '../new-kit.ts'
import { opened, visit } from './opened.ts'

const SECOND = 1_000
/** Visits of return addresses, and what they ask the gateway. */
export function visitRules(newKit: NewKit): void {
  test('E1: a hand-typed return address of an unpaid order pays nothing (OWASP ASVS 5.0, 2.3.1)', async () => {
    const kit = await newKit()
    const { token } = await opened(kit)
    await visit(kit, token)
    await kit.deliver()
    const status = await kit.status(token)
    assert.equal(status.state, 'created')
    assert.equal(status.paidAt, null)
    assert.equal(kit.handled.length, 0)
  })

  test('E2: a small order that is paid says nothing about a big one', async () => {
    const kit = await newKit()
    kit.prices.set('small', bdt('5.00'))
    const small = await opened(kit, 'small')
    const big = await opened(kit, 'big')
    kit.gateway.move(small.order, 'paid')
    await visit(kit, small.token)
    await visit(kit, big.token)
    await kit.deliver()
    assert.equal((await kit.status(big.token)).state, 'created')
    assert.deepEqual(
      kit.handled.map(({ purchaseId }) => purchaseId),
      ['small'],
    )
  })

  test('E4: fifty visits of an old success address of a paid order have no effect and ask nobody', async () => {
    const kit = await newKit()
    const { token, order } = await opened(kit)
    kit.gateway.move(order, 'paid')
    await visit(kit, token)
    await kit.deliver()
    const before = await kit.status(token)
    const asked = kit.gateway.calls.length
    await kit.run(Promise.all(Array.from({ length: 50 }, () => kit.service.returned(token, { ask: true }))))
    await kit.deliver()
    assert.deepEqual(await kit.status(token), before)
    assert.equal(kit.gateway.calls.length, asked)
    assert.equal(kit.handled.length, 1)
  })

  test('E5: whichever return address of a paid order is opened, the buyer gets the receipt', async () => {
    const kit = await newKit()
    const { token, order } = await opened(kit)
    kit.gateway.move(order, 'paid')
    await visit(kit, token)
    const status = await kit.status(token)
    assert.equal(status.state, 'paid')
    assert.equal(status.transactionId, order.transactionId)
    assert.equal(status.retry, 'no')
    assert.equal(status.pollAfter, null)
    assert.equal(status.paymentUrl, null)
  })

  test('E9: thirty visits, questions and rounds at the same moment make one delivery (OWASP ASVS 5.0, 15.4.2)', async () => {
    const kit = await newKit()
    const { token, order } = await opened(kit)
    kit.gateway.move(order, 'paid')
    await kit.clock.advance(10 * SECOND)
    const instances = [kit, kit.twin(), kit.twin()]
    await kit.run(
      Promise.all(
        instances.flatMap((instance) => [
          ...Array.from({ length: 5 }, () => instance.service.returned(token, { ask: true })),
          ...Array.from({ length: 4 }, () => instance.service.status(token)),
          instance.reconcile(),
        ]),
      ),
    )
    await kit.run(Promise.all(instances.map((instance) => instance.deliver())))
    assert.equal(kit.handled.length, 1)
    assert.equal((await kit.status(token)).state, 'paid')
  })

  test('E7: while the gateway does not answer, the status says what was known and asks to come back', async () => {
    const kit = await newKit()
    const { token } = await opened(kit)
    kit.gateway.behave.read = () => ({ reply: 'lost' })
    const startedAt = kit.clock.now()
    await visit(kit, token)
    assert.ok(kit.clock.now() - startedAt <= 3_100, 'the visit waited longer than 3 s')
    const status = await kit.status(token)
    assert.equal(status.state, 'created')
    assert.ok((status.pollAfter ?? 0) >= 1)
  })

  test('crowds share one question: a hundred status reads in one second ask the gateway once', async () => {
    const kit = await newKit()
    const { token } = await opened(kit)
    await kit.clock.advance(10 * SECOND)
    const before = kit.gateway.calls.length
    await kit.run(Promise.all(Array.from({ length: 100 }, () => kit.service.status(token))))
    assert.equal(kit.gateway.calls.length - before, 1)
  })

  test('every change of an attempt stands in the audit trail with its cause', async () => {
    const kit = await newKit()
    const { token, order } = await opened(kit)
    kit.gateway.move(order, 'paid')
    await visit(kit, token)
    await kit.deliver()
    const record = await kit.operator.find({ token })
    assert.deepEqual(
      record?.audit.map(({ cause, event }) => `${cause}: ${event}`),
      ['open: attempt-written', 'open: opening -> created', 'return: created -> paid', 'delivery: delivered'],
    )
    assert.ok(record?.deliveredAt)
    assert.equal((await kit.operator.find({ purchaseId: 'c1' }))?.id, record?.id)
    assert.equal((await kit.operator.find({ reference: order.reference }))?.id, record?.id)
  })
}
