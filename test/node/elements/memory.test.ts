import assert from 'node:assert/strict'
import { afterEach, describe, test } from 'node:test'
import fc from 'fast-check'
import { canonicalJson } from '../../../src/contract/canonical-json.ts'
import { IDEMPOTENCY_KEY } from '../../../src/contract/limits.ts'
import {
  belongsElsewhere,
  fingerprint,
  finishAttempt,
  forgetAttempt,
  newKey,
  recallAttempt,
  rememberAttempt,
} from '../../../src/elements/memory.ts'

const NAME = 'pay-with-ipay'
const TOKEN = 'tok_0123456789abcdefghijk'

/** A storage as a browser has it; `broken` throws as a full or a denied one does. */
function storage({ broken = '' } = {}): Map<string, string> {
  const items = new Map<string, string>()
  const fake = {
    getItem(name: string) {
      if (broken === 'denied') throw new Error('SecurityError')
      return items.get(name) ?? null
    },
    setItem(name: string, value: string) {
      if (broken) throw new Error('QuotaExceededError')
      items.set(name, value)
    },
  }
  Object.defineProperty(globalThis, 'localStorage', { value: fake, configurable: true })
  return items
}

describe('what a browser remembers', () => {
  afterEach(() => Reflect.deleteProperty(globalThis, 'localStorage'))

  test('a key is remembered with its order, and its token as soon as it is known', () => {
    storage()
    assert.equal(recallAttempt('a'), undefined)
    rememberAttempt('a', 'key_0001')
    rememberAttempt('b', 'key_0002')
    rememberAttempt('a', 'key_0001', TOKEN)
    assert.deepEqual(recallAttempt('a'), { id: 'a', key: 'key_0001', token: TOKEN })
    assert.equal(recallAttempt('b')?.token, '')
  })

  test('after an outcome the key is used up, and whose token it was stays known', () => {
    storage()
    rememberAttempt('a', 'key_0001', TOKEN)
    finishAttempt(TOKEN)
    assert.equal(recallAttempt('a'), undefined)
    assert.equal(belongsElsewhere(TOKEN, 'b'), true)
    assert.equal(belongsElsewhere(TOKEN, 'a'), false)
    assert.equal(belongsElsewhere('tok_unknown_0123456789', 'a'), false)
  })

  test('starting over forgets one order alone', () => {
    storage()
    rememberAttempt('a', 'key_0001')
    rememberAttempt('b', 'key_0002')
    forgetAttempt('a')
    assert.equal(recallAttempt('a'), undefined)
    assert.equal(recallAttempt('b')?.key, 'key_0002')
  })

  test('what is stored is bounded, and holds no cart', () => {
    const items = storage()
    for (let n = 0; n < 200; n++) rememberAttempt(fingerprint(`{"cart":"secret-${n}"}`), newKey(), TOKEN)
    const stored = items.get(NAME) ?? ''
    assert.ok(stored.length < 4096, `${stored.length} characters`)
    assert.doesNotMatch(stored, /secret/)
    assert.ok(recallAttempt(fingerprint('{"cart":"secret-199"}')))
  })

  for (const broken of ['denied', 'full']) {
    test(`E12: with storage ${broken} it is remembered as long as the page lives`, () => {
      storage({ broken })
      rememberAttempt(`id-${broken}`, 'key_0001', TOKEN)
      assert.equal(recallAttempt(`id-${broken}`)?.token, TOKEN)
      forgetAttempt(`id-${broken}`)
      assert.equal(recallAttempt(`id-${broken}`), undefined)
    })
  }

  test('rubbish in storage is not believed', () => {
    const items = storage()
    for (const rubbish of [
      '{',
      '7',
      'null',
      '[null,7,{}]',
      '[{"id":"a","key":"a b","token":""}]',
      '[{"id":"a","key":"key_0001","token":"../../x"}]',
    ]) {
      items.set(NAME, rubbish)
      assert.equal(recallAttempt('a'), undefined)
      rememberAttempt('a', 'key_0001')
      assert.equal(recallAttempt('a')?.key, 'key_0001')
    }
  })

  test('I20: a key has 128 random bits and the form that the endpoint takes', () => {
    const keys = new Set(Array.from({ length: 1000 }, newKey))
    assert.equal(keys.size, 1000)
    for (const key of keys) {
      assert.match(key, IDEMPOTENCY_KEY)
      assert.match(key, /^[0-9a-f]{32}$/)
    }
  })

  test('equal orders have one fingerprint, others have others', () => {
    fc.assert(
      fc.property(fc.jsonValue(), fc.jsonValue(), (a, b) => {
        const [x, y] = [canonicalJson(a), canonicalJson(b)]
        assert.equal(fingerprint(x) === fingerprint(y), x === y)
      }),
      { numRuns: 20_000 },
    )
    const carts = new Set(Array.from({ length: 200_000 }, (_, n) => fingerprint(`/ipay/orders {"cart":"c_${n}"}`)))
    assert.equal(carts.size, 200_000)
  })
})
