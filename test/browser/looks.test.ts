import { expect, fixtureSync, html } from '@open-wc/testing'
import '../../src/elements/define.ts'
import type { ElementState } from '../../src/elements/payment-state.ts'
import { button, panel, part, press, told } from './parts.ts'
import { inState, openReply, problem, statusReply, stay } from './shop.ts'

const STATES: Readonly<Partial<Record<ElementState, () => Promise<unknown>>>> = {
  starting: () => new Promise(() => {}),
  unfinished: async () => openReply(),
  'price-changed': async () => Promise.reject(problem('price-changed', 409, { amount: '2.00', currency: 'BDT' }).body),
  error: async () => Promise.reject(problem('unavailable', 503).body),
  paid: alreadyPaid,
  cancelled: alreadyPaid,
  failed: alreadyPaid,
  expired: alreadyPaid,
  unresolved: alreadyPaid,
  confirming: alreadyPaid,
}

function alreadyPaid() {
  return Promise.reject(problem('already-paid', 409, { token: openReply().token }).body)
}

async function inThe(state: ElementState, more: object = {}) {
  const paymentState = state === 'confirming' ? 'processing' : (state as 'paid')
  const element = await button({
    createOrder: STATES[state] as never,
    readStatus: async () => statusReply({ state: paymentState, paymentUrl: null, reason: null, pollAfter: 60 }),
    ...more,
  })
  stay(element)
  press(element)
  await inState(element, state)
  await element.updateComplete
  return element
}

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
      expect(element.shadowRoot?.activeElement).to.equal(inner)
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
    expect(element.shadowRoot?.activeElement).to.equal(part(element, 'button'))
    let started = 0
    element.addEventListener('ipay-start', (event) => {
      event.preventDefault()
      started++
    })
    element.click()
    expect(started).to.equal(1)
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

/** WCAG's contrast of two colours as the page would paint them. */
function contrast(one: string, other: string): number {
  const [a = 0, b = 0] = [one, other].map(luminance).sort((x, y) => y - x)
  return (a + 0.05) / (b + 0.05)
}

function luminance(color: string): number {
  const canvas = document.createElement('canvas').getContext('2d', { willReadFrequently: true })
  if (!canvas) throw new Error('no canvas')
  canvas.fillStyle = color
  canvas.fillRect(0, 0, 1, 1)
  const [red = 0, green = 0, blue = 0] = [...canvas.getImageData(0, 0, 1, 1).data].map((byte) => {
    const share = byte / 255
    return share <= 0.04045 ? share / 12.92 : ((share + 0.055) / 1.055) ** 2.4
  })
  return 0.2126 * red + 0.7152 * green + 0.0722 * blue
}

const boxOf = (element: Element) => {
  const { width, height } = element.getBoundingClientRect()
  return { width, height }
}

describe('the box', () => {
  afterEach(() => localStorage.clear())

  for (const [lang, width] of [
    ['en', 'auto'],
    ['bn', 'auto'],
    ['en', '160px'],
    ['bn', '160px'],
    ['bn', '288px'],
  ] as const) {
    it(`of a busy button is the box of a resting one, ${lang} and ${width} wide`, async () => {
      const element = await button({ lang, amount: '125000.00', createOrder: () => new Promise(() => {}) })
      element.style.width = width
      const inner = part(element, 'button')
      const [before, words] = [boxOf(inner), part(element, 'label').getBoundingClientRect().left]
      press(element)
      await inState(element, 'starting')
      await element.updateComplete
      expect(part(element, 'spinner')).to.exist
      expect(boxOf(inner)).to.deep.equal(before)
      expect(part(element, 'label').getBoundingClientRect().left).to.equal(words)
    })
  }

  it('does not change while a status is asked for', async () => {
    const element = await inThe('unresolved')
    const before = boxOf(part(element, 'button'))
    element.readStatus = () => new Promise(() => {})
    void element.check()
    await element.updateComplete
    expect(part(element, 'spinner')).to.exist
    expect(boxOf(part(element, 'button'))).to.deep.equal(before)
  })

  it('is as wide with a long message as without one', async () => {
    const messages = { en: { starting: 'word '.repeat(60) } }
    const element = await button({ messages, createOrder: () => new Promise(() => {}) })
    const { width } = boxOf(element)
    press(element)
    await inState(element, 'starting')
    await element.updateComplete
    expect(boxOf(element).width).to.equal(width)
    expect(boxOf(part(element, 'message')).width).to.be.at.most(width)
  })

  it('is 200 px wide with few words, what the shop says, or the column where that is narrower', async () => {
    const element = await button({ amount: undefined })
    expect(boxOf(element).width).to.equal(200)
    element.style.setProperty('--ipay-button-min-width', '260px')
    expect(boxOf(element).width).to.equal(260)
    element.style.width = '170px'
    expect(boxOf(part(element, 'button')).width).to.equal(170)
  })

  for (const lang of ['en', 'bn']) {
    it(`shows a bar between mark and words in one line, and none where they break, in ${lang}`, async () => {
      const element = await button({ lang, amount: '125000.00' })
      const bar = () => element.shadowRoot?.querySelector('i')?.getBoundingClientRect().width
      element.style.width = '400px'
      expect(bar()).to.be.above(10)
      element.style.width = '160px'
      const [mark, words] = [part(element, 'logo'), part(element, 'label')].map((it) => it.getBoundingClientRect())
      expect(mark?.bottom).to.be.at.most((words?.top ?? 0) + 1)
      expect(bar()).to.equal(0)
      const { left, right } = part(element, 'button').getBoundingClientRect()
      expect(Math.abs((mark?.left ?? 0) - left - (right - (mark?.right ?? 0)))).to.be.below(1)
    })

    it(`keeps the ribbon off mark and words, in ${lang} and 160 px wide`, async () => {
      const element = await button({ lang, amount: '125000.00', environment: 'sandbox' })
      element.style.width = '160px'
      const ribbon = part(element, 'ribbon').getBoundingClientRect()
      for (const name of ['logo', 'label', 'amount']) {
        const it = part(element, name).getBoundingClientRect()
        expect(it.top >= ribbon.bottom || it.right <= ribbon.left, name).to.equal(true)
      }
    })
  }

  it('a reference stays in one line, and one that is too long for any line stays in the box', async () => {
    for (const [reference, lines] of [
      ['R-81C2-4F', 1],
      ['R-'.repeat(30), 9],
    ] as const) {
      const element = await inThe('unresolved', {
        readStatus: async () => statusReply({ state: 'unresolved', reference, paymentUrl: null, pollAfter: 60 }),
      })
      const quoted = element.shadowRoot?.querySelector('bdi')
      expect(quoted?.textContent).to.equal(reference)
      for (const width of [160, 170, 180, 190, 200, 236]) {
        element.style.width = `${width}px`
        const { height = 0, width: wide = 0 } = quoted?.getBoundingClientRect() ?? {}
        expect(height, `${width} px`).to.be.at.most(20 * lines)
        expect(wide).to.be.at.most(width)
      }
      element.remove()
      localStorage.clear()
    }
  })

  it('the second choice stands under the first letter of the message', async () => {
    const element = await inThe('unfinished')
    const action = document.createRange()
    action.selectNodeContents(part(element, 'action'))
    expect(action.getBoundingClientRect().left).to.be.closeTo(
      part(element, 'message').getBoundingClientRect().left,
      0.1,
    )
  })

  it('a panel has its ribbon on its own corner, however wide the page is', async () => {
    const status = statusReply({ state: 'cancelled', paymentUrl: null, environment: 'sandbox' })
    const element = await panel({ token: status.token, environment: 'sandbox', readStatus: async () => status })
    element.parentElement?.style.setProperty('width', '1200px')
    await inState(element, 'cancelled')
    await element.updateComplete
    const [inner, ribbon] = [part(element, 'panel'), part(element, 'ribbon')].map((it) => it.getBoundingClientRect())
    expect(inner?.width).to.equal(512)
    expect((inner?.right ?? 0) - (ribbon?.right ?? 0)).to.be.closeTo(8, 0.1)
  })
})

describe('contrast', () => {
  afterEach(() => localStorage.clear())

  for (const [page, text] of [
    ['#fff', '#000'],
    ['#faf5ec', '#2b211b'],
    ['#fff', '#444'],
    ['#000', '#fff'],
    ['#121212', '#e8e8e8'],
    ['#17120f', '#f3e9dc'],
    ['#2b2b2b', '#ddd'],
  ] as const) {
    it(`an error is red and has 4.5 on a page of ${page} with text of ${text}`, async () => {
      const element = await inThe('error')
      const sheet = element.parentElement
      if (sheet) Object.assign(sheet.style, { background: page, color: text })
      const { color } = getComputedStyle(part(element, 'message'))
      expect(contrast(color, page)).to.be.at.least(4.5)
      expect(contrast(color, text), 'it differs from the text of the page').to.be.above(1.3)
    })
  }

  for (const variant of ['brand', 'dark', 'light'] as const) {
    it(`words on ${variant} have 4.5`, async () => {
      const element = await button({ variant })
      const { color, backgroundColor } = getComputedStyle(part(element, 'button'))
      expect(contrast(color, backgroundColor)).to.be.at.least(4.5)
    })
  }

  it('the ring of focus has 3 against the band around it, which is white on any page', async () => {
    const element = await button({})
    part(element, 'button').focus({ focusVisible: true } as FocusOptions)
    const { outlineColor, outlineWidth, boxShadow } = getComputedStyle(part(element, 'button'))
    expect(outlineWidth).to.equal('3px')
    expect(boxShadow).to.match(/rgb\(255, 255, 255\) 0px 0px 0px 7px/)
    expect(contrast(outlineColor, '#fff')).to.be.at.least(3)
  })

  it('the signs of a panel have 4.5 on their colours', async () => {
    for (const state of ['paid', 'failed', 'expired'] as const) {
      const status = statusReply({ state, paymentUrl: null })
      const element = await panel({ token: status.token, readStatus: async () => status })
      await inState(element, state)
      await element.updateComplete
      const { color, backgroundColor } = getComputedStyle(part(element, 'heading'), '::before')
      expect(contrast(color, backgroundColor), state).to.be.at.least(4.5)
      element.remove()
    }
  })
})
