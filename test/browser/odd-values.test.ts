import { expect } from '@open-wc/testing'
import '../../src/elements/define.ts'
import type { IpayResult } from '../../src/elements/ipay-result.ts'
import { button, panel, part, press } from './parts.ts'
import { inState, openReply, statusReply, stay, TOKEN, testShop, waitFor } from './shop.ts'

describe('values that no type allows', () => {
  afterEach(() => localStorage.clear())

  it('words of the shop that are no text leave ours in their place', async () => {
    const element = await button({ endpoint: '/never' })
    const own = [{ en: { pay: 5 } }, { en: { pay: () => 'x' } }, { en: { pay: null } }, { en: null }, 'nonsense', 0]
    for (const messages of own) {
      Object.assign(element, { messages })
      await element.updateComplete
      expect(part(element, 'label').textContent).to.equal('Pay')
    }
    element.messages = { en: { pay: 'Our own' } }
    await element.updateComplete
    expect(part(element, 'label').textContent).to.equal('Our own')
  })

  for (const environment of [undefined, null, '']) {
    it(`an environment that is ${environment === '' ? 'empty' : environment} is production`, async () => {
      const shop = testShop()
      await shop.answers({ status: 201, body: openReply() })
      const element = await button({ endpoint: shop.endpoint })
      const urls = stay(element)
      Object.assign(element, { environment })
      press(element)
      await inState(element, 'unfinished')
      expect(urls).to.have.length(1)
    })
  }

  it('a property that a framework clears again and again stays cleared', async () => {
    const element = await button({ endpoint: '/never', disabled: true })
    for (let round = 0; round < 3; round++) {
      Object.assign(element, { disabled: undefined, variant: undefined })
      expect([element.disabled, element.hasAttribute('variant')]).to.deep.equal([false, false])
    }
  })

  it('D9: a panel in a frame that may not leave gives the link that its words name', async () => {
    const shop = testShop()
    const url = `${location.origin}/shop/none/journal`
    await shop.answers({ on: 'get', body: statusReply({ environment: 'sandbox', paymentUrl: url }) })
    const frame = await shop.page(
      `<!doctype html><html lang="en"><script type="module" src="/src/elements/define.ts"></script>
      <ipay-result order-endpoint="${shop.endpoint}" token="${TOKEN}" environment="sandbox"></ipay-result></html>`,
      { 'content-security-policy': 'sandbox allow-scripts allow-same-origin' },
    )
    const find = () => frame.contentDocument?.querySelector<IpayResult>('ipay-result')
    await waitFor('the panel', () => find()?.state === 'unfinished')
    const element = find() as IpayResult
    await element.updateComplete
    part(element, 'action').click()
    await inState(element, 'error')
    await element.updateComplete
    expect(element.error?.code).to.equal('blocked-navigation')
    expect(part(element, 'message').textContent).to.match(/link below/)
    expect(part(element, 'heading').textContent).to.equal('Not finished yet')
    const link = part(element, 'action')
    expect([link.getAttribute('href'), link.getAttribute('target')]).to.deep.equal([url, '_top'])
    frame.remove()
  })

  it('a panel that no payment is named for leaves no empty box, and what stands inside has its own', async () => {
    const element = await panel({ orderEndpoint: '/never' })
    expect([element.state, element.getBoundingClientRect().height]).to.deep.equal(['idle', 0])
    element.textContent = 'Nothing to pay here'
    expect(element.getBoundingClientRect().height).to.be.greaterThan(40)
  })
})
