import assert from 'node:assert/strict'
import { describe, test } from 'node:test'
import { createAttemptReader } from '../../../src/server/payments/read-attempt.ts'
import { createDesk } from './desk.ts'
import { press } from './open-payment/press.ts'

const HOUR = 3_600_000

describe('an attempt of a gateway that the shop has left', () => {
  test('is not asked about at the one in use, and stays as it was', async () => {
    const desk = createDesk()
    await desk.payment()
    const attempt = await desk.attempt({ gateway: 'ipay-payments' })
    await desk.clock.advance(120_000)
    const reading = await createAttemptReader(desk.deps).read(attempt, 'reconcile', 0)
    assert.deepEqual(reading, { kind: 'unreachable', detail: 'opened at ipay-payments' })
    assert.deepEqual(desk.gateway.calls, [])
    assert.equal(desk.store.tables.attempts.get(attempt.id)?.state, attempt.state)
    assert.deepEqual([...desk.store.tables.flags.values()], [])
  })

  test('is shown to a person when its time is over', async () => {
    const desk = createDesk()
    await desk.payment()
    const attempt = await desk.attempt({ gateway: 'ipay-payments' })
    const reader = createAttemptReader(desk.deps)
    for (let hour = 0; hour < 26; hour++) {
      await desk.clock.advance(HOUR)
      await reader.read(attempt, 'reconcile', 0)
    }
    assert.deepEqual(
      [...desk.store.tables.flags.values()].map(({ kind }) => kind),
      ['unresolved-after-24h'],
    )
    assert.deepEqual(desk.gateway.calls, [])
  })

  test('is not opened once more at the one in use when its answer was lost', async () => {
    const desk = createDesk()
    Object.assign(desk.gateway, { repeatsOpen: true })
    await desk.payment()
    const lost = { state: 'opening', order_id: null, payment_url: null, expires_at: null } as const
    const attempt = await desk.attempt({ ...lost, gateway: 'ipay-payments' })
    await createAttemptReader(desk.deps).read(attempt, 'reconcile', 0)
    assert.deepEqual(desk.gateway.calls, [])
    const { opened } = await press(desk)
    assert.equal(opened?.created, true)
    assert.notEqual(opened?.reply.reference, attempt.reference)
    assert.equal(desk.store.tables.attempts.get(attempt.id)?.order_id, null)
  })
})
