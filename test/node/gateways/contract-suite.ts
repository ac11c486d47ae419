import assert from 'node:assert/strict'
import { after, before, beforeEach, describe, test } from 'node:test'
import type { AttemptToOpen, Gateway, GatewayReading } from '../../../src/server/gateways/port.ts'
import type { Adapter, Contract } from './contract.ts'
import { contractFaults } from './contract-faults.ts'
import { contractReading } from './contract-reading.ts'
import { attempt, call, opened, type Simulator, startSimulator, toRead } from './simulator.ts'

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

    const contract: Contract = {
      simulator: () => simulator,
      gateway: () => gateway,
      open,
      read,
      readPayment,
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

    contractReading(adapter, contract)
    contractFaults(adapter, contract)

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
