import assert from 'node:assert/strict'
import { describe, test } from 'node:test'
import { MAX_BODY_BYTES } from '../../../src/contract/limits.ts'
import { codeOf, ENDPOINT, KEY, openShop } from './shop.ts'

const order = { cart: 'c_81' }

/** A valid body of exactly this many bytes. */
const bodyOf = (bytes: number) => `{"order":"${'x'.repeat(bytes - '{"order":""}'.length)}"}`

/** A press whose body comes piece by piece, under the length that it declares. */
const streaming = (body: ReadableStream<Uint8Array>, length: string): Request =>
  new Request(ENDPOINT, {
    method: 'POST',
    headers: { 'Content-Type': 'application/json', 'Content-Length': length, 'Idempotency-Key': KEY },
    body,
    duplex: 'half',
  } as RequestInit)

describe('the type of a body', () => {
  for (const type of ['application/json', 'Application/JSON; charset=utf-8', 'application/json;charset="UTF-8"']) {
    test(`${type} is read`, async () => {
      assert.equal((await openShop().open({ order }, { 'Content-Type': type })).status, 201)
    })
  }

  for (const type of [
    '',
    'text/plain',
    'text/json',
    'application/merge-patch+json',
    'multipart/form-data; boundary=x',
    'application/json; charset=utf-16',
    'application/json, text/plain',
  ]) {
    test(`"${type}" is 415`, async () => {
      const shop = openShop()
      assert.equal(await codeOf(await shop.open({ order }, { 'Content-Type': type })), 'unsupported-type')
      assert.equal(shop.opened.length, 0)
    })
  }

  test('a compressed body is 415, so that none can grow in our hands', async () => {
    assert.equal(await codeOf(await openShop().open({ order }, { 'Content-Encoding': 'gzip' })), 'unsupported-type')
  })
})

describe('H11: the size of a body', () => {
  test('65,536 bytes pass, one more is 413', async () => {
    const shop = openShop()
    assert.equal((await shop.open(bodyOf(MAX_BODY_BYTES))).status, 201)
    assert.equal(await codeOf(await shop.open(bodyOf(MAX_BODY_BYTES + 1))), 'too-large')
    assert.equal(shop.opened.length, 1)
  })

  test('bytes count, not characters', async () => {
    const bangla = `{"order":"${'ক'.repeat(21_842)}"}`
    assert.ok(bangla.length < MAX_BODY_BYTES && new TextEncoder().encode(bangla).length > MAX_BODY_BYTES)
    assert.equal(await codeOf(await openShop().open(bangla)), 'too-large')
  })

  test('a length that lies low does not let more through, and an endless body is left after the limit', async () => {
    let pulled = 0
    let cancelled = false
    const endless = new ReadableStream<Uint8Array>({
      pull(controller) {
        pulled += 1
        controller.enqueue(new Uint8Array(16_384))
      },
      cancel() {
        cancelled = true
      },
    })
    assert.equal(await codeOf(await openShop().http(streaming(endless, '10'))), 'too-large')
    assert.ok(pulled <= 7, `${pulled} chunks were read`)
    assert.ok(cancelled)
  })

  test('a declared gigabyte is refused before a byte is read', async () => {
    const never = new ReadableStream<Uint8Array>({ pull: () => assert.fail('the body was read') }, { highWaterMark: 0 })
    assert.equal(await codeOf(await openShop().http(streaming(never, '1000000000'))), 'too-large')
  })
})
