import { expect, fixture, html } from '@open-wc/testing'
import '../../src/elements/define.ts'
import type { IpayButton } from '../../src/elements/ipay-button.ts'
import { begun } from './begun.ts'
import { inFrame, type Page, pageOf, REPORT } from './page-in-frame.ts'
import { button, part, press, told } from './parts.ts'
import { inState, openReply, problem, testShop } from './shop.ts'

const EVIL = `'"><img src=x onerror="parent.hacked=1"></style><script>hacked=1</script>`

describe('the page around', () => {
  afterEach(() => {
    localStorage.clear()
    for (const frame of document.querySelectorAll('iframe')) frame.remove()
  })

  it('I1: markup in attributes stays text (OWASP ASVS 5.0, 3.2.2)', async () => {
    const element = await fixture<IpayButton>(
      html`<ipay-button
        order-endpoint=${EVIL}
        order=${JSON.stringify(EVIL)}
        amount=${EVIL}
        label=${EVIL}
        lang=${EVIL}
        variant=${EVIL}
        return-to=${EVIL}
      ></ipay-button>`,
    )
    element.messages = { en: { pay: EVIL } }
    await element.updateComplete
    expect(element.shadowRoot?.querySelectorAll('img,script')).to.have.length(0)
    expect(part(element, 'label').textContent).to.equal(EVIL)
  })

  it("I2: nothing of the shop's error text reaches the page", async () => {
    const shop = testShop()
    await shop.answers(problem('order-refused', 422, { title: EVIL, detail: EVIL, instance: EVIL }))
    const element = await button({ endpoint: shop.endpoint })
    press(element)
    await inState(element, 'error')
    await element.updateComplete
    expect(element.shadowRoot?.textContent).to.not.contain('hacked')
    expect(told(element)).to.match(/cannot sell this/)
  })

  it('I3: a base element of an attacker does not move the endpoint to another origin', async () => {
    const base = document.createElement('base')
    base.href = 'https://evil.example/'
    document.head.append(base)
    try {
      const element = await button({ endpoint: '/orders' })
      press(element)
      await inState(element, 'error')
      expect(element.error?.code).to.equal('misconfigured')
    } finally {
      base.remove()
    }
  })

  it('I5 I6: a strict policy and required Trusted Types have nothing to report', async () => {
    const shop = testShop()
    await shop.answers({ status: 422, ...problem('order-refused', 422) })
    const frame = await shop.page(
      `<!doctype html>${REPORT}<script type="module" src="/src/elements/define.ts"></script>
      <ipay-button order-endpoint="${shop.endpoint}" order="1" amount="1.00" environment="sandbox"></ipay-button>
      <ipay-result order-endpoint="${shop.endpoint}" token="tok_0123456789abcdef"></ipay-result>`,
      {
        'content-security-policy':
          "default-src 'none'; script-src 'nonce-n' 'self'; connect-src 'self'; base-uri 'none'; form-action 'none'; " +
          "require-trusted-types-for 'script'; trusted-types lit-html",
      },
    )
    const element = await inFrame(frame)
    await inFrame(frame, 'ipay-result')
    press(element)
    await inState(element, 'error')
    expect(pageOf(frame).reports).to.deep.equal([])
    const box = part(element, 'button').getBoundingClientRect()
    expect(box.height).to.be.at.least(44)
  })

  it('I9 I10: a name that is taken stays with who took it, with one warning and no error', async () => {
    const shop = testShop()
    const frame = await shop.page(`<!doctype html>${REPORT}
      <script>
        customElements.define('ipay-button', class extends HTMLElement {})
        window.warnings = []
        console.warn = (text) => warnings.push(text)
      </script>
      <script type="module" src="/src/elements/define.ts"></script>
      <ipay-button></ipay-button><ipay-result order-endpoint="/x" token="tok_0123456789abcdef"></ipay-result>`)
    await inFrame(frame, 'ipay-result')
    const { reports, warnings } = pageOf(frame) as Page & { warnings: string[] }
    expect(reports).to.deep.equal([])
    expect(warnings.filter((text) => /already defined/.test(text))).to.have.length(1)
  })

  for (const flags of [
    'allow-scripts allow-same-origin',
    'allow-scripts allow-same-origin allow-top-navigation-by-user-activation',
  ]) {
    it(`D9: in a frame with ${flags} the payment page is never framed, and a link says where to go`, async () => {
      const shop = testShop()
      const url = `${location.origin}/shop/none/journal`
      await shop.answers({ status: 201, body: openReply({ environment: 'sandbox', paymentUrl: url }) })
      const frame = await shop.page(
        `<!doctype html>${REPORT}<script type="module" src="/src/elements/define.ts"></script>
        <ipay-button order-endpoint="${shop.endpoint}" order='"framed"' environment="sandbox"></ipay-button>`,
        { 'content-security-policy': `sandbox ${flags}` },
      )
      const element = await inFrame(frame)
      press(element)
      await inState(element, 'error')
      await element.updateComplete
      expect(element.error?.code).to.equal('blocked-navigation')
      const link = part(element, 'action')
      expect([link.getAttribute('href'), link.getAttribute('target')]).to.deep.equal([url, '_top'])
      expect(pageOf(frame).location.pathname).to.match(/page$/)
      expect(pageOf(frame).reports).to.deep.equal([])
    })
  }

  it('I20: on a page without crypto.randomUUID the key is random all the same', async () => {
    const own = Object.getOwnPropertyDescriptor(crypto, 'randomUUID')
    Object.defineProperty(crypto, 'randomUUID', { value: undefined, configurable: true })
    try {
      await begun({ createOrder: async () => openReply() })
    } finally {
      if (own) Object.defineProperty(crypto, 'randomUUID', own)
      else Reflect.deleteProperty(crypto, 'randomUUID')
    }
  })
})
