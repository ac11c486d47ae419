import { expect, fixture, html } from '@open-wc/testing'
import '../../src/elements/define.ts'
import { isAnythingRemembered, rememberAttempt } from '../../src/elements/memory.ts'
import { begun } from './begun.ts'
import { cleanUpAfterEach } from './clean-up.ts'
import { button, panel, part, press, told } from './parts.ts'
import { shown } from './result-panel.ts'
import {
  type Answer,
  asked,
  inState,
  openReply,
  problem,
  settle,
  statusReply,
  stay,
  TOKEN,
  testShop,
  waitFor,
} from './shop.ts'

const opened: Answer = { on: 'post', status: 201, body: openReply() }
const unfinished: Answer = { on: 'get', body: statusReply({ pollAfter: 60 }) }
const unresolved: Answer = { on: 'get', body: statusReply({ state: 'unresolved', paymentUrl: null, pollAfter: 60 }) }

/** A button on the page to which the buyer came back, whose shop knows no outcome. */
async function nobodyKnows() {
  const shop = testShop()
  await shop.answers(unresolved)
  history.replaceState(null, '', `?ipay=${TOKEN}`)
  const element = await button({ endpoint: shop.endpoint })
  await inState(element, 'unresolved')
  await element.updateComplete
  return { shop, element }
}

describe('the fine print of the button', () => {
  cleanUpAfterEach()

  it('E7: where nobody knows, a press asks again and opens nothing; no price invites to pay, and the reference is there', async () => {
    const { shop, element } = await nobodyKnows()
    expect(!element.shadowRoot?.querySelector('[part=amount]')).to.equal(true)
    expect(told(element)).to.contain('R-1001')
    press(element)
    while ((await shop.asked()).length < 2) await settle()
    expect((await shop.asked()).map(({ method }) => method)).to.deep.equal(['GET', 'GET'])
  })

  it('A9: a disabled button asks nothing either', async () => {
    const { shop, element } = await nobodyKnows()
    element.disabled = true
    await element.updateComplete
    element.click()
    await settle()
    expect(await shop.asked()).to.have.length(1)
  })

  it('the way back that is sent names no payment from before', async () => {
    const shop = testShop()
    await shop.answers(opened, { on: 'get', body: statusReply({ state: 'cancelled', paymentUrl: null, retry: 'now' }) })
    history.replaceState(null, '', `?a=1&ipay=${TOKEN}#here`)
    const element = await button({ endpoint: shop.endpoint })
    stay(element)
    await inState(element, 'cancelled')
    press(element)
    await inState(element, 'unfinished')
    const [{ body } = { body: '' }] = await asked(shop, 'POST')
    expect(JSON.parse(body).returnTo).to.equal(`${location.pathname}?a=1#here`)
  })

  it('a language tag that no shop would take is not sent', async () => {
    const shop = testShop()
    await shop.answers(opened)
    await begun({ endpoint: shop.endpoint, lang: `en-x-${'private-'.repeat(5)}use` })
    const [{ body } = { body: '' }] = await asked(shop, 'POST')
    expect(Object.keys(JSON.parse(body))).to.deep.equal(['order', 'shown', 'returnTo'])
  })

  it('D2: a form that comes into the tag later says what is bought, and its attempt is found', async () => {
    const shop = testShop()
    await shop.answers(opened, unfinished)
    const form = () => {
      const made = document.createElement('form')
      made.method = 'post'
      made.setAttribute('action', shop.endpoint)
      made.innerHTML = '<input type="hidden" name="cart" value="late-form"><button>Pay</button>'
      return made
    }
    const first = await fixture<HTMLElementTagNameMap['ipay-button']>(html`<ipay-button>${form()}</ipay-button>`)
    stay(first)
    press(first)
    await inState(first, 'unfinished')
    first.remove()
    const second = await fixture<HTMLElementTagNameMap['ipay-button']>(html`<ipay-button></ipay-button>`)
    expect(second.state).to.equal('idle')
    second.append(form())
    await inState(second, 'unfinished')
  })

  it('on the page where one cart was paid, the button of another cart offers that one', async () => {
    const shop = testShop()
    await shop.answers({ on: 'get', body: statusReply({ state: 'paid', paymentUrl: null }) })
    history.replaceState(null, '', `?ipay=${TOKEN}`)
    const order = { cart: 'paid-one' }
    const probe = await button({ endpoint: shop.endpoint, order, readStatus: () => new Promise(() => {}) })
    rememberAttempt(probe.identity(), 'key_of_this_order', TOKEN)
    probe.remove()
    const other = await button({ endpoint: shop.endpoint, order: { cart: 'another-one' } })
    const own = await button({ endpoint: shop.endpoint, order })
    await inState(own, 'paid')
    expect([other.state, other.payment]).to.deep.equal(['idle', null])
  })

  for (const stored of ['{', 'null', '[null,{},5]', '[{"id":"x","key":"a b","token":"../admin"}]', '{"id":1}']) {
    it(`what else lies in storage (${stored}) is in nobody's way`, async () => {
      const shop = testShop()
      await shop.answers(opened)
      localStorage.setItem('pay-with-ipay', stored)
      await begun({ endpoint: shop.endpoint })
      const kept = JSON.parse(localStorage.getItem('pay-with-ipay') ?? '[]') as { token: string }[]
      expect(kept.map(({ token }) => token)).to.deep.equal([TOKEN])
    })
  }

  it('of very many orders the newest are remembered', async () => {
    for (let n = 1; n <= 30; n++) rememberAttempt(`order-${n}`, 'key_of_an_order')
    const kept = JSON.parse(localStorage.getItem('pay-with-ipay') ?? '[]') as { id: string }[]
    expect(kept).to.have.length(24)
    expect([kept[0]?.id, kept.at(-1)?.id]).to.deep.equal(['order-30', 'order-7'])
    expect(isAnythingRemembered()).to.equal(true)
  })
})

describe('the fine print of the panel', () => {
  cleanUpAfterEach()

  it('E8: what a server rendered gives way to our words as soon as the shop cannot be asked', async () => {
    const shop = testShop()
    await shop.answers(problem('unavailable', 503))
    const element = await fixture<HTMLElementTagNameMap['ipay-result']>(
      html`<ipay-result order-endpoint=${shop.endpoint} token=${TOKEN}><p>from the server</p></ipay-result>`,
    )
    await waitFor('the problem', () => element.error?.code === 'unavailable')
    await element.updateComplete
    expect(part(element, 'heading').textContent).to.not.equal('')
    expect(!element.querySelector('p')?.assignedSlot).to.equal(true)
  })

  it('E7: where nobody knows, the buyer may ask again', async () => {
    const { element, shop } = await shown(unresolved)
    await inState(element, 'unresolved')
    await element.updateComplete
    part(element, 'action').click()
    while ((await shop.asked()).length < 2) await settle()
  })

  for (const home of ['javascript:alert(1)', 'data:text/html,x', 'http://[']) {
    it(`the way home is never ${home}`, async () => {
      const element = await panel({
        token: TOKEN,
        readStatus: async () => statusReply({ state: 'cancelled', paymentUrl: null }),
        home,
      })
      await inState(element, 'cancelled')
      await element.updateComplete
      expect(part(element, 'action').getAttribute('href')).to.equal('/')
    })
  }

  for (const [how, take] of [
    ['is taken away', (panel: HTMLElement) => panel.removeAttribute('token')],
    ['becomes one that cannot be one', (panel: HTMLElement) => panel.setAttribute('token', '../admin')],
  ] as const)
    it(`a receipt goes when its token ${how}`, async () => {
      const shop = testShop()
      await shop.answers({ on: 'get', body: statusReply({ state: 'paid', paymentUrl: null }) })
      const element = await fixture<HTMLElementTagNameMap['ipay-result']>(
        html`<ipay-result order-endpoint=${shop.endpoint} token=${TOKEN}></ipay-result>`,
      )
      await inState(element, 'paid')
      take(element)
      await inState(element, 'idle')
      expect(element.payment).to.equal(null)
    })

  it('a token that cannot be one is not asked about', async () => {
    const shop = testShop()
    await shop.answers(unresolved)
    const element = await panel({ orderEndpoint: shop.endpoint, token: '../../admin?x=' })
    await element.check()
    await settle()
    expect(await shop.asked()).to.deep.equal([])
    expect(element.state).to.equal('idle')
  })
})
