import assert from 'node:assert/strict'
import { describe, test } from 'node:test'
import { attribute, CART, ended, pages, TOKEN, withStatus } from './visit-pages.ts'

describe('the return page without a script', () => {
  const address = `/thanks?ipay=${TOKEN}`

  test('E1: not paid yet, with the way on and a way to look again', async () => {
    const { text } = await withStatus({})(address)
    assert.match(text, /<h2>Not finished yet<\/h2>/)
    assert.match(text, /href="https:\/\/demo\.ipay\.com\.bd\/pay\/1"[^>]*>Continue to payment/)
    assert.match(text, /href="\/thanks\?lang=en&amp;ipay=tok_0123456789abcdef">Check again/)
    assert.match(text, /<noscript><meta http-equiv="refresh" content="10; url=/)
  })

  test('E7: a page that asks again by itself stops doing so', async () => {
    const { text } = await withStatus({ state: 'processing', paymentUrl: null })(`${address}&again=6`)
    assert.doesNotMatch(text, /http-equiv="refresh"/)
    assert.match(text, /Check again/)
  })

  test('paid shows the receipt, in the time of Dhaka', async () => {
    const { text } = await withStatus({
      ...ended,
      state: 'paid',
      transactionId: '23I2-1',
      paidAt: '2026-11-21T18:30:00Z',
      retry: 'no',
    })(address)
    assert.match(text, /<h2>Paid\. Thank you!<\/h2>/)
    for (const fact of ['৳1,25,000.00', '23I2-1', '22 Nov 2026, 12:30', 'REF-1']) assert.ok(text.includes(fact), fact)
    assert.doesNotMatch(text, /<form/)
  })

  test('what was given back, and how far the parcel is, stand on the receipt in both languages', async () => {
    const paid = { ...ended, state: 'paid', retry: 'no', amount: '1250.00' } as const
    const part = await withStatus({ ...paid, refunded: '250.00', release: { state: 'returning', carrier: 'Pathao' } })(
      address,
    )
    assert.match(part.text, /<h2>Paid\. Thank you!<\/h2>/)
    assert.match(part.text, /<dt>Refunded<\/dt><dd><bdi>৳250\.00</)
    assert.match(part.text, /<dt>Parcel<\/dt><dd><bdi>On its way back to the shop, Pathao</)
    const whole = await withStatus({ ...paid, refunded: '1250.00', release: { state: 'returned' } })(
      `${address}&lang=bn`,
    )
    assert.match(whole.text, /<p>পুরো টাকা ফেরত দেওয়া হয়েছে।<\/p>/)
    assert.match(whole.text, /<dd><bdi>৳১,২৫০\.০০<[\s\S]*<dd><bdi>৳১,২৫০\.০০<[\s\S]*দোকানে ফেরত গেছে/)
  })

  test('the way back leads to the button that pays, and to the shelf once it is paid or nobody knows the payment', async () => {
    const waysBack = async (changes: Parameters<typeof withStatus>[0], path = address) => {
      const { text } = await withStatus(changes)(path)
      const link = attribute(text, /href="([^"]*)">(?:Back to the shop|দোকানে ফিরে যান)</)
      return [attribute(text, /<ipay-result[^>]* home="([^"]*)"/), link]
    }
    const cancelled = { ...ended, state: 'cancelled', retry: 'now' } as const
    assert.deepEqual(await waysBack(cancelled), ['/#cart-pay', '/#cart-pay'])
    assert.deepEqual(await waysBack(cancelled, `${address}&lang=bn`), ['/?lang=bn#cart-pay', '/?lang=bn#cart-pay'])
    assert.deepEqual(await waysBack({ ...ended, state: 'paid', retry: 'no' }), ['/', '/'])
    assert.deepEqual(await waysBack({}, '/thanks'), ['/', '/'])
    assert.match((await pages()('/')).text, / id="cart-pay"/)
  })

  const order = { cart: CART, items: [{ sku: 'mug', quantity: 1 }] }
  for (const state of ['cancelled', 'expired', 'failed'] as const) {
    test(`${state} says that nothing was charged and offers the same order again`, async () => {
      const reason = state === 'failed' ? 'insufficient-balance' : null
      const { text } = await withStatus({ ...ended, state, reason, retry: 'now' }, order)(address)
      assert.match(text, /You were not charged by this attempt/)
      assert.equal(attribute(text, /name="cart" value="([^"]*)"/), CART)
      assert.deepEqual(JSON.parse(attribute(text, /name="items" value="([^"]*)"/)), order.items)
      assert.match(text, /<button class="plain-pay">Try again<\/button>/)
    })
  }

  test('an account that is over its limit is not offered the same thing at once', async () => {
    const { text } = await withStatus(
      { ...ended, state: 'failed', reason: 'limit-exceeded', retry: 'later' },
      order,
    )(address)
    assert.match(text, /over your payment limit/)
    assert.doesNotMatch(text, /<form/)
  })

  test('E8: nobody knows: do not pay again, with the reference to quote', async () => {
    const { text } = await withStatus({ state: 'unresolved', paymentUrl: null, pollAfter: 60 }, order)(address)
    assert.match(text, /Please do not pay again/)
    assert.ok(text.includes('REF-1'))
    assert.doesNotMatch(text, /<form/)
  })

  test('every state has its words in Bangla', async () => {
    for (const state of ['created', 'processing', 'paid', 'cancelled', 'failed', 'expired', 'unresolved'] as const) {
      const { text } = await withStatus({ state, reason: state === 'failed' ? 'declined' : null })(`${address}&lang=bn`)
      const panel = (/<div class="plain-result".*?<\/div>\s*<\/ipay-result>/s.exec(text)?.[0] ?? '').replace(
        /<[^>]*>/g,
        '',
      )
      assert.match(panel, /[\u0980-\u09ff]/)
      assert.deepEqual(
        panel
          .replaceAll('iPay', '')
          .replaceAll('REF', '')
          .match(/[A-Za-z]{2,}/g),
        null,
        state,
      )
    }
  })

  test('a token that nobody knows, or that cannot be one, is 404 and asks for nothing; no token at all is just the page', async () => {
    const asked: string[] = []
    const visit = pages({ payment: async (token) => void asked.push(token) as undefined })
    for (const [path, status] of [
      ['/thanks', 200],
      ['/thanks?ipay=not.one', 404],
      [`/thanks?ipay=${encodeURIComponent('"><b>0123456789abcdef')}`, 404],
    ] as const) {
      const { response, text } = await visit(path)
      assert.equal(response.status, status)
      assert.match(text, /No payment here/)
      assert.ok(!text.includes('"><b>'))
    }
    assert.deepEqual(asked, [])
    assert.equal((await visit(address)).response.status, 404)
  })

  test('E18: what the gateway wrote is text', async () => {
    const evil = '<img src=x onerror=alert(1)>'
    const { text } = await withStatus({ reference: evil, transactionId: evil }, { cart: evil, items: evil })(address)
    assert.ok(!text.includes('<img src=x'))
    assert.ok(text.includes('&lt;img src=x'))
  })
})
