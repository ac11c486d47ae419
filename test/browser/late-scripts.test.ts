import { expect } from '@open-wc/testing'
import '../../src/elements/define.ts'
import type { IpayResult } from '../../src/elements/ipay-result.ts'
import { atEnd, cleanUpAfterEach } from './clean-up.ts'
import { button, part } from './parts.ts'
import { paid, shown } from './result-panel.ts'
import { asked, inState, settle, TOKEN, testShop, waitFor } from './shop.ts'

const DEFINE = '<script type="module" src="/src/elements/define.ts"></script>'

/** The panel of a return page in a frame; `more` follows the script that defines it. Not loaded yet. */
async function returnPage(shop: ReturnType<typeof testShop>, endpoint: string, more: string): Promise<IpayResult> {
  const tag = `<ipay-result id="panel" token="${TOKEN}" order-endpoint="${endpoint}"></ipay-result>`
  void shop.page(`<!doctype html>${tag}${DEFINE}${more}`)
  const find = () => document.querySelector('iframe')?.contentDocument?.querySelector('ipay-result')
  await waitFor('the panel is drawn', () => find()?.shadowRoot?.childElementCount)
  return find() as IpayResult
}

describe('what a page says after the elements are defined', () => {
  cleanUpAfterEach()
  afterEach(() => document.querySelector('iframe')?.remove())

  it('the first question about a status is asked as the next script says', async () => {
    const shop = testShop()
    await shop.answers({ body: paid })
    const late = "<script type=module>panel.headers = { 'x-csrf-token': 'n' }</script>"
    await inState(await returnPage(shop, shop.endpoint, late), 'paid')
    expect((await shop.asked()).map(({ headers }) => headers['x-csrf-token'])).to.deep.equal(['n'])
  })

  it('B16: an endpoint of an origin that the next script allows is no wrong one', async () => {
    const shop = testShop()
    const origin = `http://localhost:${location.port}`
    await shop.answers({ body: paid, headers: { 'access-control-allow-origin': '*' } })
    const late = `<script type=module>customElements.get('ipay-button').endpointOrigins.push('${origin}')</script>`
    const element = await returnPage(shop, origin + shop.endpoint, late)
    await inState(element, 'paid')
    expect(element.error).to.equal(null)
  })

  it('E7: a script that does not arrive keeps nobody from asking', async () => {
    const shop = testShop()
    await shop.answers({ held: true, on: 'get', text: '' }, { on: 'get', body: paid })
    const late = `<script defer src="${shop.endpoint}/late.js"></script>`
    const element = await returnPage(shop, shop.endpoint, late)
    while ((await shop.asked()).length < 1) await settle()
    expect(element.state).to.equal('confirming')
    await element.check()
    expect(element.state).to.equal('paid')
    expect((await asked(shop, 'GET')).map(({ path }) => path)).to.deep.equal(['/late.js', `/${TOKEN}`])
    await shop.release()
  })

  it('E7: a browser that keeps its timings secret asks once the page is loaded', async () => {
    const { getEntriesByType } = performance
    atEnd(() => Object.assign(performance, { getEntriesByType }))
    Object.assign(performance, { getEntriesByType: () => [] })
    const { element } = await shown({ body: paid })
    await inState(element, 'paid')
  })

  it('its own language is drawn with the next drawing', async () => {
    const element = await button({ endpoint: '/x' })
    element.lang = 'bn'
    await element.updateComplete
    expect(part(element, 'label').textContent).to.equal('পেমেন্ট করুন')
    element.removeAttribute('lang')
    await element.updateComplete
    expect(part(element, 'label').textContent).to.equal('Pay')
  })
})
