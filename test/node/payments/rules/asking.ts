import assert from 'node:assert/strict'
import { describe, test } from 'node:test'
import { createKit } from '../kit.ts'
import type { Database } from './databases.ts'

/** What a person at the shop asks, as a program without types may ask it. */
export function askingRules(database: Database): void {
  describe(`asking, on ${database.name}`, () => {
    test('what names no payment finds none', async () => {
      const { operator, press } = createKit(await database.store())
      await press('c1')
      for (const text of [undefined, null, 7, {}, 'nobody', 'a\0b', '\ud800'] as readonly unknown[]) {
        const token = text as string
        assert.equal(await operator.status(token), undefined)
        assert.equal(await operator.check(token), undefined)
        assert.equal(await operator.clearFlag(token), false)
        assert.equal(await operator.find({ token }), undefined)
        assert.equal(await operator.find({ purchaseId: token }), undefined)
        assert.equal(await operator.find({ reference: token }), undefined)
      }
      for (const by of [undefined, null, 'c1', 7, {}] as readonly unknown[]) {
        assert.equal(await operator.find(by as { token: string }), undefined)
      }
    })

    test('a limit of flags is a whole number', async () => {
      const { operator } = createKit(await database.store())
      for (const limit of [-1, 1.5, Number.NaN, Number.POSITIVE_INFINITY, 'x', null] as readonly unknown[]) {
        await assert.rejects(operator.flagged(limit as number), {
          name: 'TypeError',
          message: /^limit must be a whole/,
        })
      }
      for (const limit of [undefined, 0, 1, Number.MAX_SAFE_INTEGER])
        assert.deepEqual(await operator.flagged(limit), [])
    })
  })
}
