import { expect } from '@open-wc/testing'
import '../../src/elements/define.ts'
import { inThe } from './in-the-state.ts'
import { button, panel, part } from './parts.ts'
import { inState, statusReply } from './shop.ts'

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
