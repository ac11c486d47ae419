import assert from 'node:assert/strict'
import { describe, test } from 'node:test'
import { createDeliverer } from '../../../../src/server/payments/deliver.ts'
import type { Deps } from '../../../../src/server/payments/deps.ts'
import type { Lease, Rows } from '../../../../src/server/store/port.ts'
import { createDesk } from '../desk.ts'
import { settled, written } from './paid-desk.ts'

const SECOND = 1_000

describe('the rounds of the deliverer', () => {
  /** A desk with so many deliveries due, whose leases are counted. */
  async function crowdedDesk(count: number, overrides: Partial<Deps> = {}) {
    const handled: string[] = []
    const leases: Lease[] = []
    const desk = createDesk({ onPaid: ({ id }) => void handled.push(id), ...overrides })
    for (let i = 0; i < count; i++) {
      const id = `p${i}`
      await desk.payment({ id, token: id, purchase_id: id, attempt_id: null })
      await written(desk, { payment_id: id })
    }
    const watched = (rows: Rows): Rows => ({
      ...rows,
      claimDueDeliveries(lease) {
        leases.push(lease)
        return rows.claimDueDeliveries(lease)
      },
    })
    const worker = createDeliverer({
      ...desk.deps,
      store: { ...desk.store, transaction: (work) => desk.store.transaction((rows) => work(watched(rows))) },
    })
    return { desk, handled, leases, worker }
  }

  test('take thirty-two at a time for 45 s, and go on at once while there are more', async () => {
    const { desk, handled, leases, worker } = await crowdedDesk(33)
    worker.start()
    await settled()
    assert.equal(handled.length, 33)
    const lease = { owner: 'instance-1', now: desk.openedAt, until: desk.openedAt + 45 * SECOND, retries: 16 }
    assert.deepEqual(leases[0], { ...lease, limit: 32 })
    assert.ok(leases.length > 1)
    await worker.stop()
  })

  test('come every second', async () => {
    const { desk, leases, worker } = await crowdedDesk(1)
    worker.start()
    await settled()
    await desk.clock.advance(SECOND - 1)
    await settled()
    assert.equal(leases.length, 1)
    await desk.clock.advance(1)
    await settled()
    assert.equal(leases.length, 2)
    await worker.stop()
  })

  test('that are all in vain wait for the next second, and say why', async () => {
    const reached = () => {
      throw new Error('dead')
    }
    const { desk, leases, worker } = await crowdedDesk(32, { reached })
    worker.start()
    await settled()
    assert.equal(leases.length, 1)
    const line = ['log', 'error', 'delivery-round-failed', { error: 'Error: dead' }]
    assert.deepEqual(desk.said, Array(32).fill(line))
    await worker.stop()
  })
})
