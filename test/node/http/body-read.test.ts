import assert from 'node:assert/strict'
import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import { describe, test } from 'node:test'
import { getRequestListener } from '@hono/node-server'
import { Hono } from 'hono'
import { KEY, openShop, post, type Shop } from './shop.ts'

const ALREADY_READ = /already read: mount the kit before body parsers/

const detailOf = async (answer: Response) => ((await answer.json()) as { detail?: string }).detail ?? ''

/** Presses over a connection, at a server that answers by `listener`. */
async function pressAt(listener: Parameters<typeof createServer>[1]): Promise<Response> {
  const server = createServer(listener)
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  try {
    const headers = { 'Content-Type': 'application/json', 'Idempotency-Key': KEY }
    const url = `http://127.0.0.1:${(server.address() as AddressInfo).port}/ipay/orders`
    const answer = await fetch(url, { method: 'POST', headers, body: '{"order":1}' })
    return new Response(await answer.text(), answer)
  } finally {
    server.close()
    server.closeAllConnections()
  }
}

/** The kit behind a Hono app whose middleware does this first. */
function behindHono(shop: Shop, first: (request: Request) => Promise<unknown>) {
  const app = new Hono()
  app.all('*', async (c) => {
    await first(c.req.raw)
    return shop.http(c.req.raw)
  })
  return getRequestListener(app.fetch, { overrideGlobalObjects: false })
}

describe('a body that the shop has read before', () => {
  test('is told apart from a fault of ours, and says where to mount the kit', async () => {
    for (const read of [
      (request: Request) => request.json(),
      (request: Request) => request.body?.getReader().read(),
      (request: Request) => request.body?.cancel(),
    ]) {
      const shop = openShop()
      const request = post('{"order":1}')
      await read(request)
      const answer = await shop.http(request)
      assert.equal(answer.status, 500)
      assert.match(await detailOf(answer), ALREADY_READ)
      assert.match(String(shop.said.find(({ name }) => name === 'request-failed')?.fields['detail']), ALREADY_READ)
      assert.equal(shop.opened.length, 0)
    }
  })

  test('also behind a Hono app', async () => {
    const answer = await pressAt(behindHono(openShop(), (request) => request.json()))
    assert.match(await detailOf(answer), ALREADY_READ)
  })

  test('also when a parser of the server took it from the connection, as Express does', async () => {
    const listener = getRequestListener((request) => openShop().http(request), { overrideGlobalObjects: false })
    const answer = await pressAt(async (incoming, response) => {
      for await (const _ of incoming);
      await listener(incoming, response)
    })
    assert.match(await detailOf(answer), ALREADY_READ)
  })

  test('an unread one arrives behind a Hono app', async () => {
    const answer = await pressAt(behindHono(openShop(), async () => {}))
    assert.equal(answer.status, 201)
  })
})
