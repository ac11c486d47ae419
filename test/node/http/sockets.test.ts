import assert from 'node:assert/strict'
import { connect, type Socket } from 'node:net'
import { after, before, describe, test } from 'node:test'
import { type ServerType, serve } from '@hono/node-server'
import { until } from '../../support/until.ts'
import { createLiveHub } from './live-hub.ts'
import { openShop, type Shop, TOKEN } from './shop.ts'

const HEAD =
  'POST /ipay/orders HTTP/1.1\r\nHost: shop.example\r\nContent-Type: application/json\r\nIdempotency-Key: key-0123456789\r\n'

const hub = createLiveHub()
let shop: Shop
let server: ServerType
let port = 0

before(async () => {
  shop = openShop({ events: hub })
  port = await new Promise<number>((resolve) => {
    server = serve(
      { fetch: (request, info) => shop.http(request, info as object), hostname: '127.0.0.1', port: 0 },
      (address) => resolve(address.port),
    )
  })
})

after(() => {
  if ('closeAllConnections' in server) server.closeAllConnections()
  return new Promise((resolve) => server.close(resolve))
})

/** Writes to a new connection and resolves with all that came back until the other side closed, or `enough` saw its end. */
function talk(write: (socket: Socket) => void, enough: (text: string) => boolean): Promise<string> {
  return new Promise((resolve, reject) => {
    let text = ''
    const socket = connect(port, '127.0.0.1', () => write(socket))
    socket.setTimeout(10_000, () => reject(new Error(`nothing came: ${text}`)))
    const done = () => {
      socket.destroy()
      resolve(text)
    }
    socket.on('data', (data) => {
      text += data
      if (enough(text)) done()
    })
    // A connection that is reset after the answer was written is how an unread body ends.
    socket.on('error', done)
    socket.on('close', done)
  })
}

const answered = (text: string) => /\r\n\r\n.*\}/s.test(text)
const statusOf = (text: string) => Number(/^HTTP\/1\.1 (\d+)/.exec(text)?.[1])
const isAlive = async () => (await fetch(`http://127.0.0.1:${port}/ipay/orders/${TOKEN}`)).status === 200

describe('H11: raw connections', () => {
  test('a right request is answered', async () => {
    const body = '{"order":{"cart":"c_81"}}'
    const text = await talk((socket) => socket.write(`${HEAD}Content-Length: ${body.length}\r\n\r\n${body}`), answered)
    assert.equal(statusOf(text), 201)
  })

  test('a declared gigabyte is 413 at once', async () => {
    const text = await talk((socket) => socket.write(`${HEAD}Content-Length: 1073741824\r\n\r\n{"order":`), answered)
    assert.equal(statusOf(text), 413)
    assert.ok(await isAlive())
  })

  test('endless chunks are 413 after the limit, with flat memory', async () => {
    const chunk = `10000\r\n${'x'.repeat(0x10000)}\r\n`
    const before = process.memoryUsage().rss
    let sent = 0
    const text = await talk((socket) => {
      socket.write(`${HEAD}Transfer-Encoding: chunked\r\n\r\n`)
      const pour = () => {
        while (sent < 1_000 && !socket.destroyed) {
          sent += 1
          if (!socket.write(chunk)) return void socket.once('drain', pour)
        }
      }
      pour()
    }, answered)
    assert.equal(statusOf(text), 413)
    assert.ok(process.memoryUsage().rss - before < 64 * 1024 * 1024)
    assert.ok(await isAlive())
  })

  for (const [what, make, count] of [
    ['levels of nesting', (count: number) => `{"order":${'['.repeat(count)}`, 60_000],
    ['members', (count: number) => `{"order":{${Array.from({ length: count }, (_, n) => `"${n}":1`).join()}}}`, 7_000],
    ['numbers', (count: number) => `{"order":[${Array(count).fill('1').join()}]}`, 30_000],
    ['objects', (count: number) => `{"order":[${Array(count).fill('{}').join()}]}`, 15_000],
  ] as const) {
    test(`${count} ${what} cost what their bytes cost, and nothing that grows faster`, async () => {
      /** Processor time, the best of a few: the compiler's first look and busy neighbours are not our doing. */
      async function cost(body: string): Promise<number> {
        const costs: number[] = []
        for (let round = 0; round < 8; round++) {
          const before = process.cpuUsage()
          const text = await talk(
            (socket) => socket.write(`${HEAD}Content-Length: ${body.length}\r\n\r\n${body}`),
            answered,
          )
          assert.match(String(statusOf(text)), /^(201|400)$/)
          const { user, system } = process.cpuUsage(before)
          costs.push(user + system)
        }
        return Math.min(...costs)
      }
      // Eight times as many: work that grows with the square would take 64 times as long.
      const ratio = (await cost(make(count))) / (await cost(make(count / 8)))
      assert.ok(ratio < 32, `eight times as many ${what} cost ${ratio.toFixed(1)} times as much`)
    })
  }

  test('a body that ends early, or is longer than it says, harms nobody', async () => {
    const opened = shop.opened.length
    await talk((socket) => socket.end(`${HEAD}Content-Length: 100\r\n\r\n{"order":`), answered)
    await talk((socket) => {
      socket.write(`${HEAD}Content-Length: 100\r\n\r\n{"order":`)
      socket.destroySoon()
    }, answered)
    assert.equal(shop.opened.length, opened)
    const text = await talk(
      (socket) => socket.write(`${HEAD}Content-Length: 11\r\n\r\n{"order":1}GARBAGE\r\n\r\n`),
      answered,
    )
    // What follows the body is not a request: Node cuts the connection, before or after our answer.
    assert.match(String(statusOf(text)), /^(201|400)$/)
    assert.ok(await isAlive())
  })

  test('two lengths, or a length beside chunks, do not smuggle a second request', async () => {
    const smuggled = `GET /ipay/orders/${TOKEN} HTTP/1.1\r\nHost: x\r\n\r\n`
    for (const head of [
      'Content-Length: 0\r\nContent-Length: 50\r\n',
      'Content-Length: 5\r\nTransfer-Encoding: chunked\r\n',
    ]) {
      const text = await talk(
        (socket) => socket.write(`${HEAD}${head}\r\n0\r\n\r\n${smuggled}`),
        () => false,
      )
      assert.equal(text.match(/HTTP\/1\.1 200/g), null, head)
    }
  })

  for (const line of [
    'GET /ipay/orders/../../etc/passwd HTTP/1.1',
    'GET //evil.example/ipay/orders HTTP/1.1',
    'GET http://evil.example/ipay/orders/x/return/success HTTP/1.1',
    `GET /ipay/orders/${'x'.repeat(4_000)} HTTP/1.1`,
    'GET /ipay/orders/%00%ff%zz HTTP/1.1',
    'TRACE /ipay/orders HTTP/1.1',
    'BREW /ipay/orders HTTP/1.1',
    'GET * HTTP/1.1',
    'nonsense',
  ]) {
    test(`"${line.slice(0, 48)}" is refused without a 5xx`, async () => {
      const text = await talk(
        (socket) => socket.write(`${line}\r\nHost: shop.example\r\nConnection: close\r\n\r\n`),
        () => false,
      )
      assert.match(String(statusOf(text)), /^4\d\d$/)
      assert.ok(await isAlive())
    })
  }

  test('H6: a Host of the attacker leads nowhere', async () => {
    const request = `GET /ipay/orders/${TOKEN}/return/success HTTP/1.1\r\nHost: evil.example\r\nX-Forwarded-Host: evil.example\r\nConnection: close\r\n\r\n`
    const text = await talk(
      (socket) => socket.write(request),
      () => false,
    )
    assert.equal(statusOf(text), 303)
    assert.match(text, /location: https:\/\/shop\.example\/thanks\?ipay=/i)
    assert.doesNotMatch(text, /evil/)
  })
})

test('a live stream goes out at once, and a page that is gone is noticed', async () => {
  const request = `GET /ipay/orders/${TOKEN}/events HTTP/1.1\r\nHost: shop.example\r\n\r\n`
  const text = await talk(
    (socket) => socket.write(request),
    (all) => all.includes('"state":"created"'),
  )
  assert.match(text, /id: 1\nevent: status\n/)
  await until('the stream was given up', () => !hub.isHeard(TOKEN))
})
