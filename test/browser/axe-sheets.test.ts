import { expect, fixtureSync, html } from '@open-wc/testing'
import '../../src/elements/define.ts'
import type { IpayButton } from '../../src/elements/ipay-button.ts'
import type { ElementState } from '../../src/elements/payment-state.ts'
import { STATES } from './in-the-state.ts'
import { inState, openReply, statusReply, waitFor } from './shop.ts'

/** Every state that a button can be brought to here. */
const ALL = ['idle', ...(Object.keys(STATES) as ElementState[])] as const

function button(state: ElementState, variant: string): IpayButton {
  const element = document.createElement('ipay-button')
  element.addEventListener('ipay-redirect', (event) => event.preventDefault())
  const status = state === 'confirming' ? 'processing' : (state as 'paid')
  return Object.assign(element, {
    order: { axe: `${state} ${variant}` },
    amount: '1250.00',
    variant: variant as 'brand',
    createOrder: STATES[state] as never,
    readStatus: async () => statusReply({ state: status, paymentUrl: null, pollAfter: 60 }),
  })
}

describe('axe', () => {
  afterEach(() => localStorage.clear())

  for (const lang of ['en', 'bn']) {
    for (const variant of ['brand', 'dark', 'light', 'outline']) {
      it(`finds nothing in any state of ${variant} in ${lang}, on white and on black`, async () => {
        for (const [background, color] of [
          ['#fff', '#000'],
          ['#000', '#fff'],
        ]) {
          const sheet = fixtureSync<HTMLElement>(
            html`<div lang=${lang} style="background:${background};color:${color}"></div>`,
          )
          const buttons = ALL.map((state) => [state, button(state, variant)] as const)
          sheet.append(...buttons.map(([, element]) => element))
          for (const [state, element] of buttons) {
            await element.updateComplete
            if (state !== 'idle') void element.start()
            await inState(element, state)
            await element.updateComplete
          }
          await expect(sheet).to.be.accessible()
          sheet.remove()
        }
      })
    }
  }
})

describe('a button that is moved about', () => {
  afterEach(() => localStorage.clear())

  it('I11: twenty moves in mid-request, through two parents and a shadow root, are one request', async () => {
    let asked = 0
    let answer = (_reply: ReturnType<typeof openReply>) => {}
    const sheet = fixtureSync<HTMLElement>(html`<div><p></p><p></p></div>`)
    const element = button('unfinished', 'brand')
    element.createOrder = () => {
      asked += 1
      return new Promise((resolve) => {
        answer = resolve
      })
    }
    const places = [...sheet.children, sheet.appendChild(document.createElement('div')).attachShadow({ mode: 'open' })]
    places[0]?.append(element)
    await element.updateComplete
    void element.start()
    await inState(element, 'starting')
    for (let move = 0; move < 20; move++) {
      places[move % places.length]?.append(element)
      if (move % 4 === 0) await element.updateComplete
    }
    expect(element.state).to.equal('starting')
    answer(openReply())
    await inState(element, 'unfinished')
    expect(asked).to.equal(1)
  })

  it('the language follows the nearest lang as it changes, twenty times', async () => {
    const sheet = fixtureSync<HTMLElement>(html`<div lang="en"></div>`)
    const element = button('idle', 'brand')
    sheet.append(element)
    const amount = () => element.shadowRoot?.querySelector('[part=amount]')?.textContent
    for (let change = 0; change < 20; change++) {
      sheet.lang = change % 2 ? 'en' : 'bn'
      const wanted = change % 2 ? '৳1,250.00' : '৳১,২৫০.০০'
      await waitFor(wanted, () => amount() === wanted)
      expect(amount()).to.equal(wanted)
    }
  })
})
