import assert from 'node:assert/strict'
import { describe, test } from 'node:test'
import fc from 'fast-check'
import { canonicalJson } from '../../../src/contract/canonical-json.ts'
import { fingerprintOf, newId, newReference, newToken, systemRandom } from '../../../src/server/payments/ids.ts'

/** The same JSON value with the members of every object in another sequence. */
function shuffled(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(shuffled)
  if (value === null || typeof value !== 'object') return value
  const copy = {}
  for (const [name, member] of Object.entries(value).reverse()) {
    // Not an assignment: a member called __proto__ stays a member.
    Object.defineProperty(copy, name, { value: shuffled(member), enumerable: true, configurable: true, writable: true })
  }
  return copy
}

const parsed = (value: unknown): unknown => JSON.parse(JSON.stringify(value))

/** Runs of the properties. */
const RUNS = Number(process.env['MONEY_RUNS'] ?? 20_000)

describe('what a key stands for', () => {
  test('F6: the sequence of members does not count, at any depth', () => {
    fc.assert(
      fc.property(fc.jsonValue({ maxDepth: 5 }), (value) => {
        assert.equal(canonicalJson(shuffled(value)), canonicalJson(value))
      }),
      { numRuns: RUNS },
    )
  })

  test('F7: two orders have the same canonical text exactly when they are the same JSON value', () => {
    const pairs = fc.tuple(fc.jsonValue({ maxDepth: 2 }), fc.jsonValue({ maxDepth: 2 }))
    fc.assert(
      fc.property(pairs, ([a, b]) => {
        let same = true
        try {
          assert.deepStrictEqual(parsed(a), parsed(b))
        } catch {
          same = false
        }
        assert.equal(canonicalJson(a) === canonicalJson(b), same)
        assert.equal(fingerprintOf('c1', a) === fingerprintOf('c1', b), same)
      }),
      { numRuns: RUNS },
    )
  })

  test('canonical text is JSON, and reading it back gives the same order', () => {
    fc.assert(
      fc.property(fc.jsonValue(), (value) => {
        assert.deepEqual(JSON.parse(canonicalJson(value)), parsed(value))
        assert.equal(canonicalJson(JSON.parse(canonicalJson(value))), canonicalJson(value))
      }),
      { numRuns: RUNS / 4 },
    )
  })

  const different: readonly (readonly [unknown, unknown])[] = [
    [{ a: 1 }, { a: '1' }],
    [[1, 2], [2, 1]],
    [{}, []],
    [null, {}],
    ['', null],
    [{ a: { b: 1 } }, { a: 1, b: 1 }],
    [{ ab: 'c' }, { a: 'bc' }],
    [{ a: 1 }, { a: 1, b: null }],
  ] // biome-ignore format: a table
  for (const [a, b] of different) {
    test(`F7: ${JSON.stringify(a)} is not ${JSON.stringify(b)}`, () => {
      assert.notEqual(canonicalJson(a), canonicalJson(b))
    })
  }

  test('H10: a member called __proto__ is a member like any other', () => {
    const evil: unknown = JSON.parse('{"__proto__":{"admin":true},"cart":"c1"}')
    assert.equal(canonicalJson(evil), '{"__proto__":{"admin":true},"cart":"c1"}')
    assert.notEqual(fingerprintOf('c1', evil), fingerprintOf('c1', { cart: 'c1' }))
  })

  test('the same order of two purchases is not the same', () => {
    assert.notEqual(fingerprintOf('c1', { mug: 1 }), fingerprintOf('c2', { mug: 1 }))
    assert.notEqual(fingerprintOf('c1"', 1), fingerprintOf('c1', '"1'))
    assert.match(fingerprintOf('c1', null), /^[0-9a-f]{64}$/)
  })

  test('what JSON cannot hold is refused, and what it leaves out does not count', () => {
    const cycle: { self?: unknown } = {}
    cycle.self = cycle
    assert.throws(() => canonicalJson(cycle), TypeError)
    assert.throws(() => canonicalJson(5n), TypeError)
    assert.equal(canonicalJson(undefined), 'null')
    assert.equal(canonicalJson({ a: undefined, b: 1 }), '{"b":1}')
    assert.equal(canonicalJson({ at: new Date(0) }), '{"at":"1970-01-01T00:00:00.000Z"}')
  })
})

describe('ids', () => {
  test('tokens, ids and references have the shape and the randomness that is promised', () => {
    const sizes: number[] = []
    const random = (bytes: number) => {
      sizes.push(bytes)
      return systemRandom(bytes)
    }
    assert.match(newToken(random), /^[A-Za-z0-9_-]{32}$/)
    assert.match(newId(random), /^[0-9a-f]{32}$/)
    assert.match(newReference(random), /^[0-9ABCDEFGHJKMNPQRSTVWXYZ]{26}$/)
    assert.deepEqual(sizes, [24, 16, 26])
  })

  test('every letter of a reference is equally likely', () => {
    const counted = newReferenceLetters((bytes) => Uint8Array.from({ length: bytes }, (_, i) => i))
    assert.deepEqual(new Set(counted.values()), new Set([8]))
  })

  test('a thousand of each are a thousand different ones', () => {
    for (const make of [newToken, newId, newReference]) {
      assert.equal(new Set(Array.from({ length: 1_000 }, () => make(systemRandom))).size, 1_000)
    }
  })
})

/** How often each letter appears when all 256 values of a byte are used once. */
function newReferenceLetters(random: (bytes: number) => Uint8Array): Map<string, number> {
  const letters = new Map<string, number>()
  const all = random(256)
  for (let i = 0; i < 256; i += 26) {
    const chunk = Uint8Array.from({ length: 26 }, (_, j) => all[i + j] ?? 0)
    for (const letter of newReference(() => chunk).slice(0, Math.min(26, 256 - i))) {
      letters.set(letter, (letters.get(letter) ?? 0) + 1)
    }
  }
  return letters
}
