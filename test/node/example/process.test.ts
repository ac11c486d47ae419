import assert from 'node:assert/strict'
import { once } from 'node:events'
import { Agent, request } from 'node:http'
import { connect } from 'node:net'
import { describe, test } from 'node:test'
import { OpenReply } from '../../../src/contract/schemas.ts'
import { freePort } from '../../support/free-port.ts'
import { spawnShop } from '../../support/shop.ts'
import { until } from '../../support/until.ts'
import { freshDatabase, start } from './shop-processes.ts'

describe('the example shop as a process', () => {
  test('answers its supervisor, counts, and says once where it is', async () => {
    const shop = await start()
    const text = async (path: string) => (await fetch(shop.url + path)).text()
    assert.equal(await text('/healthz'), 'ok')
    assert.equal(await text('/readyz'), 'ready')
    assert.match(await text('/metrics'), /^# HELP ipay_payments_total /)
    assert.equal(shop.url, `http://localhost:${shop.port}`)
    assert.equal(shop.output().match(/^shop ready at /gm)?.length, 1)
    assert.deepEqual(await shop.stop(), { code: 0, signal: null })
  })

  test('H16: the headers that protect a page are on every page, file and error', async () => {
    const shop = await start()
    for (const path of [
      '/',
      '/thanks',
      '/healthz',
      '/art/mug.svg',
      '/nowhere',
      '/ipay/orders',
      '/ipay/orders/tok_0123456789abcdef',
    ]) {
      const { headers } = await fetch(shop.url + path)
      assert.equal(headers.get('x-content-type-options'), 'nosniff', path)
      assert.match(headers.get('content-security-policy') ?? '', /default-src 'none'.*frame-ancestors 'none'/, path)
      assert.ok(headers.has('referrer-policy'), path)
      assert.ok(headers.has('cache-control'), path)
    }
    const policy = (await fetch(`${shop.url}/`)).headers.get('content-security-policy') ?? ''
    assert.match(policy, /script-src 'self';/)
    assert.match(policy, /require-trusted-types-for 'script'/)
    assert.doesNotMatch(policy, /unsafe|data:|https?:\/\/\*|'\*'| \*/)
    await shop.stop()
  })

  test('an address where nothing is shows people a page in their language with the way home, and programs a line', async () => {
    const shop = await start()
    const visit = async (path: string, headers: Record<string, string>) => {
      const answer = await fetch(shop.url + path, { headers })
      assert.equal(answer.status, 404)
      return answer.text()
    }
    assert.equal(await visit('/nowhere', {}), 'There is nothing at this address.')
    const page = await visit('/nowhere/"><b>?x="><b>', { accept: 'text/html' })
    assert.match(page, /<meta name="viewport"[\s\S]*<h1>This page does not exist<\/h1>[\s\S]*href="\/">Go to the shop</)
    assert.match(page, /href="\?lang=bn"/)
    assert.doesNotMatch(page, /<b>/)
    const bangla = await visit('//evil.example/', { accept: 'text/html', cookie: 'lang=bn' })
    assert.match(bangla, /<html lang="bn">[\s\S]*পেজটি খুঁজে পাওয়া যায়নি[\s\S]*href="\/\?lang=bn">দোকানে যান</)
    assert.doesNotMatch(bangla, /evil/)
    await shop.stop()
  })

  for (const gateway of ['ipay', 'ipay-payments', 'ipay-sessions']) {
    test(`opens a payment at the simulator of ${gateway} without any other setting`, async () => {
      const shop = await start({ IPAY_GATEWAY: gateway })
      const opened = await fetch(`${shop.url}/ipay/orders`, {
        method: 'POST',
        headers: { 'Content-Type': 'application/json', 'Idempotency-Key': 'key-0123456789' },
        body: JSON.stringify({ order: { cart: 'c_1', items: [{ sku: 'mug', quantity: 2 }] } }),
      })
      assert.equal(opened.status, 201)
      const reply = OpenReply.parse(await opened.json())
      assert.equal(reply.amount, '1250.00')
      assert.equal((await fetch(reply.paymentUrl)).status, 200)
    })
  }

  test('B3: an idle connection outlives those of a proxy in front, so that no order meets a closing one', async () => {
    const shop = await start()
    const { headers } = await fetch(`${shop.url}/healthz`)
    const kept = Number(/timeout=(\d+)/.exec(headers.get('keep-alive') ?? '')?.[1])
    assert.ok(kept > 60, `kept for ${kept} s`)
    await shop.stop()
  })

  test('SIGTERM ends it with 0 though connections hang, and lets an answer under way finish', async () => {
    const simulatorPort = await freePort()
    const shop = await start({ SIMULATOR_PORT: String(simulatorPort) })
    const agent = new Agent({ keepAlive: true })
    request(`http://127.0.0.1:${shop.port}/healthz`, { agent }, (response) => response.resume()).end()
    const silent = connect(shop.port, '127.0.0.1')
    await once(silent, 'connect')
    const halfway = connect(shop.port, '127.0.0.1')
    halfway.write('GET / HTTP/1.1\r\nHost: localhost\r\n')
    for (const socket of [silent, halfway]) socket.on('error', () => undefined)
    await fetch(`http://127.0.0.1:${simulatorPort}/_sandbox/faults`, {
      method: 'PUT',
      headers: { 'Content-Type': 'application/json' },
      body: JSON.stringify([{ on: 'create', do: 'delay', ms: 1500, times: 1 }]),
    })
    const opening = fetch(`${shop.url}/ipay/orders`, {
      method: 'POST',
      headers: { 'Content-Type': 'application/json', 'Idempotency-Key': 'key-0123456789' },
      body: JSON.stringify({ order: { cart: 'c_1', items: [{ sku: 'mug', quantity: 1 }] } }),
    })
    await until('the gateway was asked', async () => {
      const ledger = await fetch(`http://127.0.0.1:${simulatorPort}/_sandbox/orders`)
      return (await ledger.text()).includes('IPAY-')
    })
    assert.deepEqual(await shop.stop(), { code: 0, signal: null })
    assert.equal((await opening).status, 201)
    agent.destroy()
  })

  for (const whole of [false, true]) {
    test(`SIGTERM to ${whole ? 'all that npm start began' : 'npm start'} ends the shop, and npm with 0`, async () => {
      const port = await freePort()
      const settings = { PORT: String(port), SIMULATOR_PORT: String(await freePort()), DATABASE_URL: freshDatabase() }
      // Without `prestart`: the pages are built before the tests run.
      const { child, output, ended } = spawnShop(settings, ['npm', 'start', '--ignore-scripts'])
      await until('the line "shop ready at"', () => output().includes('shop ready at') || child.exitCode !== null)
      process.kill(whole ? -(child.pid ?? 0) : (child.pid ?? 0), 'SIGTERM')
      assert.deepEqual(await ended, { code: 0, signal: null }, output())
      await assert.rejects(fetch(`http://127.0.0.1:${port}/healthz`))
    })
  }

  test('H12: clients that are slow with their request are cut, and others are served meanwhile', async () => {
    const shop = await start()
    const slow = [
      '',
      'GET / HT',
      'GET / HTTP/1.1\r\nHost: x\r\n',
      'POST /ipay/orders HTTP/1.1\r\nHost: x\r\nContent-Type: application/json\r\nContent-Length: 99\r\n\r\n{',
    ].map(async (start) => {
      const socket = connect(shop.port, '127.0.0.1')
      socket.on('error', () => undefined)
      socket.write(start)
      socket.resume()
      await once(socket, 'close')
      return start
    })
    assert.equal((await fetch(`${shop.url}/healthz`)).status, 200)
    assert.equal((await Promise.all(slow)).length, 4)
    await shop.stop()
  })

  test('a crash point ends the process the first time it is reached', async () => {
    const shop = await start({ IPAY_CRASH_AT: 'after-attempt-row' })
    const open = fetch(`${shop.url}/ipay/orders`, {
      method: 'POST',
      headers: { 'Content-Type': 'application/json', 'Idempotency-Key': 'key-0123456789' },
      body: JSON.stringify({ order: { cart: 'c_1', items: [{ sku: 'mug', quantity: 1 }] } }),
    })
    await assert.rejects(open)
    assert.deepEqual(await shop.ended, { code: null, signal: 'SIGKILL' })
  })
})
