import assert from 'node:assert/strict'
import { once } from 'node:events'
import { Agent, createServer, get, type Server } from 'node:http'
import { after, before, describe, test } from 'node:test'
import { type Canary, createCanary } from '../../support/canary.ts'
import { manualClock } from '../../support/clock.ts'
import { type CuttingProxy, startProxy } from '../../support/proxy.ts'

describe('the manual clock', () => {
  test('runs due timers in the order of their time, each at its own hour, also those that they set', async () => {
    const clock = manualClock(0)
    const seen: string[] = []
    clock.after(20, () => seen.push(`second at ${clock.now()}`))
    clock.after(10, () => {
      seen.push(`first at ${clock.now()}`)
      clock.after(5, () => seen.push(`from the first at ${clock.now()}`))
    })
    const cancel = clock.after(12, () => seen.push('cancelled'))
    cancel()
    await clock.advance(19)
    assert.deepEqual(seen, ['first at 10', 'from the first at 15'])
    assert.equal(clock.nextInMs, 1)
    await clock.advance(1)
    assert.deepEqual(seen.at(-1), 'second at 20')
    assert.equal(clock.waiting, 0)
  })
})

describe('the canary', () => {
  test('is seen as it is, in base64 at any offset, in hex and in the middle of binary data; anything else is not', () => {
    const sees = (text: string | Uint8Array, own: Canary) => {
      own.collect('here', text)
      return own.sightings()
    }
    assert.deepEqual(sees('nothing to see', createCanary()), [])
    const plain = createCanary()
    assert.deepEqual(sees(`Authorization: Bearer ${plain.key}`, plain), ['here'])
    for (const prefix of ['', 'a', 'ab', 'abc']) {
      const own = createCanary()
      assert.deepEqual(sees(Buffer.from(`${prefix}${own.key}:`).toString('base64'), own), ['here'], prefix)
      assert.deepEqual(sees(Buffer.from(`${prefix}${own.key}`).toString('hex'), own), ['here'])
      assert.deepEqual(sees(Buffer.concat([Buffer.from([0, 255]), Buffer.from(own.key)]), own), ['here'])
    }
  })
})

describe('the cutting proxy', () => {
  let server: Server
  let proxy: CuttingProxy
  let served = 0
  const agent = new Agent({ keepAlive: true, maxSockets: 1 })

  before(async () => {
    server = createServer((_request, response) => {
      served += 1
      response.end('0123456789'.repeat(10))
    }).listen(0, '127.0.0.1')
    await once(server, 'listening')
    const address = server.address()
    if (address === null || typeof address === 'string') throw new Error('no port')
    proxy = await startProxy({ port: address.port })
  })
  after(async () => {
    agent.destroy()
    await proxy.stop()
    server.closeAllConnections()
    server.close()
  })

  function ask(path: string): Promise<string> {
    return new Promise((resolve, reject) => {
      const request = get(`http://127.0.0.1:${proxy.port}${path}`, { agent }, (response) => {
        let text = ''
        response.on('data', (chunk) => (text += chunk))
        response.on('end', () => resolve(text))
        response.on('error', reject)
      })
      request.on('error', reject)
    })
  }

  test('lets everything through while nothing is planned', async () => {
    assert.equal((await ask('/one')).length, 100)
    assert.match(proxy.requests.at(-1) ?? '', /^GET \/one HTTP/)
  })

  test('closes a reused connection after the server did its work, once', async () => {
    const [servedBefore, connections] = [served, proxy.connections]
    proxy.cut({ direction: 'down', at: 0, do: 'close', reused: true })
    await assert.rejects(ask('/two'))
    assert.equal(served, servedBefore + 1)
    assert.equal((await ask('/three')).length, 100)
    assert.equal(proxy.connections, connections + 1)
    assert.equal(proxy.struck, 1)
  })

  test('withholds a request from the server when told', async () => {
    const before = served
    proxy.cut({ direction: 'up', at: 0, do: 'close', seen: false, request: '/unseen' })
    await assert.rejects(ask('/unseen'))
    assert.equal(served, before)
  })

  test('breaks a reply off after as many bytes as told', async () => {
    proxy.cut({ direction: 'down', at: 150, do: 'close', request: '/broken' })
    await assert.rejects(ask('/broken'), /aborted|hang up|reset/)
    assert.equal((await ask('/whole')).length, 100)
  })
})
