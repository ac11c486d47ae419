import assert from 'node:assert/strict'
import { describe, test } from 'node:test'
import type { WithHints } from '../../../src/server/gateways/port.ts'
import { until } from '../../support/until.ts'
import { paymentsGateway, startShop } from './shop.ts'

type Listening = Parameters<WithHints['hints']['listen']>[0]

/** A gateway whose open connection is in the test's hands: `lines` are the connections, oldest first. */
async function startListening() {
  const lines: (Listening & { end(): void })[] = []
  const listen: WithHints['hints']['listen'] = (options) =>
    new Promise((resolve) => {
      options.signal.addEventListener('abort', () => resolve())
      lines.push({ ...options, end: resolve })
    })
  const shop = await startShop((simulator) => ({ ...paymentsGateway()(simulator), hints: { listen } }))
  const state = async (reference: string) => (await shop.store.rows.attemptByReference(reference))?.state
  return { shop, lines, state }
}

describe('live hints', () => {
  test('an event leads to one question about its order, and nothing that it says is believed', async () => {
    const { shop, lines, state } = await startListening()
    try {
      const { reference } = await shop.open('hinted')
      shop.payments.start()
      const [line] = await until('the connection', () => lines.length === 1 && lines)
      line?.heard({ id: '1', reference: 'NOBODY' })
      line?.heard({ id: '2', reference: null })
      line?.heard({ id: '3', reference })
      const asked = async () => (await shop.store.rows.attemptByReference(reference))?.checks === 1
      await until('the question', asked)
      assert.equal(await state(reference), 'created')
      await shop.simulator.act(await shop.orderId(reference), 'pay')
      line?.heard({ id: '4', reference: null, notifiedAs: 'ord_of_nobody' })
      line?.heard({ id: '5', reference: null, notifiedAs: await shop.orderId(reference) })
      await until('paid', async () => (await state(reference)) === 'paid')
    } finally {
      await shop.stop()
    }
  })

  test('a lost connection is opened again after growing pauses, and resumes after the last event', async () => {
    const { shop, lines } = await startListening()
    try {
      shop.payments.start()
      const { clock } = shop.simulator
      const pauses: number[] = []
      for (let line = 1; line <= 9; line += 1) {
        await until('a connection', () => lines.length === line)
        const endedAt = clock.now()
        lines.at(-1)?.end()
        await until(
          'the next one',
          async () => {
            await clock.advance(500)
            return lines.length > line
          },
          { every: 1 },
        )
        pauses.push(Math.floor((clock.now() - endedAt) / 1_000))
      }
      assert.ok(
        pauses.every((pause, index) => pause >= (pauses[index - 1] ?? 0)),
        String(pauses),
      )
      assert.ok((pauses.at(-1) ?? 0) >= 60 && (pauses.at(-1) ?? 0) < 70, String(pauses))
      lines.at(-1)?.heard({ id: 'evt_9', reference: null })
      lines.at(-1)?.heard({ id: undefined, reference: null })
      lines.at(-1)?.end()
      const before = lines.length
      await until(
        'the next one',
        async () => {
          await clock.advance(500)
          return lines.length > before
        },
        { every: 1 },
      )
      assert.equal(lines.at(-1)?.lastEventId, 'evt_9')
    } finally {
      await shop.stop()
    }
    assert.ok(
      lines.every(({ signal }) => signal.aborted),
      'stopping closes every connection',
    )
  })
})
