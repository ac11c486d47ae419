import assert from 'node:assert/strict'
import { describe, test } from 'node:test'
import { bdt } from '../../../../src/contract/money.ts'
import { IPAY_BASE_URLS } from '../../../../src/server/gateways/ipay/ipay-gateway.ts'
import { json } from './raw-server.ts'
import { attempt, gateway, later, NOW, open, paid, placed, REFERENCE, server } from './scripted.ts'

describe('a gateway that is down', () => {
  test('F16: while most calls fail, further ones end at once without a connection, and a probe closes the circuit', async (t) => {
    t.mock.timers.enable({ apis: ['Date'], now: NOW })
    const broken = gateway()
    const call = () =>
      broken.read({ reference: REFERENCE, orderId: null, amount: bdt('1.00') }, { signal: AbortSignal.timeout(30_000) })
    later(json(503, {}))
    for (let i = 0; i < 20; i++) assert.equal((await call()).kind, 'unreachable')
    assert.equal(server.arrived.length, 20)
    for (let i = 0; i < 50; i++) assert.equal((await call()).kind, 'unreachable')
    const refused = await broken.open(attempt(), { signal: AbortSignal.timeout(30_000) })
    assert.equal(refused.kind, 'unknown')
    assert.equal(server.arrived.length, 20, 'an open circuit still calls')

    t.mock.timers.tick(2_001)
    const probes = await Promise.all(Array.from({ length: 5 }, call))
    assert.equal(server.arrived.length, 21, 'more than one probe')
    assert.ok(probes.every(({ kind }) => kind === 'unreachable'))

    t.mock.timers.tick(2_001)
    later(json(200, paid))
    assert.equal((await call()).kind, 'payment')
    assert.equal((await call()).kind, 'payment')
    assert.equal(server.arrived.length, 23)
  })

  test('F16: a few failures of a quiet hour open no circuit', async () => {
    const quiet = gateway()
    later(json(503, {}))
    for (let i = 0; i < 12; i++) await quiet.open(attempt(), { signal: AbortSignal.timeout(30_000) })
    later(json(200, placed))
    const opened = await quiet.open(attempt(), { signal: AbortSignal.timeout(30_000) })
    assert.equal(opened.kind, 'opened')
  })

  test('F16: refusals and conflicts are answers: they open no circuit', async () => {
    const answering = gateway()
    for (const status of [400, 401, 404, 409]) {
      later(json(status, {}))
      for (let i = 0; i < 10; i++) await answering.open(attempt(), { signal: AbortSignal.timeout(30_000) })
    }
    assert.equal(server.arrived.length, 40)
  })
})

describe('where the gateway is', () => {
  test('each environment has its own address, and a trailing slash is accepted', async () => {
    assert.deepEqual(IPAY_BASE_URLS, {
      production: 'https://app.ipay.com.bd/api/pg',
      sandbox: 'https://demo.ipay.com.bd/api/pg',
    })
    later(json(200, placed))
    await open({ baseUrl: `${server.base}//` })
    assert.equal(server.arrived[0]?.path, '/api/pg/order')
    assert.equal(gateway({ environment: 'production' }).environment, 'production')
  })
})
