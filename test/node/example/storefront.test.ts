import assert from 'node:assert/strict'
import { describe, test } from 'node:test'
import { builtPages } from '../../../server-example/pages.ts'
import { attribute, CART, pages } from './visit-pages.ts'

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
    assert.match(text, /<div class="checkout" id="cart-pay" data-checkout hidden>/)
    assert.match(text, /<a class="to-cart" href="#cart-title" hidden>/)
    assert.match(text, /<p class="empty" data-empty>/)
  })

  const isPaid = async (id: string) => id === CART
  const paidCookie = { cookie: `cart=${CART}.tea-3` }

  for (const [path, words] of [
    ['/', /Your last order is paid\. You start again with an empty cart/],
    ['/?lang=bn', /আগের অর্ডারের পেমেন্ট পেয়েছি। এখন খালি কার্ট/],
    // The address of the paid cart, as Back finds it in the browser's history.
    ['/?tea=3', /Your last order is paid\. You start again/],
  ] as const) {
    test(`a paid cart is over: the next visit at ${path} has a new cart, an empty one, and says why`, async () => {
      const { text, cookies } = await pages({ isPaid })(path, paidCookie)
      assert.match(text, words)
      assert.match(text, /data-checkout hidden>/)
      assert.doesNotMatch(text, /amount="[1-9]/)
      assert.ok(!text.includes(CART))
      const kept = /cart=(c_[^;]*)/.exec(cookies.join())?.[1] ?? ''
      assert.match(kept, /^c_[A-Za-z0-9_-]{24}$/)
      const later = await pages({ isPaid })('/', { cookie: `cart=${kept}` })
      assert.match(later.text, /data-checkout hidden>/)
      assert.doesNotMatch(later.text, /class="notice"/)
    })
  }

  test('after a purchase, an address that names other goods begins a new cart with them', async () => {
    const { text } = await pages({ isPaid })('/?mug=1', paidCookie)
    assert.match(text, /Your last order is paid, thank you\. This is a new cart/)
    assert.deepEqual(JSON.parse(attribute(text, /name="items" value="([^"]*)"/)), [{ sku: 'mug', quantity: 1 }])
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
