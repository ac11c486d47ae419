import assert from 'node:assert/strict'
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { test } from 'node:test'
import { requestLanguage } from '../../../server-example/request-language.ts'
import type { OpenReply } from '../../../src/contract/schemas.ts'
import { freePort } from '../../support/free-port.ts'
import { startShop } from '../../support/shop.ts'

const languageBy = (headers: Record<string, string>) =>
  requestLanguage(new Request('https://shop.example/ipay/orders', { headers }))

test('a request is in the language that the pages kept, else in the one that the browser prefers', () => {
  assert.equal(languageBy({ cookie: 'cart=c_1; lang=bn', 'accept-language': 'en' }), 'bn')
  assert.equal(languageBy({ cookie: 'lang=en', 'accept-language': 'bn' }), 'en')
  assert.equal(languageBy({ cookie: 'lang=xx', 'accept-language': 'bn-BD,en;q=0.5' }), 'bn')
  assert.equal(languageBy({}), 'en')
})

test('a press in the other language is no other attempt: the payment keeps the words it began with', async (t) => {
  const folder = mkdtempSync(join(tmpdir(), 'shop-language-'))
  const port = await freePort()
  const shop = await startShop({ DATABASE_URL: `file:${join(folder, 'shop.db')}`, SIMULATOR_PORT: String(port) })
  t.after(async () => {
    await shop.kill()
    rmSync(folder, { recursive: true })
  })
  const press = async (lang: string, key: string) => {
    const answer = await fetch(`${shop.url}/ipay/orders`, {
      method: 'POST',
      headers: { 'content-type': 'application/json', 'idempotency-key': key, cookie: `lang=${lang}` },
      body: JSON.stringify({ order: { cart: 'c_1', items: [{ sku: 'mug', quantity: 2 }] } }),
    })
    return { status: answer.status, reply: (await answer.json()) as OpenReply }
  }
  const first = await press('bn', 'press-number-one')
  assert.equal(first.status, 201)
  for (const key of ['press-number-one', 'press-number-two']) {
    const { status, reply } = await press('en', key)
    assert.equal(status, 200)
    assert.deepEqual([reply.reference, reply.paymentUrl], [first.reply.reference, first.reply.paymentUrl])
  }
  const orders = (await (await fetch(`http://127.0.0.1:${port}/_sandbox/orders`)).json()) as { description: string }[]
  assert.deepEqual(
    orders.map(({ description }) => description),
    ['২ × পোড়ামাটির মগ'],
  )
})
