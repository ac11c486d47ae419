import assert from 'node:assert/strict'
import { spawnSync } from 'node:child_process'
import { describe, test } from 'node:test'
import { setImmediate as turn } from 'node:timers/promises'
import { ROOT } from '../../../scripts/run.mjs'
import { bdt } from '../../../src/contract/money.ts'
import { createPayments, createTelemetry, type Telemetry } from '../../../src/server/index.ts'
import { silent } from '../../../src/server/telemetry.ts'
import { memoryStore } from '../../simulation/memory-store.ts'
import { manualClock } from '../../support/clock.ts'
import { scriptedGateway } from '../../support/scripted-gateway.ts'
import { post } from './shop.ts'

const no = () => {
  throw new Error('no telemetry today')
}

/** Opens and pays one purchase at a shop with this telemetry, and what became of it. */
async function sellOne(telemetry: Telemetry) {
  const clock = manualClock()
  const gateway = scriptedGateway({ clock })
  const store = memoryStore()
  const payments = createPayments({
    gateway,
    store,
    clock,
    telemetry,
    endpoint: new URL('https://shop.example/ipay/orders'),
    price: () => ({ purchaseId: 'c_1', amount: bdt('10.00'), description: 'A mug' }),
    onPaid() {},
  })
  const opened = await payments.fetch(post('{"order":1}'))
  const { token, paymentUrl } = (await opened.json()) as { token: string; paymentUrl: string }
  assert.equal(opened.status, 201)
  gateway.move(gateway.order(paymentUrl), 'paid')
  await payments.fetch(new Request(`https://shop.example/ipay/orders/${token}/return/success`))
  const { state } = (await payments.status(token)) ?? {}
  const unknown = await payments.fetch(new Request('https://shop.example/ipay/orders/x/y/z'))
  // A rejection that nobody handles fails the test that is running then, as it would end the process.
  await turn()
  return { state, unknown: unknown.status }
}

describe('telemetry of the shop that fails takes no payment with it', () => {
  for (const name of ['log', 'alarm', 'count', 'observe'] as const) {
    test(`when ${name} throws`, async () => {
      assert.deepEqual(await sellOne({ ...silent, [name]: no }), { state: 'paid', unknown: 404 })
    })

    test(`when ${name} rejects`, async () => {
      assert.deepEqual(await sellOne({ ...silent, [name]: async () => no() }), { state: 'paid', unknown: 404 })
    })
  }

  test('the process is warned once, without a word of what was thrown', () => {
    const program = `
      import { safeTelemetry } from './src/server/safe-telemetry.ts'
      const no = async () => { throw new Error('secret') }
      const { log, count } = safeTelemetry({ log: no, alarm: no, count: no, observe: no })
      count('a')
      log('info', 'b')
    `
    const args = ['--input-type=module-typescript', '-e', program]
    const { status, stderr } = spawnSync(process.execPath, args, { cwd: ROOT, encoding: 'utf8' })
    assert.equal(status, 0)
    assert.equal(stderr.match(/PayWithIpayWarning: telemetry\.count failed/g)?.length, 1, stderr)
    assert.doesNotMatch(stderr, /secret|telemetry\.log/)
  })

  test('a stream that throws is no reason to fail for a log line', () => {
    const { log, alarm } = createTelemetry({ stream: { write: no } })
    log('error', 'x')
    alarm('x', { reference: 'ref-1' })
  })

  test('it is called as its own method', async () => {
    class Counting implements Telemetry {
      counted = 0
      log() {}
      alarm() {}
      count() {
        this.counted += 1
      }
      observe() {}
    }
    const telemetry = new Counting()
    await sellOne(telemetry)
    assert.ok(telemetry.counted > 0)
  })
})
