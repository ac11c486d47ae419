import assert from 'node:assert/strict'
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { after, afterEach, describe, test } from 'node:test'
import { Hono } from 'hono'
import { pageHeaders } from '../../../server-example/page-headers.ts'
import { OpenReply } from '../../../src/contract/schemas.ts'
import { freePort } from '../../support/free-port.ts'
import { type ShopProcess, type ShopSettings, startShop } from '../../support/shop.ts'

const folder = mkdtempSync(join(tmpdir(), 'shop-gateways-'))
after(() => rmSync(folder, { recursive: true }))

let count = 0
let shop: ShopProcess | undefined
afterEach(() => shop?.kill())

/** The shop with its simulator on free ports and an empty database. */
async function start(settings: ShopSettings): Promise<ShopProcess> {
  count += 1
  const DATABASE_URL = `file:${join(folder, String(count), 'shop.db')}`
  shop = await startShop({ DATABASE_URL, SIMULATOR_PORT: String(await freePort()), ...settings })
  return shop
}

/** Presses the button for a cart of its own. */
async function press({ url }: ShopProcess): Promise<Response> {
  count += 1
  return fetch(`${url}/ipay/orders`, {
    method: 'POST',
    headers: { 'content-type': 'application/json', 'idempotency-key': `press-number-${count}` },
    body: JSON.stringify({ order: { cart: `c_${count}`, items: [{ sku: 'mug', quantity: 1 }] } }),
  })
}

describe('the example shop over each gateway', () => {
  const kinds: ShopSettings[] = [
    { IPAY_GATEWAY: 'ipay-payments' },
    { IPAY_GATEWAY: 'ipay-payments', IPAY_AUTH: 'oauth' },
    { IPAY_GATEWAY: 'ipay-payments', IPAY_AUTH: 'jwt', IPAY_CAPTURE: 'manual' },
    { IPAY_GATEWAY: 'ipay-sessions' },
  ]
  for (const settings of kinds) {
    test(`opens a payment with ${Object.values(settings).join(', ')} and nothing else set`, async () => {
      const answer = await press(await start(settings))
      const text = await answer.text()
      assert.equal(answer.status, 201, text)
      assert.equal(OpenReply.parse(JSON.parse(text)).state, 'created')
    })
  }

  for (const IPAY_AUTH of ['basic', 'oauth']) {
    test(`${IPAY_AUTH}: a secret that was replaced in its file counts without a restart`, async () => {
      const file = join(folder, `${IPAY_AUTH}-secret`)
      writeFileSync(file, 'invalid\n')
      const running = await start({ IPAY_GATEWAY: 'ipay-payments', IPAY_AUTH, IPAY_API_SECRET_FILE: file })
      const refused = await press(running)
      assert.deepEqual([refused.status, ((await refused.json()) as { code: string }).code], [502, 'gateway-refused'])
      writeFileSync(file, 'the-next-secret\n')
      assert.equal((await press(running)).status, 201)
      assert.doesNotMatch(running.output(), /the-next-secret/)
    })
  }

  test('hosts of payment pages that are named reach the page and its policy, and no others do', async () => {
    const running = await start({ IPAY_GATEWAY: 'ipay-payments', IPAY_PAYMENT_HOSTS: 'pay.example.com,b.example:8443' })
    for (const path of ['/', '/thanks']) {
      const text = await (await fetch(running.url + path)).text()
      const [, hosts = ''] = /<meta name="payment-hosts" content="([^"]*)">/.exec(text) ?? []
      assert.match(hosts, /^pay\.example\.com b\.example:8443 127\.0\.0\.1:\d+$/)
    }
    const policy = { isHttps: true, gatewayUrl: new URL('https://api.ipay.com/api'), paymentHosts: ['pay.example.com'] }
    const app = new Hono().use(pageHeaders(policy)).get('/', (context) => context.text(''))
    const header = (await app.request('/')).headers.get('content-security-policy') ?? ''
    assert.match(header, /form-action 'self' [^;]*https:\/\/api\.ipay\.com https:\/\/pay\.example\.com(;|$)/)
    await running.kill()
    const plain = await start({})
    assert.doesNotMatch(await (await fetch(plain.url)).text(), /name="payment-hosts"/)
  })
})
