import { aTimeout, expect, fixture, fixtureSync, html, waitUntil } from '@open-wc/testing'
import '../../src/elements/define.ts'
import type { IpayButton } from '../../src/elements/ipay-button.ts'
import { renderIpayButton, renderIpayResult } from '../../src/elements/ssr.ts'
import { inFrame, pageOf, REPORT } from './page-in-frame.ts'
import { button, part, press } from './parts.ts'
import { inState, openReply, stay, testShop } from './shop.ts'

describe('the page around', () => {
  afterEach(() => {
    localStorage.clear()
    for (const frame of document.querySelectorAll('iframe')) frame.remove()
  })

  it('I8: the script may be included twice', async () => {
    const shop = testShop()
    const frame = await shop.page(`<!doctype html>${REPORT}
      <script type="module" src="/src/elements/define.ts"></script>
      <script type="module" src="/src/elements/define.ts?again"></script>
      <ipay-button order-endpoint="/x" order="1"></ipay-button>`)
    await inFrame(frame)
    await aTimeout(50)
    expect(pageOf(frame).reports).to.deep.equal([])
  })

  it('I14: inside a form it never submits and takes no part in its data', async () => {
    const form = fixtureSync<HTMLFormElement>(html`<form>
      <input name="a" value="1" /><ipay-button name="b" order-endpoint="/x" order="1"></ipay-button>
    </form>`)
    let submitted = 0
    form.addEventListener('submit', (event) => {
      event.preventDefault()
      submitted++
    })
    const element = form.querySelector('ipay-button') as IpayButton
    await element.updateComplete
    element.addEventListener('ipay-start', (event) => event.preventDefault())
    press(element)
    form.reset()
    expect(submitted).to.equal(0)
    expect([...new FormData(form)]).to.deep.equal([['a', '1']])
  })

  it('I15: events cross shadow roots, and the language is found through them', async () => {
    const host = document.createElement('div')
    host.lang = 'bn'
    const inner = document.createElement('ipay-button')
    Object.assign(inner, { orderEndpoint: '/x', order: { n: 1 }, amount: '1250.00' })
    host.attachShadow({ mode: 'open' }).append(inner)
    document.body.append(host)
    await inner.updateComplete
    expect(part(inner, 'amount').textContent).to.equal('৳১,২৫০.০০')
    host.lang = 'bn-u-nu-latn'
    await aTimeout(0)
    await inner.updateComplete
    expect(part(inner, 'amount').textContent).to.equal('৳1,250.00')
    let composed = 0
    const heard = (event: Event) => {
      event.preventDefault()
      composed++
    }
    document.body.addEventListener('ipay-start', heard)
    press(inner)
    document.body.removeEventListener('ipay-start', heard)
    expect(composed).to.equal(1)
    host.remove()
  })

  it('I15: in the document of a frame, and back again, it keeps its looks', async () => {
    const element = await button({ endpoint: '/x' })
    const frame = document.body.appendChild(document.createElement('iframe'))
    const looks = () => getComputedStyle(part(element, 'button')).minHeight
    const here = looks()
    expect(parseFloat(here)).to.be.at.least(44)
    for (const place of [frame.contentDocument?.body, document.createElement('template').content, document.body]) {
      place?.append(element)
      if (element.isConnected) expect(looks()).to.equal(here)
    }
    element.remove()
  })

  it('the language follows live changes of its own attribute and of the document', async () => {
    const element = await button({ endpoint: '/x' })
    const { lang } = document.documentElement
    document.documentElement.lang = 'bn-BD'
    await aTimeout(0)
    await element.updateComplete
    expect(part(element, 'label').textContent).to.equal('পেমেন্ট করুন')
    element.lang = 'en'
    await aTimeout(0)
    await element.updateComplete
    expect(part(element, 'label').textContent).to.equal('Pay')
    document.documentElement.lang = lang
  })

  it("I15: in the document of a frame it speaks that document's language, and follows it", async () => {
    const element = await button({ endpoint: '/x' })
    const frame = document.body.appendChild(document.createElement('iframe'))
    const within = frame.contentDocument as Document
    within.documentElement.lang = 'bn'
    within.body.append(element)
    await element.updateComplete
    expect(part(element, 'label').textContent).to.equal('পেমেন্ট করুন')
    within.documentElement.lang = 'en'
    await aTimeout(0)
    await element.updateComplete
    expect(part(element, 'label').textContent).to.equal('Pay')
    element.remove()
  })

  it('I17: what a server rendered is adopted: one button, nothing moves, focus stays', async () => {
    const shop = testShop()
    const order = { cart: 'c_81' }
    const markup = renderIpayButton({ orderEndpoint: shop.endpoint, order, amount: '125000.00', nonce: 'n' })
    const frame = await shop.page(
      `<!doctype html>${REPORT}<body>${markup}${renderIpayResult({ orderEndpoint: shop.endpoint, nonce: 'n' })}
       <p id="below">below</p>`,
    )
    const page = frame.contentDocument as Document
    const element = page.querySelector('ipay-button') as IpayButton
    const drawn = part(element, 'button').getBoundingClientRect()
    const below = page.querySelector('#below')?.getBoundingClientRect().top
    expect(drawn.height).to.be.at.least(44)
    const formButton = page.querySelector<HTMLElement>('ipay-button form button')
    expect(formButton?.getBoundingClientRect().width).to.equal(drawn.width)
    formButton?.focus()
    const script = page.createElement('script')
    Object.assign(script, { type: 'module', src: '/src/elements/define.ts' })
    page.head.append(script)
    await inFrame(frame)
    await element.updateComplete
    expect(element.shadowRoot?.querySelectorAll('[part=button]')).to.have.length(1)
    expect(part(element, 'button').getBoundingClientRect().toJSON()).to.deep.equal(drawn.toJSON())
    expect(page.querySelector('#below')?.getBoundingClientRect().top).to.equal(below)
    expect(element.shadowRoot?.activeElement === part(element, 'button')).to.equal(true)
  })

  it('A8: what a page sets before the script arrives counts, and wins over the markup', async () => {
    const shop = testShop()
    const frame = await shop.page(`<!doctype html>
      <ipay-button order-endpoint="/x" order="1" amount="1.00" lang="en"></ipay-button>
      <script>
        Object.assign(document.querySelector('ipay-button'), { order: { cart: 'set' }, amount: '2.00', variant: 'dark', disabled: true })
      </script>
      <script type="module" src="/src/elements/define.ts"></script>`)
    const element = await inFrame(frame)
    expect(element.order).to.deep.equal({ cart: 'set' })
    expect(part(element, 'amount').textContent).to.equal('৳2.00')
    expect(element.matches('[variant=dark][disabled]')).to.equal(true)
    element.setAttribute('amount', '3.00')
    await element.updateComplete
    expect(part(element, 'amount').textContent).to.equal('৳3.00')
  })

  it('A8: a press before the script arrives submits the form inside, and one after it starts the payment', async () => {
    const shop = testShop()
    await shop.answers({ status: 200, type: 'text/html', text: '<p id="arrived">form arrived</p>' })
    const markup = renderIpayButton({ orderEndpoint: shop.endpoint, order: { cart: 'early' } })
    const frame = await shop.page(`<!doctype html>${markup}`)
    frame.contentDocument?.querySelector<HTMLElement>('ipay-button form button')?.click()
    await waitUntil(() => frame.contentDocument?.querySelector('#arrived'), 'the form arrived', { timeout: 15_000 })
    const [asked] = await shop.asked()
    expect(asked?.body).to.equal('cart=early')
  })

  it('a clone made while the shop is asked is a free button', async () => {
    const shop = testShop()
    await shop.answers({ status: 201, body: openReply(), delayMs: 50 })
    const element = await fixture<IpayButton>(
      html`<ipay-button order-endpoint=${shop.endpoint} order='{"clone":1}'></ipay-button>`,
    )
    stay(element)
    press(element)
    const clone = element.cloneNode(true) as IpayButton
    clone.setAttribute('order', '{"clone":2}')
    document.body.append(clone)
    await clone.updateComplete
    expect(clone.state).to.equal('idle')
    expect(part(clone, 'button').getAttribute('aria-disabled')).to.equal('false')
    clone.remove()
    await inState(element, 'unfinished')
  })
})
