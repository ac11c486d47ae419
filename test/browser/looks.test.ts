import { expect, fixtureSync, html } from '@open-wc/testing'
import '../../src/elements/define.ts'
import type { ElementState } from '../../src/elements/payment-state.ts'
import { inThe, STATES } from './in-the-state.ts'
import { button, panel, part, press, told } from './parts.ts'
import { inState, statusReply, stay } from './shop.ts'

describe('looks', () => {
  afterEach(() => localStorage.clear())

  for (const variant of ['brand', 'dark', 'light', 'outline'] as const) {
    it(`${variant} is accessible and tall enough for a thumb`, async () => {
      const element = await button({ endpoint: '/x', variant })
      await expect(element).to.be.accessible()
      expect(part(element, 'button').getBoundingClientRect().height).to.be.at.least(44)
    })
  }

  for (const state of Object.keys(STATES) as ElementState[]) {
    it(`${state}: accessible, focus kept, the CSS state is the word, one native button`, async () => {
      const element = await button({
        createOrder: STATES[state] as never,
        readStatus: async () =>
          statusReply({ state: state === 'confirming' ? 'processing' : (state as 'paid'), paymentUrl: null }),
      })
      stay(element)
      const inner = part(element, 'button')
      inner.focus()
      press(element)
      await inState(element, state)
      await element.updateComplete
      expect(part(element, 'button')).to.equal(inner)
      expect(element.shadowRoot?.activeElement === inner).to.equal(true)
      expect(element.matches(`:state(${state})`)).to.equal(true)
      expect(element.matches(':state(idle)')).to.equal(false)
      expect(told(element)).to.not.equal('')
      expect(part(element, 'message').getAttribute('role')).to.equal('status')
      await expect(element).to.be.accessible()
    })
  }

  it('the accessible name is what is seen', async () => {
    const element = await button({ endpoint: '/x', amount: '125000.00' })
    expect(part(element, 'button').textContent?.replace(/\s+/g, ' ').trim()).to.equal('Pay ৳1,25,000.00')
    expect(element.shadowRoot?.querySelector('svg')?.getAttribute('aria-label')).to.equal('iPay')
  })

  it('a countdown does not speak: the live region changes once', async () => {
    const element = await inThe('error')
    const changes: string[] = []
    const observer = new MutationObserver(() => changes.push(told(element)))
    observer.observe(part(element, 'message'), { subtree: true, childList: true, characterData: true })
    element.requestUpdate()
    await element.updateComplete
    await Promise.resolve()
    expect(changes).to.deep.equal([])
    observer.disconnect()
  })

  it('fits a column of 160 px and a right-to-left page', async () => {
    const box = fixtureSync<HTMLElement>(
      html`<div dir="rtl" lang="bn" style="width:160px"><ipay-button order-endpoint="/x" order="1" amount="125000.00"></ipay-button></div>`,
    )
    const element = box.querySelector('ipay-button')
    await element?.updateComplete
    expect(element?.getBoundingClientRect().width).to.be.at.most(160)
    expect(box.scrollWidth).to.be.at.most(160)
  })

  it('delegates focus, and click() presses', async () => {
    const element = await button({ endpoint: '/x' })
    element.focus()
    expect(element.shadowRoot?.activeElement === part(element, 'button')).to.equal(true)
    let started = 0
    element.addEventListener('ipay-start', (event) => {
      event.preventDefault()
      started++
    })
    element.click()
    expect(started).to.equal(1)
  })

  it('the border can be given like any border, or by its colour alone', async () => {
    const element = await button({ endpoint: '/x' })
    const looks = () => {
      const { borderTopWidth, borderTopStyle, borderTopColor, boxShadow } = getComputedStyle(part(element, 'button'))
      return [borderTopWidth, borderTopStyle, borderTopColor, boxShadow]
    }
    element.style.setProperty('--ipay-button-border', '2px dashed rgb(1, 2, 3)')
    expect(looks()).to.deep.equal(['2px', 'dashed', 'rgb(1, 2, 3)', 'none'])
    element.style.setProperty('--ipay-button-border', 'rgb(1, 2, 3)')
    expect(looks().slice(2)).to.deep.equal(['rgb(1, 2, 3)', 'rgb(1, 2, 3) 0px 0px 0px 1px inset'])
  })

  it('a ribbon says that the money is not real', async () => {
    const element = await button({ endpoint: '/x', environment: 'sandbox' })
    expect(part(element, 'ribbon').textContent).to.equal('Test')
  })

  it('a panel in each state is accessible', async () => {
    for (const state of ['created', 'processing', 'paid', 'cancelled', 'failed', 'expired', 'unresolved'] as const) {
      const status = statusReply({ state, ...(state !== 'created' && { paymentUrl: null }) })
      const element = await panel({ token: status.token, home: '/', readStatus: async () => status })
      while (!element.payment) await element.updateComplete
      await element.updateComplete
      await expect(element).to.be.accessible()
    }
  })
})
