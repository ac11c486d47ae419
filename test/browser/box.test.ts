import { expect } from '@open-wc/testing'
import '../../src/elements/define.ts'
import { inThe } from './in-the-state.ts'
import { button, panel, part, press } from './parts.ts'
import { inState, statusReply } from './shop.ts'

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
    const boxes = () => [part(element, 'panel'), part(element, 'ribbon')].map((it) => it.getBoundingClientRect())
    const fromRight = ([inner, ribbon] = boxes()) => (inner?.right ?? 0) - (ribbon?.right ?? 0)
    expect(boxes()[0]?.width).to.equal(512)
    // Eight, and the border.
    expect(fromRight()).to.be.closeTo(9, 0.1)
    // As `* { all: unset }` of a page does.
    element.style.all = 'unset'
    expect(fromRight()).to.be.closeTo(9, 0.1)
  })

  for (const lang of ['en', 'bn']) {
    it(`no word of a heading in ${lang} breaks in a panel of 160 px`, async () => {
      const status = statusReply({ state: 'unresolved', paymentUrl: null })
      for (const state of ['processing', 'paid', 'cancelled', 'failed', 'expired'] as const) {
        const element = await panel({ lang, token: status.token, readStatus: async () => ({ ...status, state }) })
        element.style.width = '160px'
        await inState(element, state === 'processing' ? 'confirming' : state)
        await element.updateComplete
        const text = document.createTreeWalker(part(element, 'heading'), NodeFilter.SHOW_TEXT).nextNode() as Text
        for (const { 0: word, index } of text.data.matchAll(/\S+/g)) {
          const range = document.createRange()
          range.setStart(text, index)
          range.setEnd(text, index + word.length)
          expect(new Set([...range.getClientRects()].map(({ top }) => Math.round(top))).size, word).to.equal(1)
        }
      }
    })
  }
})
