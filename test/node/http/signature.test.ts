import assert from 'node:assert/strict'
import { describe, test } from 'node:test'
import { gzipSync } from 'node:zlib'
import { isSignedBy, sign } from '../../../src/server/http/signature.ts'
import { signedNotifications } from '../../../src/server/http/signed-notifications.ts'
import { ProblemError } from '../../../src/server/problem-error.ts'
import { codeOf, openShop } from './shop.ts'

const SECRET = 'whsec_0123456789'
const OLD = 'whsec_before-that'
const event = JSON.stringify({
  type: 'payment.succeeded',
  data: { metadata: { orderId: 'ref-1' }, note: 'ক'.repeat(600) },
})
const bytes = new TextEncoder().encode(event)

/** A shop whose notifications are signed, and the events that got through. */
function listening(secrets: readonly string[] = [SECRET]) {
  const stored: unknown[] = []
  const store = async (one: unknown) => {
    stored.push(one)
  }
  const ipay = signedNotifications({ header: 'ipay-signature', secrets: () => secrets, store })
  const shop = openShop({ notifications: { 'ipay-payments': ipay } })
  const send = (body: BodyInit, signature?: string, headers: Record<string, string> = {}) =>
    shop.send('/notifications/ipay-payments', {
      method: 'POST',
      headers: { ...headers, ...(signature !== undefined && { 'ipay-signature': signature }) },
      body,
    })
  return { send, stored }
}

test('the signature is the known one of RFC 4231, test case 2', () => {
  assert.equal(
    sign('what do ya want for nothing?', 'Jefe'),
    '5bdcc146bf60754e6a042426089575c75a003f089d2739839dec58b964ec3843',
  )
})

test('a signed event is stored and answered with 200, the same again too', async () => {
  const { send, stored } = listening()
  for (const signature of [sign(bytes, SECRET), sign(bytes, SECRET).toUpperCase()]) {
    assert.equal((await send(bytes, signature)).status, 200)
  }
  assert.deepEqual(stored, [JSON.parse(event), JSON.parse(event)])
})

describe('G1: forged signatures', () => {
  const right = sign(bytes, SECRET)
  for (const [what, signature] of [
    ['none', undefined],
    ['an empty one', ''],
    ['half of it', right.slice(0, 32)],
    ['one digit short', right.slice(1)],
    ['one digit more', `${right}0`],
    ['two of them', `${right}${right}`],
    ['two in a list', `${right}, ${right}`],
    ['no hex', 'z'.repeat(64)],
    ['hex that ends early', `${right.slice(0, 62)}zz`],
    ['zeros', '0'.repeat(64)],
    ['with a prefix', `sha256=${right}`],
    ['base64', Buffer.from(right, 'hex').toString('base64')],
    ['of another secret', sign(bytes, OLD)],
    ['of another body', sign('{}', SECRET)],
    ['of nothing', sign('', SECRET)],
  ] as const) {
    test(`${what} is 401 and nothing is read`, async () => {
      const { send, stored } = listening()
      const answer = await send(bytes, signature)
      assert.equal(answer.status, 401)
      assert.equal(await codeOf(answer), 'bad-signature')
      assert.deepEqual(stored, [])
    })
  }

  test('no single bit of body or signature can be turned', () => {
    const secrets = [SECRET, OLD]
    const signature = Buffer.from(right, 'hex')
    for (let bit = 0; bit < bytes.length * 8; bit++) {
      const turned = bytes.slice()
      turned[bit >> 3] = (turned[bit >> 3] ?? 0) ^ (1 << (bit & 7))
      assert.equal(isSignedBy(secrets, turned, right), false, `bit ${bit} of the body`)
    }
    for (let bit = 0; bit < signature.length * 8; bit++) {
      const turned = Buffer.from(signature)
      turned[bit >> 3] = (turned[bit >> 3] ?? 0) ^ (1 << (bit & 7))
      assert.equal(isSignedBy(secrets, bytes, turned.toString('hex')), false, `bit ${bit} of the signature`)
    }
    assert.ok(bytes.length > 1_800)
    assert.equal(isSignedBy(secrets, bytes, right), true)
  })
})

describe('G2: the secret', () => {
  for (const secrets of [[], [''], [SECRET, ''], ['   ']]) {
    test(`${JSON.stringify(secrets)} is refused wherever signatures are compared`, () => {
      assert.throws(() => isSignedBy(secrets, bytes, sign(bytes, '')), TypeError)
    })
  }

  test('without one at the moment nothing is accepted, and what came comes again (OWASP ASVS 5.0, 16.5.3)', async () => {
    const vault = () => {
      throw new Error(`no vault for ${SECRET}`)
    }
    for (const secrets of [() => [], () => [''], () => ['   '], vault]) {
      const store = () => assert.fail('an event was stored')
      const ipay = signedNotifications({ header: 'ipay-signature', secrets, store })
      const shop = openShop({ notifications: { ipay } })
      for (const signature of [sign(bytes, ''), sign(bytes, '   '), sign(bytes, SECRET), '']) {
        const headers = { 'ipay-signature': signature }
        const answer = await shop.send('/notifications/ipay', { method: 'POST', body: bytes, headers })
        assert.ok(answer.headers.has('retry-after'))
        assert.doesNotMatch(await answer.clone().text(), /vault|whsec/)
        assert.equal(await codeOf(answer), 'unavailable')
      }
    }
  })

  test('an empty one beside it counts for nothing', async () => {
    const { send } = listening([SECRET, ''])
    assert.equal((await send(bytes, sign(bytes, ''))).status, 401)
    assert.equal((await send(bytes, sign(bytes, SECRET))).status, 200)
  })

  test('while it is rotated both the new and the old one are taken, afterwards the new one alone', async () => {
    const both = listening([SECRET, OLD])
    for (const secret of [SECRET, OLD]) assert.equal((await both.send(bytes, sign(bytes, secret))).status, 200)
    assert.equal((await listening([SECRET]).send(bytes, sign(bytes, OLD))).status, 401)
  })
})

describe('G3: the bytes', () => {
  for (const [what, body] of [
    ['written again with spaces', JSON.stringify(JSON.parse(event), null, 2)],
    ['with a byte order mark', `\ufeff${event}`],
    ['with a newline', `${event}\n`],
    ['compressed', gzipSync(bytes)],
    ['in UTF-16', Buffer.from(event, 'utf16le')],
    ['with escapes in place of letters', event.replace('ক', '\\u0995')],
  ] as const) {
    test(`a body ${what} does not match the signature of the original`, async () => {
      const { send, stored } = listening()
      assert.equal((await send(body, sign(bytes, SECRET))).status, 401)
      assert.deepEqual(stored, [])
    })
  }

  test('what was signed is taken whatever its type says', async () => {
    const { send, stored } = listening()
    for (const type of ['application/json', 'text/plain; charset=utf-16', 'application/octet-stream']) {
      assert.equal((await send(bytes, sign(bytes, SECRET), { 'Content-Type': type })).status, 200)
    }
    const marked = new TextEncoder().encode(`\ufeff${event}`)
    assert.equal((await send(marked, sign(marked, SECRET))).status, 200)
    assert.equal(stored.length, 4)
  })

  test('signed bytes that are not JSON are 400, one byte over the limit 413', async () => {
    const { send } = listening()
    assert.equal(await codeOf(await send('nonsense', sign('nonsense', SECRET))), 'invalid-request')
    const large = new Uint8Array(65_537)
    assert.equal(await codeOf(await send(large, sign(large, SECRET))), 'too-large')
  })

  test('G7: a handler that cannot store it says so, and it comes again', async () => {
    const store = () => Promise.reject(new ProblemError('unavailable', 'not known yet', { retryAfter: 30 }))
    const ipay = signedNotifications({ header: 'ipay-signature', secrets: () => [SECRET], store })
    const headers = { 'ipay-signature': sign(bytes, SECRET) }
    const answer = await openShop({ notifications: { ipay } }).send('/notifications/ipay', {
      method: 'POST',
      body: bytes,
      headers,
    })
    assert.equal(answer.status, 503)
    assert.equal(answer.headers.get('retry-after'), '30')
  })
})
