import { expect, fixture, html } from '@open-wc/testing'
import '../../src/elements/define.ts'
import type { IpayButton } from '../../src/elements/ipay-button.ts'
import { inState, openReply, PAY_URL, stay, TOKEN, testShop } from './shop.ts'

const inner = (element: Element, part = 'button') => element.shadowRoot?.querySelector<HTMLElement>(`[part=${part}]`)

describe('<ipay-button>', () => {
  afterEach(() => localStorage.clear())

  it('is accessible, and its name is what it shows', async () => {
    const element = await fixture<IpayButton>(
      html`<ipay-button order-endpoint="/none" order='{"cart":"a"}' amount="125000.00"></ipay-button>`,
    )
    await expect(element).to.be.accessible()
    expect(inner(element)?.textContent?.trim()).to.equal('Pay ৳1,25,000.00')
  })

  it('asks the shop once and leads to the payment page', async () => {
    const shop = testShop()
    await shop.answers({ status: 201, body: openReply() })
    const element = await fixture<IpayButton>(
      html`<ipay-button order-endpoint=${shop.endpoint} order='{"cart":"a"}' amount="1250.00"></ipay-button>`,
    )
    const urls = stay(element)
    inner(element)?.click()
    expect(element.state).to.equal('starting')
    await inState(element, 'unfinished')
    expect(urls).to.deep.equal([PAY_URL])
    expect(element.payment?.token).to.equal(TOKEN)
    const [asked, ...more] = await shop.asked()
    expect(more).to.deep.equal([])
    expect(asked?.headers['idempotency-key']).to.match(/^[\w-]{8,64}$/)
    expect(JSON.parse(asked?.body ?? '')).to.deep.include({
      order: { cart: 'a' },
      shown: { amount: '1250.00', currency: 'BDT' },
    })
  })
})
