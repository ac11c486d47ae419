import assert from 'node:assert/strict'
import { test } from 'node:test'
import type { Adapter, Contract } from './contract.ts'
import { attempt, call, toRead } from './simulator.ts'

/** What a gateway says of an order, and what is made of an answer that nobody can take at its word. */
export function contractReading(adapter: Adapter, { simulator, gateway, open, read, readPayment }: Contract): void {
  test('reads created, with the ids and the amount that it was opened with', async () => {
    const { wanted, orderId } = await open()
    const reading = await readPayment(wanted, orderId)
    assert.equal(reading.state, 'created')
    assert.equal(reading.orderId, orderId)
    assert.equal(reading.reference, wanted.reference)
    assert.deepEqual(reading.amount, wanted.amount)
    assert.equal(reading.reason, null)
    assert.equal(reading.transactionId, null)
    assert.equal(reading.paidAt, null)
  })

  test('reads paid, with the transaction and the hour', async () => {
    const { wanted, orderId } = await open()
    await simulator().act(orderId, 'pay')
    const reading = await readPayment(wanted, orderId)
    assert.equal(reading.state, 'paid')
    assert.deepEqual(reading.amount, wanted.amount)
    assert.ok(reading.transactionId)
    const paidAt = reading.paidAt ?? 0
    assert.ok(Math.abs(paidAt - simulator().clock.now()) < 1_000, String(paidAt))
  })

  for (const [step, state] of Object.entries({
    cancel: 'cancelled',
    expire: 'expired',
    error: adapter.errorState,
    ...adapter.steps,
  })) {
    test(`reads ${state} after the simulator's ${step}`, async () => {
      const { wanted, orderId } = await open()
      await simulator().act(orderId, step)
      assert.equal((await readPayment(wanted, orderId)).state, state)
    })
  }

  for (const reason of ['insufficient-balance', 'account-blocked', 'limit-exceeded', 'declined'] as const) {
    test(`reads failed because of ${reason}`, async () => {
      const { wanted, orderId } = await open()
      await simulator().act(orderId, 'fail', { reason })
      const reading = await readPayment(wanted, orderId)
      assert.equal(reading.state, 'failed')
      assert.equal(reading.reason, reason)
    })
  }

  test('reads failed for a reason that nobody knows as unknown, not as a guess', async () => {
    const { wanted, orderId } = await open()
    await simulator().act(orderId, 'fail', { reason: 'moon-phase' })
    const reading = await readPayment(wanted, orderId)
    assert.deepEqual([reading.state, reading.reason], ['failed', 'unknown'])
  })

  test('an order ends by its own clock', async () => {
    const { wanted, orderId, expiresAt } = await open()
    await simulator().clock.advance((expiresAt ?? 0) - simulator().clock.now() + 1_000)
    assert.equal((await readPayment(wanted, orderId)).state, 'expired')
  })

  test('G11: an amount that differs by one poisha is reported as it is', async () => {
    for (const amount of ['1249.99', '1250.01']) {
      const { wanted, orderId } = await open()
      const minor = Math.round(Number(amount) * 100)
      await simulator().act(orderId, 'pay', { amount: Number(amount), answer: { amount_captured: minor } })
      const reading = await readPayment(wanted, orderId)
      assert.equal(reading.amount?.minor, minor)
    }
  })

  test('E16: an amount that is none, and a status that is no word of the gateway, are not paid', async () => {
    const odd = [
      { amount: 'a lot' },
      { answer: { status: 'Levitating', statusCode: 777 } },
      { answer: { status: 200, statusCode: '200' } },
      { answer: { status: null, statusCode: null } },
    ]
    for (const body of odd) {
      const { wanted, orderId } = await open()
      await simulator().act(orderId, 'pay', body)
      const reading = await read(wanted, orderId)
      assert.notEqual(reading.kind === 'payment' && reading.state, 'paid', JSON.stringify(body))
      assert.notEqual(reading.kind === 'payment' && reading.state, 'failed', JSON.stringify(body))
    }
  })

  test('an order that the gateway does not know is absent', async () => {
    const reading = await read(attempt(), 'IPAY-0000000000')
    assert.equal(reading.kind, 'absent')
  })

  test('H5: an id that looks like a path stays one segment of the address', async () => {
    const { wanted } = await open()
    const calls = async () => (await simulator().control('GET', '/calls')) as { path: string }[]
    /** The path that was asked; undefined when nothing was asked and so nothing was claimed. */
    async function pathOf(id: string): Promise<string[] | undefined> {
      const before = (await calls()).length
      const reading = await gateway().read({ ...toRead(wanted, id), reference: id }, call())
      assert.notEqual(reading.kind, 'payment', id)
      const asked = await calls()
      if (asked.length > before) return (asked.at(-1)?.path ?? '').split('/')
      assert.equal(reading.kind, 'unreachable', `${id} was asked at another address`)
      return undefined
    }
    const plain = (await pathOf('plain')) ?? []
    for (const id of [
      '../../x?y#z',
      '../payments',
      'a/b',
      '.',
      '..',
      '%2e%2e',
      'a b\u09f3',
      '\ud800',
      'x'.repeat(900),
    ]) {
      const path = await pathOf(id)
      if (!path) continue
      assert.equal(path.length, plain.length, path.join('/'))
      assert.equal(path.filter((part, index) => part !== plain[index]).length, 1, path.join('/'))
    }
  })

  test('while no order id is known, the answer is never a guess', async () => {
    const { wanted } = await open()
    const reading = await read(wanted, null)
    if (adapter.readsByReference) assert.equal(reading.kind === 'payment' && reading.state, 'created')
    else assert.equal(reading.kind, 'unreachable')
  })
}
