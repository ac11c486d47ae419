import assert from 'node:assert/strict'
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { after, test } from 'node:test'
import { bdt } from '../../../src/contract/money.ts'
import { createPayments } from '../../../src/server/create-payments.ts'
import { createTelemetry } from '../../../src/server/create-telemetry.ts'
import { ipayGateway } from '../../../src/server/gateways/ipay/ipay-gateway.ts'
import { openStore } from '../../../src/server/store/open-store.ts'
import { createCanary } from '../../support/canary.ts'
import { until } from '../../support/until.ts'
import { json, rawServer } from '../gateways/ipay/raw-server.ts'

const folder = mkdtempSync(join(tmpdir(), 'ipay-canary-'))
after(() => rmSync(folder, { recursive: true, force: true }))

const PHONE = '01712345678'
const ENDPOINT = 'https://shop.example/ipay/orders'

test('G20: with every log line on and a gateway and a shop that shout the key, it is found nowhere', async () => {
  const canary = createCanary()
  const server = await rawServer()
  const lines: string[] = []
  const telemetry = createTelemetry({
    level: 'debug',
    stream: { write: (line: string) => void lines.push(line) },
    secrets: () => [canary.key],
  })
  const store = await openStore(`file:${join(folder, 'shop.db')}`)
  let handled = 0
  const payments = createPayments({
    gateway: ipayGateway({ environment: 'sandbox', apiKey: canary.key, baseUrl: server.base }),
    store,
    endpoint: new URL(ENDPOINT),
    opensPerMinute: 0,
    telemetry,
    price(order) {
      const cart = String((order as { cart?: unknown }).cart)
      if (cart === 'broken') throw new Error(`price: Bearer ${canary.key}\r\nforged line for ${PHONE}`)
      return { purchaseId: cart, amount: bdt('1250.00'), description: `Two mugs for ${PHONE}` }
    },
    onPaid() {
      handled += 1
      if (handled === 1) throw new Error(`mail to ${PHONE} failed\r\n{"level":"info","event":"forged"} ${canary.key}`)
    },
  })

  let opened = 0
  async function ask(name: string, path: string, init?: RequestInit): Promise<string> {
    const response = await payments.fetch(new Request(`${ENDPOINT}${path}`, { redirect: 'manual', ...init }))
    const text = await response.text()
    canary.collect(name, `${response.status} ${JSON.stringify([...response.headers])} ${text}`)
    return text
  }
  const press = (cart: string) => {
    opened += 1
    return ask(`press ${cart}`, '', {
      method: 'POST',
      headers: { 'content-type': 'application/json', 'idempotency-key': `key-0000-${opened}` },
      body: JSON.stringify({ order: { cart, phone: PHONE } }),
    })
  }

  const shout = { message: `Invalid API key ${canary.key}`, authorization: `Bearer ${canary.key}` }
  const echo = { 'x-echo': canary.key, 'set-cookie': `key=${canary.key}`, location: `${server.base}/${canary.key}` }
  for (const status of [200, 302, 400, 401, 403, 404, 409, 429, 500, 503]) {
    server.answer = json(status, shout, echo)
    await press(`fault-${status}`)
  }
  server.answer = json(200, `<p>${canary.key}</p>`, { 'content-type': 'text/html' })
  await press('html')
  server.answer = (_request, response) => void response.socket?.destroy()
  await press('cut')
  await press('broken')

  // One purchase goes through to its end, past a handler that throws.
  server.answer = (request, response) => {
    const referenceId =
      request.method === 'POST' ? JSON.parse(request.body).referenceId : request.path.split('/').at(-2)
    const order = { orderId: 'IPAY-1', referenceId, paymentUrl: 'https://demo.ipay.com.bd/pay/1' }
    const paid = { ...order, statusCode: 200, status: 'Successfully paid', orderAmount: 1250, transactionId: 'T-1' }
    json(200, request.method === 'POST' ? order : paid, echo)(request, response)
  }
  // The circuit opened over the faults above; it lets a call pass again by itself.
  const reply = await until('the purchase can be opened', async () => {
    const answer = JSON.parse(await press('good'))
    return answer.token ? answer : undefined
  })
  payments.start()
  await until('the purchase is fulfilled', async () => {
    const status = JSON.parse(await ask('status', `/${reply.token}`))
    return status.state === 'paid' && handled >= 2
  })
  await ask('return', `/${reply.token}/return/success`)
  await ask('unknown token', `/${canary.key}`)
  await payments.stop()
  canary.collect('flags', JSON.stringify(await payments.flagged()))
  canary.collect('record', JSON.stringify(await payments.find({ token: reply.token })))
  canary.collect('metrics', await telemetry.text())
  await store.close()
  await server.close()
  canary.collectFolder(folder)
  for (const line of lines) canary.collect(`log: ${line.slice(0, 80)}`, line)

  assert.deepEqual(canary.sightings(), [])
  assert.ok(lines.length >= 10 && canary.sources >= 30, `${lines.length} lines, ${canary.sources} sources`)
  for (const line of lines) {
    assert.equal(line.trimEnd().includes('\n'), false, 'one line stays one line')
    assert.notEqual(JSON.parse(line).event, 'forged')
    assert.doesNotMatch(line, new RegExp(PHONE))
    assert.ok(!line.includes(reply.token), 'a token stands in a log line')
  }
  assert.ok(
    lines.some((line) => JSON.parse(line).event === 'gateway-refused'),
    'the operator was told of the refusal',
  )
})
