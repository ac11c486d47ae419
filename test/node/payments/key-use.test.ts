import assert from 'node:assert/strict'
import { describe, test } from 'node:test'
import { fingerprintOf } from '../../../src/server/payments/ids.ts'
import { isForAnotherOrder, keyReused } from '../../../src/server/payments/key-use.ts'
import { createDesk } from './desk.ts'

const request = new Request('https://shop.example/ipay/orders', { method: 'POST' })
const asked = (key: string | null, order: unknown) => ({
  key,
  order,
  request,
  shown: null,
  returnTo: null,
  home: '/',
  lang: null,
})

describe('a key under which an order comes that the shop does not sell', () => {
  const known = async () => {
    const desk = createDesk()
    await desk.payment()
    await desk.store.transaction(async (rows) => {
      const fingerprint = fingerprintOf('c1', { cart: 'c1' })
      await rows.insertKey({ key: 'key-1', fingerprint, payment_id: 'p1', created_at: 0 })
      await rows.insertKey({ key: 'key-2', fingerprint, payment_id: 'gone', created_at: 0 })
    })
    return desk.deps
  }

  test('F7: stands for another order, or for this one, which was sold out since', async () => {
    assert.equal(await isForAnotherOrder(await known(), asked('key-1', { cart: 7 })), true)
    assert.equal(await isForAnotherOrder(await known(), asked('key-1', { cart: 'c1' })), false)
  })

  test('stands for nothing when it is new, left out, or of a payment that is gone', async () => {
    for (const key of ['key-9', null, 'key-2']) {
      assert.equal(await isForAnotherOrder(await known(), asked(key, { cart: 7 })), false)
    }
    assert.equal(keyReused().code, 'key-reused')
    const { store } = await known()
    const rows = { ...store.rows, key: () => assert.fail('a key was looked up') }
    assert.equal(await isForAnotherOrder({ ...createDesk().deps, store: { ...store, rows } }, asked(null, 7)), false)
  })
})
