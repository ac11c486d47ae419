import assert from 'node:assert/strict'
import { describe, test } from 'node:test'
import type { PaymentStatus } from '../../../src/contract/schemas.ts'
import * as elements from '../../../src/elements/index.ts'
import { type IpayButtonProps, renderIpayButton, renderIpayResult } from '../../../src/elements/ssr.ts'

const order = { cart: 'c_81', items: [{ sku: 'mug', quantity: 2 }], note: '"><script>alert(1)</script>' }

describe('the package in Node', () => {
  test('I17: the classes can be imported, and importing registers nothing', () => {
    assert.equal(elements.IpayButton.name, 'IpayButton')
    assert.equal(globalThis.customElements?.get('ipay-button'), undefined)
    assert.equal(new elements.IpayError('timeout').retryable, true)
  })

  test('I17: the button is rendered with a declarative shadow root and a form that works without a script', () => {
    const text = renderIpayButton({ orderEndpoint: '/ipay/orders', order, amount: '125000.00', lang: 'bn' })
    assert.match(text, /^<ipay-button order-endpoint="\/ipay\/orders" order="/)
    assert.match(text, /<template shadowrootmode="open" shadowrootdelegatesfocus><style>/)
    assert.match(text, /<form method="post" action="\/ipay\/orders"><input type="hidden" name="cart" value="c_81">/)
    assert.match(text, /name="items" value="\[\{&quot;sku&quot;:&quot;mug&quot;,&quot;quantity&quot;:2\}\]"/)
    assert.match(text, /৳১,২৫,০০০.০০/)
    assert.match(text, /<button type="submit">iPay পেমেন্ট করুন ৳১,২৫,০০০.০০<\/button>/)
  })

  test('a button without an endpoint is refused in words', () => {
    assert.throws(() => renderIpayButton({ order } as unknown as IpayButtonProps), /orderEndpoint is missing/)
  })

  test('I1: nothing that is rendered becomes markup', () => {
    const evil = `'"><script>alert(1)</script>`
    const button = renderIpayButton({
      orderEndpoint: evil,
      order: { [evil]: evil },
      amount: evil,
      currency: evil,
      returnTo: evil,
      lang: evil,
      nonce: evil,
      messages: { en: { pay: evil } },
    })
    const result = renderIpayResult({
      orderEndpoint: evil,
      token: evil,
      home: evil,
      lang: evil,
      messages: { en: { confirming: evil, home: evil, 'h-confirming': evil } },
    })
    for (const text of [button, result]) assert.doesNotMatch(text, /<script/)
  })

  test('I3: a link back that is no web address leads to the start page', () => {
    for (const home of ['javascript:alert(1)', ' javascript:alert(1)', 'data:text/html,x', '//evil.example']) {
      assert.match(renderIpayResult({ orderEndpoint: '/o', home }), /<a href="\/">/)
    }
  })

  test('a word that is unknown is rendered as its default, and an unknown state as one that nobody knows', () => {
    const odd: object = { orderEndpoint: '/o', order, label: 'steal' }
    assert.match(renderIpayButton(odd as IpayButtonProps), /<span part="label">Pay<\/span>/)
    for (const state of ['reversed', 'constructor', undefined]) {
      const payment: object = { token: 't', state, amount: '1.00', currency: 'BDT', reference: 'r' }
      const text = renderIpayResult({ orderEndpoint: '/o', payment: payment as PaymentStatus })
      assert.match(text, /<h2>Not confirmed yet<\/h2>/)
    }
  })

  test('the form orders what the attribute does: what JSON leaves out is no field', () => {
    const text = renderIpayButton({ orderEndpoint: '/o', order: { cart: 'c_81', coupon: undefined, hook: () => 1 } })
    assert.match(text, /<form method="post" action="\/o"><input type="hidden" name="cart" value="c_81"><button/)
  })

  test('a style can carry the nonce of the page', () => {
    assert.match(renderIpayButton({ orderEndpoint: '/o', order, nonce: 'n1' }), /<style nonce="n1">/)
  })
})
