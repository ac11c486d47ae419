import assert from 'node:assert/strict'
import { after, before, describe, test } from 'node:test'
import type { AnyGateway } from '../../../../src/server/gateways/port.ts'
import type { TestDatabase } from '../../../support/test-database.ts'
import type { Sender } from '../senders.ts'
import { signed, startShop, type TestShop } from '../shop.ts'

/** What is taken for the gateway's own word, and what is not. */
export function signatureRules(database: TestDatabase, sender: Sender): void {
  describe(`signatures of ${sender.name}, on ${database.name}`, () => {
    let shop: TestShop<AnyGateway>
    before(async () => {
      shop = await startShop(sender.make, { databaseUrl: await database.url() })
    })
    after(() => shop.stop())

    const stored = () => shop.store.db.selectFrom('notifications').selectAll().execute()
    const calls = async () => (await shop.simulator.orders()).flatMap((order) => order.calls).length

    test('G1: what the gateway did not sign is 401, is not stored and asks nobody', async () => {
      const { reference } = await shop.open('forged')
      const body = JSON.stringify(sender.event(reference))
      const good = signed(body)
      const before = { stored: (await stored()).length, calls: await calls() }
      const forged = [
        null,
        '',
        ' ',
        '0',
        good.slice(1),
        `${good}0`,
        `${good}00`,
        good.slice(0, 63),
        'z'.repeat(64),
        '0'.repeat(64),
        '00',
        `sha256=${good}`,
        Buffer.from(good, 'hex').toString('base64'),
        signed(body, 'another secret'),
        signed(`${body} `),
        `${good},${good}`,
      ]
      for (const signature of forged) {
        const answer = await shop.notify(body, { signature })
        assert.equal(answer.status, 401, String(signature))
        assert.equal(((await answer.json()) as { code: string }).code, 'bad-signature')
      }
      assert.deepEqual({ stored: (await stored()).length, calls: await calls() }, before)
    })

    test('G1: no single flipped bit of body or signature passes', async () => {
      const { reference } = await shop.open('bits')
      const body = Buffer.from(JSON.stringify(sender.event(reference)))
      const signature = signed(body.toString())
      const before = (await stored()).length
      for (let bit = 0; bit < body.length * 8; bit += 1) {
        const altered = Buffer.from(body)
        altered[bit >> 3] = (altered[bit >> 3] ?? 0) ^ (1 << (bit & 7))
        const answer = await shop.payments.fetch(
          new Request(`https://localhost/ipay/orders/notifications/${sender.name}`, {
            method: 'POST',
            headers: { 'ipay-signature': signature },
            body: altered,
          }),
        )
        assert.equal(answer.status, 401)
      }
      for (let at = 0; at < signature.length; at += 1) {
        const digit = ((Number.parseInt(signature[at] ?? '0', 16) + 1) % 16).toString(16)
        const altered = signature.slice(0, at) + digit + signature.slice(at + 1)
        assert.equal((await shop.notify(body.toString(), { signature: altered })).status, 401)
      }
      assert.equal((await stored()).length, before)
    })

    test('G3: the signature is of the bytes as they came, however JSON could be written otherwise', async () => {
      const { reference } = await shop.open('bytes')
      const plain = sender.event(reference, { note: '৳ é' })
      const writings = [
        JSON.stringify({ ...plain, id: 'w1' }, null, 2),
        `\n\t ${JSON.stringify({ ...plain, id: 'w2' })}  \r\n`,
        JSON.stringify({ ...plain, id: 'w3' }).replace('৳', '\\u09f3'),
        `\ufeff${JSON.stringify({ ...plain, id: 'w4' })}`,
      ]
      for (const body of writings) {
        assert.equal((await shop.notify(body)).status, 200)
        // Signed for one writing of the same JSON, sent in another.
        const otherwise = JSON.stringify(JSON.parse(body.replace('\ufeff', '')))
        if (otherwise !== body) assert.equal((await shop.notify(body, { signature: signed(otherwise) })).status, 401)
      }
    })

    test('signed text that is no event is told apart from a forgery, and kept from nothing', async () => {
      for (const body of ['', 'null', '[]', '{}', 'not json', '{"id":"a"}', ...sender.noEvents]) {
        assert.equal((await shop.notify(body)).status, 400, body)
      }
    })
  })
}
