import assert from 'node:assert/strict'
import { readFileSync } from 'node:fs'
import { describe, test } from 'node:test'
import { ASSUMED_STATUS_CODES, parseStatusCodes } from '../../../../src/server/gateways/ipay/status-codes.ts'

describe('the table of status codes', () => {
  test('only 200 means paid among our assumptions', () => {
    const paid = Object.entries(ASSUMED_STATUS_CODES).filter(([, state]) => state === 'paid')
    assert.deepEqual(paid, [['200', 'paid']])
  })

  test('the table that a reader of README and guide will copy is a whole one, and ours', () => {
    const textOf = (path: string) => readFileSync(new URL(`../../../../${path}`, import.meta.url), 'utf8')
    const shown = /`(\{"100":.*?\})`/.exec(textOf('README.md'))?.[1] ?? assert.fail('README shows none')
    assert.deepEqual(parseStatusCodes(JSON.parse(shown)), ASSUMED_STATUS_CODES)
    const guide = /`\{ (100: .*?) \}`/.exec(textOf('docs/integrating.md'))?.[1] ?? assert.fail('the guide shows none')
    const entries = guide.split(', ').map((entry) => entry.replaceAll("'", '').split(': '))
    assert.deepEqual(Object.fromEntries(entries), ASSUMED_STATUS_CODES)
  })

  test('a shop that knows better replaces everything but 200', () => {
    assert.deepEqual(parseStatusCodes({ '101': 'created', '999': 'unresolved' }), {
      '200': 'paid',
      '101': 'created',
      '999': 'unknown',
    })
    assert.deepEqual(parseStatusCodes({}), { '200': 'paid' })
    assert.deepEqual(parseStatusCodes({ '200': 'paid' }), { '200': 'paid' })
  })

  const wrong: readonly (readonly [unknown, RegExp])[] = [
    [null, /JSON object/],
    [[], /JSON object/],
    ['100', /JSON object/],
    [{ '-1': 'created' }, /"-1" where a number/],
    [{ '1e2': 'created' }, /"1e2"/],
    [{ '100': 'open' }, /100 to something that is not a state/],
    [{ '100': 7 }, /100/],
    [{ '100': 'paid' }, /200, and nothing else/],
    [{ '200': 'failed' }, /200, and nothing else/],
    [JSON.parse('{"__proto__":"paid"}'), /__proto__/],
  ]
  for (const [value, sentence] of wrong) {
    test(`H18: ${JSON.stringify(value)} is answered with what is wrong`, () => {
      const answer = parseStatusCodes(value)
      assert.ok(typeof answer === 'string')
      assert.match(answer, sentence)
    })
  }
})
