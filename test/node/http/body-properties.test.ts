import assert from 'node:assert/strict'
import { describe, test } from 'node:test'
import fc from 'fast-check'
import { openShop, post } from './shop.ts'

describe('properties', () => {
  test('no body of any kind makes a 5xx', async () => {
    const bodies = fc.oneof(
      fc.string({ unit: 'binary' }),
      fc.uint8Array(),
      fc.json(),
      fc.jsonValue().map((value) => JSON.stringify({ order: value, shown: value, returnTo: value, lang: value })),
      fc.record({ order: fc.anything(), returnTo: fc.string(), lang: fc.string() }).map((value) => {
        try {
          return JSON.stringify(value) ?? ''
        } catch {
          return '{}'
        }
      }),
    )
    const types = fc.constantFrom(
      'application/json',
      'application/x-www-form-urlencoded',
      'text/plain',
      'application/json;',
    )
    await fc.assert(
      fc.asyncProperty(bodies, types, async (body, type) => {
        const answer = await openShop().http(post(body as BodyInit, { 'Content-Type': type }))
        assert.ok(answer.status < 500, `${answer.status}`)
      }),
      { numRuns: 1_500 },
    )
  })

  test('every JSON value arrives as the order it was', async () => {
    await fc.assert(
      fc.asyncProperty(fc.jsonValue({ maxDepth: 5 }), async (value) => {
        const text = JSON.stringify(value)
        fc.pre(!/"__proto__"|"constructor"/.test(text))
        const shop = openShop()
        assert.equal((await shop.open(`{"order":${text}}`)).status, 201)
        assert.equal(JSON.stringify(shop.opened[0]?.order), text)
      }),
      { numRuns: 1_000 },
    )
  })
})
