import assert from 'node:assert/strict'
import { readFileSync } from 'node:fs'
import { describe, test } from 'node:test'
import { builtPages, type PagesDeps, pagesRoutes } from '../../../server-example/pages.ts'
import type { PaymentStatus } from '../../../src/contract/schemas.ts'

const source = (name: string) => readFileSync(new URL(`../../../${name}`, import.meta.url), 'utf8')
const built = { shop: source('index.html'), thanks: source('demo/thanks.html') }
const TOKEN = 'tok_0123456789abcdef'
const CART = 'c_0123456789abcdefghijklmn'

const CREATED: PaymentStatus = {
  version: 1,
  token: TOKEN,
  state: 'created',
  amount: '125000.00',
  currency: 'BDT',
  reference: 'REF-1',
  transactionId: null,
  paidAt: null,
  reason: null,
  retry: 'wait',
  paymentUrl: 'https://demo.ipay.com.bd/pay/1',
  expiresAt: null,
  serverTime: '2026-11-21T10:00:00Z',
  pollAfter: 5,
  environment: 'sandbox',
}
const ended = { paymentUrl: null, pollAfter: null } as const

function pages(deps: Partial<PagesDeps> = {}) {
  const routes = pagesRoutes({
    built,
    environment: 'sandbox',
    isHttps: false,
    isPaid: async () => false,
    payment: async () => undefined,
    ...deps,
  })
  return async (path: string, headers: Record<string, string> = {}) => {
    const response = await routes.request(path, { headers })
    return { response, cookies: response.headers.getSetCookie(), text: await response.text() }
  }
}

const withStatus = (changes: Partial<PaymentStatus>, order: unknown = null) =>
  pages({ payment: async (token) => (token === TOKEN ? { status: { ...CREATED, ...changes }, order } : undefined) })

/** The text of an attribute, unescaped. */
function attribute(page: string, pattern: RegExp): string {
  const found = pattern.exec(page)?.[1] ?? assert.fail(`the page lacks ${pattern}`)
  return found.replaceAll('&quot;', '"').replaceAll('&#39;', "'").replaceAll('&lt;', '<').replaceAll('&amp;', '&')
}

describe('the storefront without a script', () => {
  test('a first visitor finds two mugs in a cart of their own, and a form that pays for them', async () => {
    const visit = pages()
    const { response, text, cookies } = await visit('/')
    assert.equal(response.status, 200)
    const items = attribute(text, /name="items" value="([^"]*)"/)
    assert.deepEqual(JSON.parse(items), [{ sku: 'mug', quantity: 2 }])
    const cart = attribute(
      text,
      /<form method="post" action="\/ipay\/orders">\s*<input type="hidden" name="cart" value="([^"]*)"/,
    )
    assert.match(cart, /^c_[A-Za-z0-9_-]{24}$/)
    assert.ok(cookies[0]?.startsWith(`cart=${cart}.mug-2;`), cookies[0])
    assert.notEqual(attribute((await visit('/')).text, /data-cart="([^"]*)"/), cart)
  })

  test('the button carries order, amount, environment and the way back', async () => {
    const { text } = await pages()('/?mug=2', { cookie: `cart=${CART}.mug-1` })
    const tag = attribute(text, /(<ipay-button[^>]*>)/)
    assert.ok(tag.includes('order-endpoint="/ipay/orders"'))
    assert.ok(tag.includes('environment="sandbox"'))
    assert.ok(tag.includes('amount="1250.00"'))
    assert.ok(tag.includes('return-to="/thanks"'))
    assert.ok(tag.includes(`order="{"cart":"${CART}","items":[{"sku":"mug","quantity":2}]}"`), tag)
  })

  test('the address says what is in the cart, and the cookie where it says nothing', async () => {
    const visit = pages()
    const headers = { cookie: `cart=${CART}.tea-3` }
    const itemsOf = (text: string) => JSON.parse(attribute(text, /name="items" value="([^"]*)"/))
    assert.deepEqual(itemsOf((await visit('/', headers)).text), [{ sku: 'tea', quantity: 3 }])
    assert.deepEqual(itemsOf((await visit('/?mug=1', headers)).text), [{ sku: 'mug', quantity: 1 }])
  })

  test('a pressed button changes the cart once: the address left behind names the result', async () => {
    const { response, cookies } = await pages()('/?mug=2&tea=1&more=mug&lang=bn', { cookie: `cart=${CART}.mug-2` })
    assert.equal(response.status, 303)
    assert.equal(response.headers.get('location'), '/?mug=3&tea=1&lang=bn')
    assert.ok(cookies.some((cookie) => cookie.startsWith(`cart=${CART}.mug-3.tea-1;`)))
  })

  test('an emptied cart stays empty and offers nothing to pay', async () => {
    const { response } = await pages()('/?mug=1&drop=mug', { cookie: `cart=${CART}.mug-1` })
    assert.equal(response.headers.get('location'), '/?mug=0')
    const { text } = await pages()('/?mug=0', { cookie: `cart=${CART}.mug-1` })
    assert.match(text, /<div class="checkout" data-checkout hidden>/)
    assert.match(text, /<p class="empty" data-empty>/)
  })

  test('a paid cart is over: the next visit has a new id and says why', async () => {
    const { text, cookies } = await pages({ isPaid: async (id) => id === CART })('/', { cookie: `cart=${CART}.tea-3` })
    assert.match(text, /Your last order is paid/)
    assert.ok(!text.includes(CART))
    assert.ok(!cookies.join().includes(CART))
  })

  test('E12: without cookies the cart keeps its id through our own forms, and never through a link from elsewhere', async () => {
    const visit = pages()
    const idAfter = async (site: string) =>
      attribute((await visit(`/?mug=1&cart=${CART}`, { 'sec-fetch-site': site })).text, /data-cart="([^"]*)"/)
    assert.equal(await idAfter('same-origin'), CART)
    assert.notEqual(await idAfter('cross-site'), CART)
    assert.notEqual(await idAfter('none'), CART)
  })

  test('the whole page is in Bangla when asked, digits too, and the choice is kept', async () => {
    const { text, cookies } = await pages()('/?lang=bn&jamdani=1')
    assert.match(text, /<html lang="bn">/)
    assert.match(text, /৳১,২৫,০০০\.০০/)
    assert.match(text, /return-to="\/thanks\?lang=bn"/)
    assert.ok(cookies.some((cookie) => cookie.startsWith('lang=bn;')))
    const visible = text.replace(/<head>.*<\/head>/s, '').replace(/<[^>]*>/g, '')
    // Names are names in any language.
    assert.deepEqual(visible.replaceAll('iPay', '').match(/[A-Za-z]{2,}/g), ['English'])
    assert.match((await pages()('/', { cookie: 'lang=bn' })).text, /<html lang="bn">/)
  })

  test('I1: what stands in address and cookie cannot become markup', async () => {
    const evil = '"><script>alert(1)</script>'
    const query = `mug=${encodeURIComponent(evil)}&lang=${encodeURIComponent(evil)}&cart=${encodeURIComponent(evil)}&more=${encodeURIComponent(evil)}`
    const headers = {
      cookie: `cart=${encodeURIComponent(evil)}; lang=${encodeURIComponent(evil)}`,
      'sec-fetch-site': 'same-origin',
    }
    const { response, text } = await pages()(`/?${query}`, headers)
    assert.ok(!text.includes('<script>alert'))
    assert.ok(!(response.headers.get('location') ?? '').includes('script'))
  })

  test('the cookie travels over https only where the shop is', async () => {
    const { cookies } = await pages({ isHttps: true })('/')
    assert.match(cookies[0] ?? '', /; Secure; SameSite=Lax$/)
  })
})

test('pages that were not built are said in a sentence', () => {
  assert.throws(() => builtPages('/nowhere'), /^Error: The pages are not built: run "npm run build"/)
})

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
    for (const fact of ['৳1,25,000.00', '23I2-1', '22 November 2026', 'REF-1']) assert.ok(text.includes(fact), fact)
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
    assert.match(text, /above a limit/)
    assert.doesNotMatch(text, /<form/)
  })

  test('E8: nobody knows: do not pay twice, with the reference to quote', async () => {
    const { text } = await withStatus({ state: 'unresolved', paymentUrl: null, pollAfter: 60 }, order)(address)
    assert.match(text, /Please do not pay twice/)
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
      ['/thanks?ipay=short', 404],
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
