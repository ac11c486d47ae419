import { expect } from '@open-wc/testing'
import '../../src/elements/define.ts'
import { begun, comeFromPageCache } from './begun.ts'
import { atEnd, cleanUpAfterEach, stopClockForTest } from './clean-up.ts'
import { stopClock } from './clock.ts'
import { button, part, press } from './parts.ts'
import { asked, inState, openReply, settle, statusReply, stay, TOKEN, testShop } from './shop.ts'

describe('pages come and go', () => {
  cleanUpAfterEach()

  it('D1: back from the page cache the button is enabled, asks what became of it, and continues', async () => {
    const shop = testShop()
    await shop.answers(
      { on: 'post', status: 201, body: openReply() },
      { on: 'get', body: statusReply({ pollAfter: 60 }) },
    )
    const { element } = await begun({ endpoint: shop.endpoint })
    comeFromPageCache()
    expect(element.state).to.equal('unfinished')
    while ((await asked(shop, 'GET')).length === 0) await settle()
    expect(element.state).to.equal('unfinished')
    await element.check()
    expect(await asked(shop, 'GET')).to.have.length(2)
    expect(element.state).to.equal('unfinished')
  })

  it('D1: a page frozen while it asked the shop comes back enabled, with the same key', async () => {
    const shop = testShop()
    await shop.answers({ hang: true }, { status: 201, body: openReply() })
    const element = await button({ endpoint: shop.endpoint })
    stay(element)
    press(element)
    while ((await shop.asked()).length === 0) await settle()
    comeFromPageCache()
    expect(element.state).to.equal('idle')
    press(element)
    await inState(element, 'unfinished')
    const keys = (await asked(shop, 'POST')).map(({ headers }) => headers['idempotency-key'])
    expect(new Set(keys).size).to.equal(1)
  })

  it('D1: paid in the meantime, the restored page says so', async () => {
    const shop = testShop()
    await shop.answers(
      { on: 'post', status: 201, body: openReply() },
      { on: 'get', body: statusReply({ state: 'paid', retry: 'no', paymentUrl: null }) },
    )
    const { element } = await begun({ endpoint: shop.endpoint })
    comeFromPageCache()
    await inState(element, 'paid')
  })

  it('D8: nothing is sent on a page that remembers nothing', async () => {
    const shop = testShop()
    await button({ endpoint: shop.endpoint })
    const clock = stopClockForTest()
    comeFromPageCache()
    await clock.pass(60_000)
    expect(await shop.asked()).to.deep.equal([])
  })

  it('D8: nothing is sent while the page is prerendered, and what is due is sent on activation', async () => {
    const shop = testShop()
    await shop.answers({ body: statusReply({ pollAfter: 60 }) })
    history.replaceState(null, '', `?ipay=${TOKEN}`)
    Object.defineProperty(document, 'prerendering', { value: true, configurable: true })
    const element = await button({ endpoint: shop.endpoint })
    const clock = stopClock()
    atEnd(() => {
      clock.release()
      Reflect.deleteProperty(document, 'prerendering')
    })
    await clock.pass(60_000)
    expect(await shop.asked()).to.deep.equal([])
    clock.release()
    Object.defineProperty(document, 'prerendering', { value: false, configurable: true })
    document.dispatchEvent(new Event('prerenderingchange'))
    await inState(element, 'unfinished')
    expect(await shop.asked()).to.have.length(1)
  })

  it('D13: a button that is taken out while it asks stays silent', async () => {
    const shop = testShop()
    await shop.answers({ status: 201, body: openReply(), held: true })
    const element = await button({ endpoint: shop.endpoint })
    const urls = stay(element)
    const errors: Event[] = []
    element.addEventListener('ipay-error', (event) => errors.push(event))
    press(element)
    while ((await asked(shop, 'POST')).length === 0) await settle()
    element.remove()
    // A move would have put it back by now.
    await settle()
    await shop.release()
    // The reply was sent before the answers to these are, over the same connections.
    for (let trip = 0; trip < 5; trip++) await shop.asked()
    expect(urls).to.deep.equal([])
    expect(errors).to.deep.equal([])
    expect(element.state).to.equal('idle')
  })

  it('I11: a move within the document while the shop is asked changes nothing', async () => {
    const shop = testShop()
    await shop.answers({ status: 201, body: openReply(), delayMs: 50 })
    const element = await button({ endpoint: shop.endpoint })
    const urls = stay(element)
    press(element)
    const places = [document.createElement('div'), document.createElement('div')]
    document.body.append(...places)
    for (let n = 0; n < 20; n++) {
      places[n % 2]?.append(element)
      await Promise.resolve()
    }
    await inState(element, 'unfinished')
    expect(urls).to.have.length(1)
    expect(await shop.asked()).to.have.length(1)
    for (const place of places) place.remove()
  })

  it('another order while the shop is asked ends the run: the buyer has not agreed to it', async () => {
    const shop = testShop()
    await shop.answers({ status: 201, body: openReply(), held: true })
    const element = await button({ endpoint: shop.endpoint, order: { n: 1 } })
    const urls = stay(element)
    const clock = stopClockForTest()
    press(element)
    while ((await asked(shop, 'POST')).length === 0) await settle()
    element.order = { n: 2 }
    await element.updateComplete
    expect(element.state).to.equal('idle')
    await shop.release()
    await clock.pass(60_000)
    expect(urls).to.deep.equal([])
  })

  it('the language of a slot that shows the tag is followed when it changes', async () => {
    const shop = testShop()
    const card = document.createElement('div')
    document.body.append(card)
    atEnd(() => card.remove())
    const root = card.attachShadow({ mode: 'open' })
    const section = document.createElement('section')
    section.lang = 'bn'
    section.append(document.createElement('slot'))
    root.append(section)
    const element = await button({ endpoint: shop.endpoint })
    card.append(element)
    await element.updateComplete
    expect(part(element, 'button').textContent).to.contain('১,২৫০')
    section.lang = 'en'
    await settle()
    await element.updateComplete
    expect(part(element, 'button').textContent).to.contain('1,250')
  })
})
