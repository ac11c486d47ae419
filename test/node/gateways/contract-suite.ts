import assert from 'node:assert/strict'
import { after, before, beforeEach, describe, test } from 'node:test'
import type { AttemptToOpen, Gateway, GatewayReading } from '../../../src/server/gateways/port.ts'
import { contractFaults } from './contract-faults.ts'
import { attempt, call, opened, type Simulator, startSimulator, toRead } from './simulator.ts'

/** A gateway under the one contract: how to make it, and where it differs from the others. */
export interface Adapter {
  readonly name: string
  /** A new one in front of the simulator at this origin, with keys that it accepts. */
  make(simulatorUrl: string): Gateway
  /** The same with a key that it refuses. */
  makeUnauthorized(simulatorUrl: string): Gateway
  /** Is asked by our reference alone, while no order id is known. */
  readonly readsByReference: boolean
  /** What `error` of the simulator, a fault inside the gateway, is read as. */
  readonly errorState: string
  /** States that only some gateways have, as steps of the simulator. */
  readonly steps: Readonly<Record<string, string>>
  /** What a 402 on opening is: a decline told to the buyer, where the gateway charges while opening. */
  readonly on402: 'declined' | 'unknown'
}

/** Every adapter passes these, one after the other against its own simulator. */
export function contractSuite(adapter: Adapter): void {
  describe(`the gateway contract, ${adapter.name}`, () => {
    let simulator: Simulator
    let gateway: Gateway
    before(async () => {
      simulator = await startSimulator()
    })
    beforeEach(async () => {
      await simulator.control('DELETE', '')
      // A new one each time: its circuit may have opened over the faults of the test before.
      gateway = adapter.make(simulator.url)
    })
    after(() => simulator.stop())

    const open = async (wanted: AttemptToOpen = attempt()) => ({
      wanted,
      ...opened(await gateway.open(wanted, call())),
    })
    async function read(wanted: AttemptToOpen, orderId: string | null): Promise<GatewayReading> {
      return gateway.read(toRead(wanted, orderId), call())
    }
    async function readPayment(wanted: AttemptToOpen, orderId: string) {
      const reading = await read(wanted, orderId)
      assert.equal(reading.kind, 'payment', JSON.stringify(reading))
      return reading as Extract<GatewayReading, { kind: 'payment' }>
    }

    test('says its name, its environment, and opens an order for exactly what was asked', async () => {
      assert.equal(gateway.name, adapter.name)
      assert.equal(gateway.environment, 'sandbox')
      const { wanted, orderId, paymentUrl, expiresAt } = await open()
      const [order, ...others] = await simulator.orders()
      assert.deepEqual(others, [])
      assert.equal(order?.orderId, orderId)
      assert.equal(order?.referenceId, wanted.reference)
      assert.equal(order?.amount, 1250)
      assert.equal(order?.currency, 'BDT')
      assert.ok(paymentUrl.startsWith(`${simulator.url}/`), paymentUrl)
      assert.ok(expiresAt !== null && expiresAt > simulator.clock.now())
    })

    test('tells that the gateway accepted before it reads the answer', async () => {
      let accepted = 0
      const count = () => {
        accepted += 1
      }
      await gateway.open(attempt(), { ...call(), accepted: count })
      assert.equal(accepted, 1)
    })

    test('H4: takes descriptions of any length and script', async () => {
      const texts = [
        '',
        ' ',
        'x'.repeat(5_000),
        '৳'.repeat(600),
        `${'👩‍👩‍👧'.repeat(200)}`,
        'a\u0000b\u202Ec\nd',
        '\ud800 lone',
      ]
      for (const description of texts) await open(attempt({ description }))
    })

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
      await simulator.act(orderId, 'pay')
      const reading = await readPayment(wanted, orderId)
      assert.equal(reading.state, 'paid')
      assert.deepEqual(reading.amount, wanted.amount)
      assert.ok(reading.transactionId)
      const paidAt = reading.paidAt ?? 0
      assert.ok(Math.abs(paidAt - simulator.clock.now()) < 1_000, String(paidAt))
    })

    for (const [step, state] of Object.entries({
      cancel: 'cancelled',
      expire: 'expired',
      error: adapter.errorState,
      ...adapter.steps,
    })) {
      test(`reads ${state} after the simulator's ${step}`, async () => {
        const { wanted, orderId } = await open()
        await simulator.act(orderId, step)
        assert.equal((await readPayment(wanted, orderId)).state, state)
      })
    }

    for (const reason of ['insufficient-balance', 'account-blocked', 'limit-exceeded', 'declined'] as const) {
      test(`reads failed because of ${reason}`, async () => {
        const { wanted, orderId } = await open()
        await simulator.act(orderId, 'fail', { reason })
        const reading = await readPayment(wanted, orderId)
        assert.equal(reading.state, 'failed')
        assert.equal(reading.reason, reason)
      })
    }

    test('reads failed for a reason that nobody knows as unknown, not as a guess', async () => {
      const { wanted, orderId } = await open()
      await simulator.act(orderId, 'fail', { reason: 'moon-phase' })
      const reading = await readPayment(wanted, orderId)
      assert.deepEqual([reading.state, reading.reason], ['failed', 'unknown'])
    })

    test('an order ends by its own clock', async () => {
      const { wanted, orderId, expiresAt } = await open()
      await simulator.clock.advance((expiresAt ?? 0) - simulator.clock.now() + 1_000)
      assert.equal((await readPayment(wanted, orderId)).state, 'expired')
    })

    test('G11: an amount that differs by one poisha is reported as it is', async () => {
      for (const amount of ['1249.99', '1250.01']) {
        const { wanted, orderId } = await open()
        const minor = Math.round(Number(amount) * 100)
        await simulator.act(orderId, 'pay', { amount: Number(amount), answer: { amount_captured: minor } })
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
        await simulator.act(orderId, 'pay', body)
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
      const calls = async () => (await simulator.control('GET', '/calls')) as { path: string }[]
      /** The path that was asked; undefined when nothing was asked and so nothing was claimed. */
      async function pathOf(id: string): Promise<string[] | undefined> {
        const before = (await calls()).length
        const reading = await gateway.read({ ...toRead(wanted, id), reference: id }, call())
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

    test('F15: a key that is not accepted refuses to open, and proves nothing about an order', async () => {
      const { wanted, orderId } = await open()
      const stranger = adapter.makeUnauthorized(simulator.url)
      assert.equal((await stranger.open(attempt(), call())).kind, 'refused')
      assert.equal((await stranger.read(toRead(wanted, orderId), call())).kind, 'unreachable')
    })

    test('a repeat of the same open request never makes a second order', async () => {
      const { wanted, orderId, paymentUrl } = await open()
      const again = await gateway.open(wanted, call())
      assert.equal((await simulator.orders()).length, 1)
      if (gateway.repeatsOpen)
        assert.deepEqual([opened(again).orderId, opened(again).paymentUrl], [orderId, paymentUrl])
      else assert.equal(again.kind, 'unknown')
    })

    test('F2: an open request whose answer was lost is unknown', async () => {
      const wanted = attempt()
      await simulator.faults({ on: 'create', do: 'drop-reply', times: 1 })
      assert.equal((await gateway.open(wanted, call())).kind, 'unknown')
      if (gateway.repeatsOpen) assert.equal((await gateway.open(wanted, call())).kind, 'opened')
      assert.equal((await simulator.orders()).length, 1)
    })

    contractFaults(adapter, {
      simulator: () => simulator,
      gateway: () => gateway,
      open,
      read,
      readPayment,
    })

    test('V7: no outcome, reading or audit text holds a key', async () => {
      const { wanted, orderId } = await open()
      await simulator.act(orderId, 'pay')
      const said = [await read(wanted, orderId)]
      await simulator.faults({ on: 'status', do: 'garbage' })
      said.push(await read(wanted, orderId))
      assert.doesNotMatch(JSON.stringify(said), /secret|canary/i)
    })
  })
}
