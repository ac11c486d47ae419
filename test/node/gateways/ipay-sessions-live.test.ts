import assert from 'node:assert/strict'
import { after, before, describe, test } from 'node:test'
import { bdt } from '../../../src/contract/money.ts'
import {
  type IpaySessionsGateway,
  ipaySessionsGateway,
} from '../../../src/server/gateways/ipay-sessions/ipay-sessions-gateway.ts'
import { type ServerSentEvent, serverSentEvents } from '../../../src/server/gateways/ipay-sessions/sse.ts'
import { until } from '../../support/until.ts'
import { attempt, call, opened, type Simulator, sessionsOver, startSimulator } from './simulator.ts'

describe('live events', () => {
  let simulator: Simulator
  let gateway: IpaySessionsGateway
  before(async () => {
    simulator = await startSimulator()
    gateway = sessionsOver(simulator)
  })
  after(() => simulator.stop())

  type Heard = { readonly id: string | undefined; readonly reference: string | null }

  /** Listens, while `act` is done again and again, until `enough` was heard. */
  async function listen(
    lastEventId: string | undefined,
    enough: (heard: Heard[]) => boolean,
    act: () => Promise<void>,
  ) {
    const heard: Heard[] = []
    const controller = new AbortController()
    const listening = gateway.hints?.listen({
      signal: controller.signal,
      lastEventId,
      heard: (event) => void heard.push(event),
    })
    await until('the events', async () => {
      if (enough(heard)) return true
      await act()
      return false
    })
    controller.abort()
    await listening
    return heard
  }

  test('tell which order to ask about, and resume after the last one that was heard', async () => {
    const opens: string[] = []
    // The stream begins with what happens once it stands, and nobody knows from outside when it does.
    const heard = await listen(
      undefined,
      (events) => events.length > 0,
      async () => {
        const wanted = attempt()
        opens.push(wanted.reference)
        opened(await gateway.open(wanted, call()))
      },
    )
    assert.ok(heard.every(({ id, reference }) => id && opens.includes(reference ?? '')))
    await gateway.orders.create({ externalId: 'missed', amount: bdt('1.00') })
    const resumed = await listen(
      heard.at(-1)?.id,
      (events) => events.some(({ reference }) => reference === 'missed'),
      async () => {},
    )
    assert.equal(
      resumed.some(({ id }) => heard.some((event) => event.id === id)),
      false,
    )
  })

  test('a stream that is none ends quietly: asking goes on anyway', async () => {
    for (const baseUrl of [`${simulator.url}/elsewhere`, 'http://127.0.0.1:1']) {
      const other = ipaySessionsGateway({ environment: 'sandbox', baseUrl, apiKey: 'key' })
      await other.hints?.listen({
        signal: AbortSignal.timeout(3_000),
        lastEventId: undefined,
        heard: () => assert.fail('nothing can be heard'),
      })
    }
    const refused = ipaySessionsGateway({
      environment: 'sandbox',
      baseUrl: `${simulator.url}/sessions/api`,
      apiKey: 'invalid',
    })
    await refused.hints?.listen({
      signal: AbortSignal.timeout(3_000),
      lastEventId: undefined,
      heard: () => assert.fail('nothing can be heard'),
    })
  })

  test('can be left off', () => {
    const off = ipaySessionsGateway({ environment: 'sandbox', baseUrl: simulator.url, apiKey: 'key', live: false })
    assert.equal('hints' in off, false)
  })
})

describe('server-sent events', () => {
  /** Reads a text that comes in pieces of this many bytes. */
  async function read(text: string, size: number): Promise<ServerSentEvent[]> {
    const bytes = new TextEncoder().encode(text)
    async function* pieces() {
      for (let at = 0; at < bytes.length; at += size) yield bytes.subarray(at, at + size)
    }
    const events: ServerSentEvent[] = []
    for await (const event of serverSentEvents(pieces())) events.push(event)
    return events
  }

  test('are read whatever the line ends and wherever the network cuts', async () => {
    const lines = [
      ': hello',
      'retry: 2000',
      '',
      'id: 1',
      'event: a',
      'data: {"x":',
      'data: "৳"}',
      '',
      'data:two',
      '',
      'id: 3',
      '',
      'data: cut',
    ]
    for (const end of ['\n', '\r\n', '\r']) {
      for (const size of [1, 2, 3, 7, 1_000]) {
        assert.deepEqual(
          await read(lines.join(end) + end, size),
          [
            { id: '1', data: '{"x":\n"৳"}' },
            { id: '1', data: 'two' },
          ],
          JSON.stringify([end, size]),
        )
      }
    }
  })

  test('end at an event that is larger than any gateway sends', async () => {
    assert.deepEqual(await read(`data: ok\n\ndata: ${'x'.repeat(100_000)}\n\ndata: after\n\n`, 1_000), [
      { id: undefined, data: 'ok' },
    ])
    assert.deepEqual(await read(`data: ok\n\n${'data: xxxxxxxxxxxxxxxx\n'.repeat(10_000)}\n\n`, 1_000), [
      { id: undefined, data: 'ok' },
    ])
  })
})
