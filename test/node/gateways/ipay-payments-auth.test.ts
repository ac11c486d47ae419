import assert from 'node:assert/strict'
import { createServer, type IncomingMessage } from 'node:http'
import type { AddressInfo } from 'node:net'
import { after, before, describe, test } from 'node:test'
import type { IpayPaymentsOptions } from '../../../src/server/gateways/ipay-payments/ipay-payments-gateway.ts'
import { attempt, call, opened, paymentsOver, type Simulator, startSimulator } from './simulator.ts'

describe('how the Payments API is told who asks', () => {
  let simulator: Simulator
  before(async () => {
    simulator = await startSimulator()
  })
  after(() => simulator.stop())
  const make = (options: Partial<IpayPaymentsOptions> = {}) => paymentsOver(simulator, options)

  test('JWT: the function that gives one is asked at each call, and once more after a 401', async () => {
    const jwt = (iss: string, seconds: number) => {
      const part = (value: object) => Buffer.from(JSON.stringify(value)).toString('base64url')
      const exp = simulator.clock.now() / 1_000 + seconds
      return `${part({ alg: 'HS256' })}.${part({ iss, exp })}.${Buffer.from('signed').toString('base64url')}`
    }
    const tokens = [jwt('key', 60), jwt('key', -1), jwt('key', 60)]
    const gateway = make({ auth: { kind: 'jwt', token: async () => tokens.shift() ?? 'none' } })
    opened(await gateway.open(attempt(), call()))
    opened(await gateway.open(attempt(), call()))
    assert.equal((await gateway.open(attempt(), call())).kind, 'refused')
    const broken = make({ auth: { kind: 'jwt', token: () => Promise.reject(new Error('no key file')) } })
    assert.equal((await broken.open(attempt(), call())).kind, 'unknown')
  })

  test('OAuth: one token serves until shortly before its end, however many ask at once', async () => {
    const auth = { kind: 'oauth', clientId: 'id', clientSecret: 'secret' } as const
    const counting = await countTokens(simulator.url)
    const gateway = make({ auth: { ...auth, tokenUrl: counting.url }, now: () => simulator.clock.now() })
    await Promise.all(Array.from({ length: 20 }, async () => opened(await gateway.open(attempt(), call()))))
    assert.equal(counting.count(), 1)
    await simulator.clock.advance(3_530_000)
    opened(await gateway.open(attempt(), call()))
    assert.equal(counting.count(), 1)
    await simulator.clock.advance(20_000)
    opened(await gateway.open(attempt(), call()))
    assert.equal(counting.count(), 2)
    await counting.stop()
  })

  test('OAuth: a token that the gateway forgot is fetched anew once, and the call is made again', async () => {
    const gateway = make({ auth: { kind: 'oauth', clientId: 'id', clientSecret: 'secret' } })
    opened(await gateway.open(attempt(), call()))
    await simulator.control('DELETE', '')
    opened(await gateway.open(attempt(), call()))
    await simulator.faults({ on: 'create', do: 'status', value: 401 })
    assert.equal((await gateway.open(attempt(), call())).kind, 'refused')
    assert.equal(((await simulator.control('GET', '/calls')) as unknown[]).length, 4)
    await simulator.faults()
  })

  test('OAuth: refused credentials refuse; an unreachable token address says nothing about an order', async () => {
    const refused = make({ auth: { kind: 'oauth', clientId: 'invalid', clientSecret: 'secret' } })
    assert.deepEqual(await refused.open(attempt(), call()), { kind: 'refused', detail: 'HTTP 401' })
    const nowhere = make({
      auth: { kind: 'oauth', clientId: 'id', clientSecret: 's', tokenUrl: 'http://127.0.0.1:1/t' },
    })
    assert.equal((await nowhere.open(attempt(), call())).kind, 'unknown')
  })
})

/** A token address that counts, in front of the simulator's. */
async function countTokens(simulatorUrl: string) {
  let asked = 0
  const server = createServer(async (incoming: IncomingMessage, outgoing) => {
    asked += 1
    const chunks: Buffer[] = []
    for await (const chunk of incoming) chunks.push(chunk)
    const answer = await fetch(`${simulatorUrl}/payments/api/oauth/token`, {
      method: 'POST',
      headers: {
        authorization: incoming.headers.authorization ?? '',
        'content-type': incoming.headers['content-type'] ?? '',
      },
      body: Buffer.concat(chunks),
    })
    outgoing.writeHead(answer.status, { 'content-type': 'application/json' }).end(await answer.text())
  })
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  return {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}/token`,
    count: () => asked,
    stop: () => new Promise((resolve) => server.close(resolve)),
  }
}
