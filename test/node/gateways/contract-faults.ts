import assert from 'node:assert/strict'
import { test } from 'node:test'
import type { Adapter, Contract } from './contract.ts'
import { attempt, call, toRead } from './simulator.ts'

/** The table of errors and every fault of a network, as every adapter has to take them. */
export function contractFaults(adapter: Adapter, { simulator, gateway, open, read, readPayment }: Contract): void {
  const OPEN_TABLE: Readonly<Record<number, string>> = {
    400: 'refused',
    401: 'refused',
    402: adapter.on402,
    403: 'refused',
    404: 'refused',
    409: 'unknown',
    429: 'unknown',
    500: 'unknown',
    502: 'unknown',
    503: 'unknown',
    504: 'unknown',
  }
  for (const [status, kind] of Object.entries(OPEN_TABLE)) {
    test(`the errors' table: ${status} on opening is ${kind}`, async () => {
      await simulator().faults({ on: 'create', do: 'status', value: Number(status) })
      const outcome = await gateway().open(attempt(), call())
      assert.equal(outcome.kind, kind)
      if (status === '429') assert.equal(outcome.kind === 'unknown' && outcome.retryAfterSeconds, 1)
    })
    test(`the errors' table: ${status} on reading is ${status === '404' ? 'absent' : 'unreachable'}`, async () => {
      const { wanted, orderId } = await open()
      await simulator().faults({ on: 'status', do: 'status', value: Number(status) })
      const reading = await read(wanted, orderId)
      assert.equal(reading.kind, status === '404' ? 'absent' : 'unreachable')
      if (status === '429') assert.equal(reading.kind === 'unreachable' && reading.retryAfterSeconds, 1)
    })
  }

  const FAULTS = [
    { do: 'drop-reply' },
    { do: 'html' },
    { do: 'cut', at: 0 },
    { do: 'cut', at: 20 },
    { do: 'garbage' },
    { do: 'garbage', value: 'null' },
    { do: 'garbage', value: '[]' },
    { do: 'garbage', value: '{}' },
    { do: 'garbage', value: '"paid"' },
    { do: 'garbage', value: 'x'.repeat(200_000) },
    { do: 'redirect', value: 'https://elsewhere.example/' },
    { do: 'redirect' },
    { do: 'status', value: 204 },
  ] as const
  for (const fault of FAULTS) {
    const name = JSON.stringify(fault).slice(0, 60)
    test(`F17: ${name} on opening is unknown`, async () => {
      await simulator().faults({ on: 'create', ...fault })
      assert.equal((await gateway().open(attempt(), call())).kind, 'unknown')
    })
    test(`E8: ${name} on reading is unreachable`, async () => {
      const { wanted, orderId } = await open()
      await simulator().act(orderId, 'pay')
      await simulator().faults({ on: 'status', ...fault })
      assert.equal((await read(wanted, orderId)).kind, 'unreachable')
    })
  }

  test('a gateway that never answers is unknown and unreachable once the deadline has passed', async () => {
    const { wanted, orderId } = await open()
    await simulator().faults({ on: 'create', do: 'hang' }, { on: 'status', do: 'hang' })
    const outcome = await gateway().open(attempt(), { signal: AbortSignal.timeout(150) })
    assert.deepEqual(outcome, { kind: 'unknown', detail: 'timeout' })
    const reading = await gateway().read(toRead(wanted, orderId), { signal: AbortSignal.timeout(150) })
    assert.deepEqual(reading, { kind: 'unreachable', detail: 'timeout' })
  })

  test('a slow answer within the deadline counts', async () => {
    await simulator().faults({ on: 'create', do: 'delay', ms: 60 }, { on: 'status', do: 'delay', ms: 60 })
    const { wanted, orderId } = await open()
    assert.equal((await readPayment(wanted, orderId)).state, 'created')
  })

  test('E7: a status that lags behind is reported as it was', async () => {
    const { wanted, orderId } = await open()
    await simulator().clock.advance(10_000)
    await simulator().act(orderId, 'pay')
    await simulator().faults({ on: 'status', do: 'lag', ms: 5_000 })
    assert.equal((await readPayment(wanted, orderId)).state, 'created')
    await simulator().faults()
    assert.equal((await readPayment(wanted, orderId)).state, 'paid')
  })

  test('F16: while most of many calls fail, the gateway is left alone', async () => {
    await simulator().faults({ on: 'create', do: 'status', value: 500 })
    for (let failure = 0; failure < 20; failure += 1) await gateway().open(attempt(), call())
    const before = ((await simulator().control('GET', '/calls')) as unknown[]).length
    const outcome = await gateway().open(attempt(), call())
    assert.equal(outcome.kind, 'unknown')
    assert.equal(((await simulator().control('GET', '/calls')) as unknown[]).length, before)
  })
}
