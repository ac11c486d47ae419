import { expect } from '@open-wc/testing'
import '../../src/elements/define.ts'
import { cleanUpAfterEach } from './clean-up.ts'
import { button, part, press } from './parts.ts'
import { asked, inState, openReply, PAY_URL, problem, settle, statusReply, stay, TOKEN, testShop } from './shop.ts'

const dearer = { amount: '1300.00', currency: 'BDT' }

/** The first, second or third click in a row. */
const click = (element: Element, detail: number) =>
  part(element, 'button').dispatchEvent(new MouseEvent('click', { detail, bubbles: true, composed: true }))

describe('one act of a hand', () => {
  cleanUpAfterEach()

  for (const [how, answer] of [
    ['refused', problem('price-changed', 409, dearer)],
    ['opened', { status: 201, body: openReply(dearer) }],
  ] as const)
    it(`A1: the second half of a double click does not accept the price at which the order was ${how}`, async () => {
      const shop = testShop()
      await shop.answers(answer, { status: 200, body: openReply(dearer) })
      const element = await button({ endpoint: shop.endpoint })
      const urls = stay(element)
      click(element, 1)
      await inState(element, 'price-changed')
      click(element, 2)
      click(element, 3)
      expect([element.state, (await asked(shop, 'POST')).length]).to.deep.equal(['price-changed', 1])
      click(element, 1)
      await inState(element, 'unfinished')
      expect(urls).to.deep.equal([PAY_URL])
    })

  it('A1: the second half of a double click on "Check again" opens no payment', async () => {
    const shop = testShop()
    await shop.answers(
      { on: 'get', body: statusReply({ state: 'processing', paymentUrl: null, pollAfter: 60 }) },
      { on: 'get', body: statusReply({ state: 'cancelled', paymentUrl: null, retry: 'now' }) },
    )
    history.replaceState(null, '', `?ipay=${TOKEN}`)
    const element = await button({ endpoint: shop.endpoint })
    while (element.payment === null) await settle()
    click(element, 1)
    await inState(element, 'cancelled')
    click(element, 2)
    await settle()
    expect([element.state, (await asked(shop, 'POST')).length]).to.deep.equal(['cancelled', 0])
    click(element, 1)
    expect(element.state).to.equal('starting')
  })

  it('A1: where no price is asked about, a quick second click counts', async () => {
    const shop = testShop()
    await shop.answers(problem('unavailable', 503), { status: 201, body: openReply() })
    const element = await button({ endpoint: shop.endpoint })
    stay(element)
    press(element)
    await inState(element, 'error')
    click(element, 2)
    await inState(element, 'unfinished')
  })

  it('A3: a key that is held presses once, whatever has the focus inside', async () => {
    const shop = testShop()
    await shop.answers({ status: 201, body: openReply() })
    const element = await button({ endpoint: shop.endpoint })
    stay(element)
    press(element)
    await inState(element, 'unfinished')
    await element.updateComplete
    const passes = (key: string, repeat: boolean, at: HTMLElement) =>
      at.dispatchEvent(new KeyboardEvent('keydown', { key, repeat, bubbles: true, composed: true, cancelable: true }))
    for (const name of ['button', 'action']) {
      const at = part(element, name)
      expect([passes('Enter', false, at), passes('Enter', true, at), passes('Tab', true, at)]).to.deep.equal([
        true,
        false,
        true,
      ])
    }
    const field = element.appendChild(document.createElement('textarea'))
    expect(passes('Enter', true, field)).to.equal(true)
  })
})
