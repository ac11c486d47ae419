import assert from 'node:assert/strict'
import { mkdtempSync, rmSync } from 'node:fs'
import { request } from 'node:http'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { after, afterEach, describe, test } from 'node:test'
import type { OpenReply, PaymentStatus } from '../../../src/contract/schemas.ts'
import { startSandbox } from '../../../src/sandbox/index.ts'
import { freePort } from '../../support/free-port.ts'
import { type ShopProcess, type ShopSettings, spawnShop, startShop } from '../../support/shop.ts'
import { until } from '../../support/until.ts'

const folder = mkdtempSync(join(tmpdir(), 'shop-desk-'))
after(() => rmSync(folder, { recursive: true }))

let count = 0
let running: ShopProcess | undefined
afterEach(() => running?.kill())

/** A shop at work, the simulator's control, and the desk as a person uses it. */
async function start(settings: ShopSettings) {
  count += 1
  const port = await freePort()
  const DATABASE_URL = `file:${join(folder, String(count), 'shop.db')}`
  const shop = await startShop({ DATABASE_URL, SIMULATOR_PORT: String(port), ...settings })
  running = shop
  const status = async (token: string) =>
    (await (await fetch(`${shop.url}/ipay/orders/${token}`)).json()) as PaymentStatus
  return {
    shop,
    status,
    /** Opens a payment and lets the simulated buyer take this step. */
    async opened(step?: string) {
      count += 1
      const answer = await fetch(`${shop.url}/ipay/orders`, {
        method: 'POST',
        headers: { 'content-type': 'application/json', 'idempotency-key': `press-number-${count}` },
        body: JSON.stringify({ order: { cart: `c_${count}`, items: [{ sku: 'mug', quantity: 2 }] } }),
      })
      const { token, reference } = (await answer.json()) as OpenReply
      if (step) await fetch(`http://127.0.0.1:${port}/_sandbox/orders/${reference}/${step}`, { method: 'POST' })
      return token
    },
    /** Presses a button of the desk and reads the page that it leads to. */
    async press(token: string, fields: Readonly<Record<string, string>>) {
      const answer = await fetch(`${shop.url}/desk/${token}`, { method: 'POST', body: new URLSearchParams(fields) })
      return answer.text()
    },
  }
}

const saidOn = (page: string): string => /role="status">([^<]*)</.exec(page)?.[1] ?? ''

describe("the merchant's desk of the example shop", () => {
  test('refunds part and rest, one refund for a repeated click, and shows what happened', async () => {
    const { opened, press, status, shop } = await start({ IPAY_GATEWAY: 'ipay-payments' })
    const token = await opened('pay')
    await press(token, { do: 'ask' })
    const part = { do: 'refund', amount: '250.00', reason: 'duplicate' }
    assert.match(saidOn(await press(token, part)), /^Refund – done: 250\.00 BDT, refund_/)
    assert.match(saidOn(await press(token, part)), /^Refund – done: 250\.00 BDT, refund_/)
    assert.equal((await status(token)).refunded, '250.00')
    const rest = await press(token, { do: 'refund', reason: 'order_canceled' })
    assert.match(saidOn(rest), /done: 1000\.00 BDT/)
    assert.match(rest, /<td>refund: done<\/td>/)
    assert.equal((await status(token)).refunded, '1250.00')
    assert.match(saidOn(await press(token, part)), /done: 250\.00 BDT/)
    assert.match(saidOn(await press(token, { ...part, amount: '1.00' })), /OperationError/)
    assert.match(saidOn(await press(token, { ...part, amount: '1,5' })), /decimal text/)
    assert.match(await (await fetch(`${shop.url}/desk`)).text(), new RegExp(`href="/desk/${token}"`))
    assert.match(await (await fetch(shop.url)).text(), /href="\/desk"/)
  })

  test('shows only what can come of it as the payment stands, and chooses no reason for anybody', async () => {
    const { opened, press, shop } = await start({ IPAY_GATEWAY: 'ipay-payments' })
    const deedsOf = async (token: string) => {
      const page = await (await fetch(`${shop.url}/desk/${token}`)).text()
      return [...page.matchAll(/name="do" value="([^"]*)"/g)].map(([, name]) => name).join(' ')
    }
    const [open, paid, over] = [await opened(), await opened('pay'), await opened('cancel')]
    for (const token of [paid, over]) await press(token, { do: 'ask' })
    assert.equal(await deedsOf(open), 'ask void')
    assert.equal(await deedsOf(paid), 'ask refund dispute')
    assert.equal(await deedsOf(over), 'ask')
    const page = await (await fetch(`${shop.url}/desk/${paid}`)).text()
    assert.match(page, /<select name="reason" required><option value="">Choose a reason<\/option><option>duplicate</)
    assert.match(saidOn(await press(paid, { do: 'refund', reason: '' })), /Choose a reason/)
    await press(paid, { do: 'refund', reason: 'duplicate' })
    assert.equal(await deedsOf(paid), 'ask dispute')
  })

  test('captures and voids what was authorised, and disputes as the bank', async () => {
    const { opened, press, status } = await start({ IPAY_GATEWAY: 'ipay-payments', IPAY_CAPTURE: 'manual' })
    const [taken, left] = [await opened('authorize'), await opened('authorize')]
    for (const token of [taken, left]) await press(token, { do: 'ask' })
    assert.match(saidOn(await press(taken, { do: 'capture' })), /^Capture – done: 1250\.00 BDT/)
    assert.equal((await status(taken)).state, 'paid')
    assert.match(saidOn(await press(left, { do: 'void' })), /^Void – done/)
    assert.equal((await status(left)).state, 'cancelled')
    assert.match(await press(taken, { do: 'dispute' }), /disputed/)
  })

  test('asks for the release, plays the carrier, and takes a parcel back', async () => {
    const { opened, press, status } = await start({ IPAY_GATEWAY: 'ipay-sessions' })
    const token = await opened()
    assert.match(saidOn(await press(token, { do: 'release', handover: 'locker' })), /No, not yet/)
    assert.match(saidOn(await press(token, { do: 'scan', scan: 'released' })), /refused/)
    const paid = await opened('pay')
    await press(paid, { do: 'ask' })
    assert.match(saidOn(await press(paid, { do: 'release', handover: 'door' })), /Yes/)
    await press(paid, { do: 'scan', scan: 'released' })
    assert.equal((await status(paid)).release?.state, 'released')
    assert.match(saidOn(await press(paid, { do: 'label', format: 'qr' })), /begin a return first/)
    assert.match(saidOn(await press(paid, { do: 'return', reason: 'damaged' })), /Return rtn_.* because of damaged/)
    assert.match(saidOn(await press(paid, { do: 'label', format: 'qr' })), /qr RTN-/)
    assert.match(saidOn(await press(paid, { do: 'offer', amount: '100.00' })), /100\.00 offered/)
    const page = await press(paid, { do: 'scan', scan: 'returned' })
    assert.match(page, /own history[\s\S]*confirmed/)
    const end = await until('the money back', async () => {
      const now = await status(paid)
      return now.refunded === '1250.00' ? now : undefined
    })
    assert.deepEqual([end.state, end.release?.state], ['paid', 'returned'])
  })

  test('H16: is for this machine alone, by its name, and for no form of another site', async () => {
    const { shop, opened, press } = await start({ IPAY_GATEWAY: 'ipay-payments', PUBLIC_URL: '' })
    const token = await opened('pay')
    await press(token, { do: 'ask' })
    const ask = (headers: Readonly<Record<string, string>>, method = 'GET') =>
      new Promise<number | undefined>((resolve, reject) => {
        const options = { method, headers: { 'content-type': 'application/x-www-form-urlencoded', ...headers } }
        const outgoing = request(`http://127.0.0.1:${shop.port}/desk/${token}`, options, (incoming) => {
          incoming.resume()
          resolve(incoming.statusCode)
        })
        outgoing.on('error', reject)
        outgoing.end(method === 'POST' ? 'do=refund&reason=duplicate' : undefined)
      })
    assert.equal(await ask({}), 200)
    assert.equal(await ask({ host: `shop.example:${shop.port}` }), 404)
    assert.equal(await ask({ 'sec-fetch-site': 'cross-site' }, 'POST'), 403)
    assert.equal(await ask({ 'sec-fetch-site': 'same-site' }, 'POST'), 403)
    assert.equal(await ask({ origin: 'https://elsewhere.example' }, 'POST'), 403)
    assert.equal(await ask({ origin: 'null' }, 'POST'), 403)
  })

  test('H16: does not exist in front of a gateway that may move money, nor for a shop that others can reach', async () => {
    const simulator = await startSandbox({ port: 0 })
    const real = { IPAY_ENVIRONMENT: 'sandbox', IPAY_BASE_URL: `${simulator.url}/api/pg`, IPAY_API_KEY: 'sk-1' }
    const { shop } = await start(real)
    const answer = await fetch(`http://127.0.0.1:${shop.port}/desk`)
    assert.equal(answer.status, 404)
    assert.doesNotMatch(await (await fetch(`http://127.0.0.1:${shop.port}/`)).text(), /\/desk/)
    await simulator.stop()
    // Beside the simulator, which the desk goes with, such a shop does not even start.
    const { output, ended } = spawnShop({ PORT: '0', SIMULATOR_PORT: '0', PUBLIC_URL: 'https://shop.example' })
    assert.deepEqual(await ended, { code: 1, signal: null })
    assert.match(output(), /^PUBLIC_URL must be on this machine/)
  })
})
