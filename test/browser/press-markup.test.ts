import { expect, fixture, fixtureSync, html } from '@open-wc/testing'
import '../../src/elements/define.ts'
import type { IpayButton } from '../../src/elements/ipay-button.ts'
import { begun } from './begun.ts'
import { button, part, press, pressAction, told } from './parts.ts'
import { inState, openReply, settle, stay, testShop } from './shop.ts'

describe('a press', () => {
  afterEach(() => localStorage.clear())

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
        expect(told(element)).to.match(/ask the shop/)
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
    expect(element.shadowRoot?.querySelectorAll('[part=amount]')).to.have.length(0)
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

  it('a form around it that is not valid holds a press, unless the form is not to be validated', async () => {
    const shop = testShop()
    await shop.answers({ status: 201, body: openReply() })
    const element = await button({ endpoint: shop.endpoint })
    const form = document.createElement('form')
    form.innerHTML = '<input required>'
    element.replaceWith(form)
    form.append(element)
    stay(element)
    await element.updateComplete
    press(element)
    await settle()
    expect(element.state).to.equal('idle')
    form.noValidate = true
    press(element)
    await inState(element, 'unfinished')
    form.remove()
  })

  it('Start over leaves the focus on the button', async () => {
    const shop = testShop()
    await shop.answers({ status: 201, body: openReply() })
    const { element } = await begun({ endpoint: shop.endpoint })
    await pressAction(element)
    await inState(element, 'idle')
    await element.updateComplete
    expect(element.shadowRoot?.activeElement === part(element, 'button')).to.equal(true)
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
})
