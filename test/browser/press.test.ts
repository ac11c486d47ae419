import { expect, fixture, fixtureSync, html, oneEvent } from '@open-wc/testing'
import '../../src/elements/define.ts'
import type { IpayStartEvent } from '../../src/elements/events.ts'
import type { IpayButton } from '../../src/elements/ipay-button.ts'
import { button, part, press, told } from './parts.ts'
import { inState, openReply, PAY_URL, problem, settle, statusReply, stay, TOKEN, testShop } from './shop.ts'

const posts = async (shop: ReturnType<typeof testShop>) =>
  (await shop.asked()).filter(({ method }) => method === 'POST')

describe('a press', () => {
  afterEach(() => localStorage.clear())
  it('asks the shop once and leads to the payment page', async () => {
    const shop = testShop()
    await shop.answers({ status: 201, body: openReply() })
    const element = await button({ endpoint: shop.endpoint, order: { cart: 'a' }, returnTo: '/thanks', lang: 'bn' })
    const urls = stay(element)
    press(element)
    expect(element.state).to.equal('starting')
    await inState(element, 'unfinished')
    expect(urls).to.deep.equal([PAY_URL])
    expect(element.payment?.token).to.equal(TOKEN)
    const [asked, ...more] = await shop.asked()
    expect(more).to.deep.equal([])
    expect(asked?.headers['idempotency-key']).to.match(/^[\w-]{8,64}$/)
    expect(asked?.headers['content-type']).to.equal('application/json')
    expect(JSON.parse(asked?.body ?? '')).to.deep.equal({
      order: { cart: 'a' },
      shown: { amount: '1250.00', currency: 'BDT' },
      returnTo: '/thanks',
      lang: 'bn',
    })
  })

  for (const [id, what, act] of [
    ['A1', 'a double click', (inner: HTMLElement) => [inner.click(), inner.click()]],
    ['A3', 'thirty repeats of a held key', (inner: HTMLElement) => Array.from({ length: 30 }, () => inner.click())],
    [
      'A5',
      'a storm of synthetic clicks',
      (_: HTMLElement, el: IpayButton) => Array.from({ length: 50 }, () => el.click()),
    ],
    ['A5', 'start() in a loop', (_: HTMLElement, el: IpayButton) => Array.from({ length: 50 }, () => el.start())],
  ] as const) {
    it(`${id}: ${what} makes one request`, async () => {
      const shop = testShop()
      await shop.answers({ status: 201, body: openReply(), delayMs: 30 })
      const element = await button({ endpoint: shop.endpoint })
      const urls = stay(element)
      act(part(element, 'button'), element)
      await inState(element, 'unfinished')
      expect(urls).to.have.length(1)
      expect(await posts(shop)).to.have.length(1)
    })
  }

  it('before the page leaves, the button says for where, and the page may keep its buyer (OWASP ASVS 5.0, 3.7.3)', async () => {
    const shop = testShop()
    await shop.answers({ status: 201, body: openReply() })
    const element = await button({ endpoint: shop.endpoint })
    expect(part(element, 'button').outerHTML).to.match(/iPay/)
    const here = location.href
    const leaving = new Promise<Event & { readonly url: string }>((resolve) => {
      element.addEventListener('ipay-redirect', (event) => {
        event.preventDefault()
        resolve(event)
      })
    })
    press(element)
    const { url, cancelable } = await leaving
    expect([url, cancelable]).to.deep.equal([PAY_URL, true])
    await inState(element, 'unfinished')
    expect(location.href).to.equal(here)
  })

  it('A2: presses while the shop is asked mean nothing, and the button says at once that it is at work', async () => {
    const shop = testShop()
    await shop.answers({ status: 201, body: openReply(), held: true })
    const element = await button({ endpoint: shop.endpoint })
    stay(element)
    press(element)
    await element.updateComplete
    expect(part(element, 'button').getAttribute('aria-disabled')).to.equal('true')
    expect(part(element, 'spinner')).to.exist
    for (let n = 0; n < 20; n++) {
      press(element)
      await settle()
    }
    while ((await posts(shop)).length === 0) await settle()
    await shop.release()
    await inState(element, 'unfinished')
    expect(await posts(shop)).to.have.length(1)
  })

  it('A6: of two buttons for one order, one asks and the other shows that it is busy', async () => {
    const shop = testShop()
    await shop.answers({ status: 201, body: openReply(), delayMs: 50 })
    const order = { cart: 'two' }
    const first = await button({ endpoint: shop.endpoint, order })
    const second = await button({ endpoint: shop.endpoint, order: { ...order } })
    const urls = [stay(first), stay(second)]
    press(first)
    expect(second.state).to.equal('starting')
    press(second)
    await inState(first, 'unfinished')
    await inState(second, 'unfinished')
    expect(urls.flat()).to.have.length(1)
    expect(await posts(shop)).to.have.length(1)
  })

  it('A6: the other button is free again when the first could not start', async () => {
    const shop = testShop()
    await shop.answers(problem('order-refused', 422))
    const order = { cart: 'two-errors' }
    const first = await button({ endpoint: shop.endpoint, order })
    const second = await button({ endpoint: shop.endpoint, order })
    press(first)
    await inState(first, 'error')
    expect(second.state).to.equal('idle')
  })

  for (const [what, properties, code] of [
    ['no endpoint', {}, 'misconfigured'],
    ['an endpoint on another origin', { endpoint: 'https://evil.example/orders' }, 'misconfigured'],
    ['an endpoint that is a script', { endpoint: 'javascript:alert(1)' }, 'misconfigured'],
    ['an endpoint that is no address', { endpoint: 'http://[' }, 'misconfigured'],
    ['an order that JSON cannot hold', { endpoint: '/never', order: { n: 1n } }, 'misconfigured'],
  ] as const) {
    it(`A9: with ${what} nothing is sent, the developer is told why and the buyer in plain words`, async () => {
      const { fetch } = window
      let sent = 0
      window.fetch = async () => {
        sent++
        throw new Error('nothing may be sent')
      }
      const warnings: string[] = []
      const { warn } = console
      console.warn = (text: string) => warnings.push(text)
      try {
        const element = await button(properties as Parameters<typeof button>[0])
        press(element)
        await inState(element, 'error')
        await element.updateComplete
        expect(element.error?.code).to.equal(code)
        expect(sent).to.equal(0)
        expect(warnings.join()).to.match(/pay-with-ipay: misconfigured: /)
        expect(told(element)).to.match(/contact the shop/)
      } finally {
        window.fetch = fetch
        console.warn = warn
      }
    })
  }

  it('A9: an order attribute that is not JSON is misconfigured', async () => {
    const element = await fixture<IpayButton>(html`<ipay-button order-endpoint="/never" order="c_81"></ipay-button>`)
    press(element)
    await inState(element, 'error')
    expect(element.error?.code).to.equal('misconfigured')
  })

  it('A9: unknown words fall back to the defaults', async () => {
    const element = await fixture<IpayButton>(
      html`<ipay-button order-endpoint="/x" order="1" label="steal" environment="moon" amount="12,5"></ipay-button>`,
    )
    expect(part(element, 'label').textContent).to.equal('Pay')
    expect(element.environment).to.equal('production')
    expect(element.shadowRoot?.querySelector('[part=amount]')).to.equal(null)
  })

  it('A9: a disabled button, and one in a disabled fieldset, does nothing whoever asks', async () => {
    const shop = testShop()
    const form = fixtureSync(html`<form>
      <fieldset disabled><ipay-button order-endpoint=${shop.endpoint} order="1"></ipay-button></fieldset>
      <ipay-button disabled order-endpoint=${shop.endpoint} order="2"></ipay-button>
    </form>`)
    for (const element of form.querySelectorAll('ipay-button')) {
      await element.updateComplete
      expect(part(element, 'button').matches(':disabled')).to.equal(true)
      press(element)
      element.click()
      await element.start()
      expect(element.state).to.equal('idle')
    }
    expect(await shop.asked()).to.deep.equal([])
    form.querySelector('fieldset')?.removeAttribute('disabled')
    const [free] = form.querySelectorAll('ipay-button')
    await free?.updateComplete
    expect(free && part(free, 'button').matches(':disabled')).to.equal(false)
  })

  it('A9: enabled by its property it stays disabled in a disabled fieldset, in looks and in deeds', async () => {
    const shop = testShop()
    const fieldset = fixtureSync<HTMLFieldSetElement>(html`<fieldset disabled>
      <ipay-button disabled order-endpoint=${shop.endpoint} order="1"></ipay-button>
    </fieldset>`)
    const element = fieldset.querySelector('ipay-button') as IpayButton
    await element.updateComplete
    element.disabled = false
    expect(element.hasAttribute('disabled')).to.equal(false)
    await element.updateComplete
    expect(part(element, 'button').matches(':disabled')).to.equal(true)
    element.click()
    await element.start()
    expect(element.state).to.equal('idle')
    fieldset.disabled = false
    await element.updateComplete
    expect(part(element, 'button').matches(':disabled')).to.equal(false)
    element.disabled = true
    await element.updateComplete
    expect(part(element, 'button').matches(':disabled')).to.equal(true)
    expect(await shop.asked()).to.deep.equal([])
  })

  it('variant and disabled are attributes as soon as they are set', async () => {
    const element = await button({ endpoint: '/x', variant: 'dark' })
    element.disabled = true
    expect(element.matches('[variant=dark][disabled]')).to.equal(true)
    element.setAttribute('variant', 'light')
    element.removeAttribute('disabled')
    expect([element.variant, element.disabled]).to.deep.equal(['light', false])
    element.variant = undefined
    expect(element.hasAttribute('variant')).to.equal(false)
  })

  it('A11: after an unknown outcome the next press uses the same key', async () => {
    const shop = testShop()
    await shop.answers({ status: 201, body: openReply(), cut: 20 }, problem('unavailable', 503), {
      status: 201,
      body: openReply(),
    })
    const element = await button({ endpoint: shop.endpoint })
    stay(element)
    press(element)
    await inState(element, 'error')
    expect(element.error?.retryable).to.equal(true)
    press(element)
    await inState(element, 'error')
    press(element)
    await inState(element, 'unfinished')
    const keys = (await posts(shop)).map(({ headers }) => headers['idempotency-key'])
    expect(keys).to.have.length(3)
    expect(new Set(keys).size).to.equal(1)
  })

  it('a prevented ipay-start leaves everything as it was', async () => {
    const shop = testShop()
    const element = await button({ endpoint: shop.endpoint })
    element.addEventListener('ipay-start', (event) => event.preventDefault(), { once: true })
    await element.start()
    expect(element.state).to.equal('idle')
    expect(await shop.asked()).to.deep.equal([])
  })

  it('waitUntil delays the request, and a rejection cancels it', async () => {
    const shop = testShop()
    await shop.answers({ status: 201, body: openReply() })
    const element = await button({ endpoint: shop.endpoint, order: { cart: 'before' } })
    stay(element)
    element.addEventListener(
      'ipay-start',
      (event: IpayStartEvent) => event.waitUntil(Promise.reject(new Error('no'))),
      {
        once: true,
      },
    )
    await element.start()
    expect(element.state).to.equal('idle')
    let go = (_: unknown) => {}
    element.addEventListener('ipay-start', (event) => event.waitUntil(new Promise((resolve) => (go = resolve))))
    press(element)
    await settle()
    expect(element.state).to.equal('starting')
    expect(await shop.asked()).to.deep.equal([])
    go(null)
    await inState(element, 'unfinished')
    expect(await posts(shop)).to.have.length(1)
  })

  it('an invalid owner form is reported and nothing is asked', async () => {
    const shop = testShop()
    const form = fixtureSync<HTMLFormElement>(
      html`<form><input required /><ipay-button order-endpoint=${shop.endpoint} order="1"></ipay-button></form>`,
    )
    let submitted = 0
    form.addEventListener('submit', (event) => {
      event.preventDefault()
      submitted++
    })
    const element = form.querySelector('ipay-button') as IpayButton
    await element.updateComplete
    press(element)
    expect(element.state).to.equal('idle')
    expect(await shop.asked()).to.deep.equal([])
    expect(submitted).to.equal(0)
  })

  it("the shop's own label stands for the verb, and not for what has to be said later", async () => {
    const element = await fixture<IpayButton>(html`<ipay-button order='"give"'><b slot="label">Give</b></ipay-button>`)
    element.createOrder = async () => openReply()
    stay(element)
    const own = element.querySelector('b')
    expect(part(element, 'label').contains(own?.assignedSlot ?? null)).to.equal(true)
    press(element)
    await inState(element, 'unfinished')
    await element.updateComplete
    expect(own?.assignedSlot).to.equal(null)
    expect(part(element, 'label').textContent).to.equal('Continue')
  })

  it('the form in the default slot says what to order and where', async () => {
    const shop = testShop()
    await shop.answers({ status: 201, body: openReply() })
    const element = await fixture<IpayButton>(html`<ipay-button amount="1250.00">
      <form method="post" action=${shop.endpoint}>
        <input name="cart" value="c_81" /><input name="items" value='[{"sku":"mug","quantity":2}]' />
        <input name="note" value="12" /><input name="odd" value="{x" /><button>Pay</button>
      </form>
    </ipay-button>`)
    stay(element)
    press(element)
    await inState(element, 'unfinished')
    const [asked] = await shop.asked()
    expect(JSON.parse(asked?.body ?? '').order).to.deep.equal({
      cart: 'c_81',
      items: [{ sku: 'mug', quantity: 2 }],
      note: '12',
      odd: '{x',
    })
  })

  it('a prevented ipay-redirect leads to Continue and Start over', async () => {
    const shop = testShop()
    await shop.answers({ on: 'post', status: 201, body: openReply() }, { on: 'get', body: statusReply() })
    const element = await button({ endpoint: shop.endpoint })
    const urls = stay(element)
    press(element)
    await inState(element, 'unfinished')
    await element.updateComplete
    expect(part(element, 'label').textContent).to.equal('Continue')
    const [first] = await posts(shop)
    press(element)
    await inState(element, 'unfinished')
    expect(urls).to.deep.equal([PAY_URL, PAY_URL])
    part(element, 'action').click()
    expect(element.state).to.equal('idle')
    expect(element.payment).to.equal(null)
    press(element)
    await inState(element, 'unfinished')
    const [, second, third] = await posts(shop)
    expect(second?.headers['idempotency-key']).to.equal(first?.headers['idempotency-key'])
    expect(third?.headers['idempotency-key']).to.not.equal(first?.headers['idempotency-key'])
  })

  it('another price than the shown one is shown, and followed only after a press', async () => {
    const shop = testShop()
    await shop.answers(problem('price-changed', 409, { amount: '1300.00', currency: 'BDT' }), {
      status: 201,
      body: openReply({ amount: '1300.00' }),
    })
    const element = await button({ endpoint: shop.endpoint })
    const urls = stay(element)
    press(element)
    await inState(element, 'price-changed')
    await element.updateComplete
    expect(urls).to.deep.equal([])
    expect(told(element)).to.contain('৳1,300.00').and.to.contain('৳1,250.00')
    expect(part(element, 'amount').textContent).to.equal('৳1,300.00')
    press(element)
    await inState(element, 'unfinished')
    expect(urls).to.deep.equal([PAY_URL])
    const [, second] = await posts(shop)
    expect(JSON.parse(second?.body ?? '').shown).to.deep.equal({ amount: '1300.00', currency: 'BDT' })
  })

  for (const [what, changed] of [
    ['amount', { amount: '1250.01' }],
    ['currency', { currency: 'USD' }],
  ] as const) {
    it(`F13: an attempt with another ${what} is not followed until it is accepted`, async () => {
      const shop = testShop()
      await shop.answers({ status: 201, body: openReply(changed) })
      const element = await button({ endpoint: shop.endpoint })
      const urls = stay(element)
      press(element)
      await inState(element, 'price-changed')
      expect(urls).to.deep.equal([])
      press(element)
      await inState(element, 'unfinished')
      expect(urls).to.deep.equal([PAY_URL])
    })
  }

  it('the same amount written otherwise is the same amount', async () => {
    const shop = testShop()
    await shop.answers({ status: 200, body: openReply() })
    const element = await button({ endpoint: shop.endpoint, amount: '1250' })
    const urls = stay(element)
    press(element)
    await inState(element, 'unfinished')
    expect(urls).to.have.length(1)
  })

  it('an order that was paid before is shown as paid once the status says so', async () => {
    const shop = testShop()
    await shop.answers(
      { on: 'post', ...problem('already-paid', 409, { token: TOKEN }) },
      { on: 'get', body: statusReply({ state: 'paid', retry: 'no', paymentUrl: null }) },
    )
    const element = await button({ endpoint: shop.endpoint })
    const paid = oneEvent(element, 'ipay-paid')
    press(element)
    await paid
    expect(element.state).to.equal('paid')
    press(element)
    expect(element.state).to.equal('paid')
    expect(await posts(shop)).to.have.length(1)
  })
})
