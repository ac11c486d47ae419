import assert from 'node:assert/strict'
import { describe, test } from 'node:test'
import fc from 'fast-check'
import { fitText } from '../../../../src/server/gateways/fit-text.ts'

const MAX = 255
const scripts: Record<string, string> = {
  Latin: 'mug ',
  emoji: '👩‍👩‍👧‍👦',
  'a flag': '🇧🇩',
  'a skin tone': '👍🏽',
  'a Bangla conjunct': 'ক্ষ্ণ',
  'combining marks': 'e\u0301\u0323',
  Arabic: 'كوب ',
  Han: '杯',
}

describe('text for a field of limited length', () => {
  for (const [name, piece] of Object.entries(scripts)) {
    for (const length of [MAX - 1, MAX, MAX + 1, 2 * MAX]) {
      test(`H4: ${name}, filled to ${length}, stays within ${MAX} units and tears no letter`, () => {
        const text = `${piece.repeat(Math.ceil(length / piece.length))}`.slice(0, length)
        const whole = text.toWellFormed()
        const fitted = fitText(whole, MAX)
        assert.ok(fitted.length <= MAX && fitted.isWellFormed())
        if (whole.trim().length <= MAX) assert.equal(fitted, whole.trim())
        else {
          assert.ok(fitted.endsWith('…'))
          assert.ok(fitted.length > MAX - 1 - piece.length - 1, 'cut too much')
          const kept = fitted.slice(0, -1)
          assert.equal(kept.length % piece.trimEnd().length === 0 || piece.endsWith(' '), true)
          assert.ok(whole.startsWith(kept))
        }
      })
    }
  }

  test('H4: exactly 255 units pass as they are, 256 are cut', () => {
    assert.equal(fitText('x'.repeat(255), 255), 'x'.repeat(255))
    assert.equal(fitText('x'.repeat(256), 255), `${'x'.repeat(254)}…`)
  })

  test('H4: controls, line ends and marks that turn the direction become spaces or vanish', () => {
    assert.equal(fitText('two\r\nmugs\u0000\u202e\u2066!', MAX), 'two mugs !')
    assert.equal(fitText('\u202e\u2069\u200f\u061c', MAX), '')
    assert.equal(fitText('  a   b\t\tc  ', MAX), 'a b c')
  })

  test('H4: half a pair is replaced, so that the text is valid UTF-8', () => {
    assert.equal(fitText('a\ud83d', MAX), 'a\ufffd')
    assert.equal(fitText('\udc00b', MAX), '\ufffdb')
  })

  test('H4: any text fits any field, is well formed, and fits again unchanged', () => {
    const texts = fc.string({
      unit: fc.oneof(fc.constantFrom(...Object.values(scripts), '\u202e', '\n', '\ud83d'), fc.string()),
    })
    fc.assert(
      fc.property(texts, fc.integer({ min: 1, max: 60 }), (text, max) => {
        const fitted = fitText(text, max)
        assert.ok(fitted.length <= max)
        assert.ok(fitted.isWellFormed())
        assert.doesNotMatch(fitted, /[\p{Cc}\u202a-\u202e\u2066-\u2069]/u)
        assert.equal(fitText(fitted, max), fitted)
      }),
      { numRuns: 10_000 },
    )
  })
})
