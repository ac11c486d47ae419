import assert from 'node:assert/strict'
import { test } from 'node:test'
import { renderIpayButton } from '../../src/elements/ssr.ts'
import { scriptTag } from './pages-build.ts'
import { built, newPage, PANEL, press, put, shows, site } from './pages-chromium-tabs.ts'
import { statusReply, TAG } from './pages-site.ts'

/** What is drawn: in other colours, in narrow windows, and when the script is late. */
export function drawnRules(): void {
  for (const [what, features, check] of [
    [
      'forced colors keep a border',
      [{ name: 'forced-colors', value: 'active' }],
      `getComputedStyle(button).borderTopColor !== 'rgba(0, 0, 0, 0)'`,
    ],
    [
      'reduced motion moves next to nothing',
      [{ name: 'prefers-reduced-motion', value: 'reduce' }],
      `getComputedStyle(button).transitionDuration === '0s' && [...root.querySelectorAll('[part=spinner]')]
        .every((spinner) => parseFloat(getComputedStyle(spinner).animationDuration) >= 2 || getComputedStyle(spinner).animationName === 'none')`,
    ],
    [
      'a dark page keeps the message readable',
      [{ name: 'prefers-color-scheme', value: 'dark' }],
      `getComputedStyle(root.querySelector('[part=message]')).color === getComputedStyle(document.body).color`,
    ],
  ] as const) {
    test(`with ${what}`, async () => {
      const { page, cdp } = await newPage()
      site.answers(() => undefined)
      await cdp.send('Emulation.setEmulatedMedia', { features: [...features] })
      await page.goto(put(TAG, `<meta name="color-scheme" content="light dark">${scriptTag(built)}`))
      await shows(page, 'idle')
      await press(page)
      await shows(page, 'starting')
      assert.equal(
        await page.evaluate(`{ const root = document.querySelector('ipay-button').shadowRoot
          const button = root.querySelector('button'); ${check} }`),
        true,
      )
    })
  }

  for (const [what, size, direction] of [
    ['320 px wide', { width: 320, height: 600, deviceScaleFactor: 1, mobile: true }, 'ltr'],
    ['zoomed to 200 % on a phone', { width: 160, height: 300, deviceScaleFactor: 2, mobile: false }, 'ltr'],
    ['right-to-left and 320 px wide', { width: 320, height: 600, deviceScaleFactor: 1, mobile: true }, 'rtl'],
  ] as const) {
    for (const lang of ['en', 'bn']) {
      test(`a page that is ${what} in ${lang} needs no scrolling sideways, and everything keeps 44 px`, async () => {
        const { page, cdp } = await newPage()
        site.answers(({ method }) => ({
          status: method === 'POST' ? 201 : 200,
          body: statusReply({ state: 'created', amount: '9125000.00', paymentUrl: `${site.otherUrl}/pay/1` }),
        }))
        await cdp.send('Emulation.setDeviceMetricsOverride', size)
        const tag = TAG.replace('1250.00', '9125000.00')
        await page.goto(put(`<div lang="${lang}" dir="${direction}">${tag}${PANEL}</div>`))
        await shows(page, 'unfinished', 'ipay-result')
        await page.evaluate(`document.addEventListener('ipay-redirect', (event) => event.preventDefault())`)
        await press(page)
        await shows(page, 'unfinished')
        const found = (await page.evaluate(`({
          sideways: document.documentElement.scrollWidth - document.documentElement.clientWidth,
          small: [...document.querySelectorAll('ipay-button,ipay-result')]
            .flatMap((element) => [...element.shadowRoot.querySelectorAll('button,a')])
            .filter((target) => target.getBoundingClientRect().height < 44).length,
        })`)) as { sideways: number; small: number }
        assert.deepEqual(found, { sideways: 0, small: 0 })
      })
    }
  }

  for (const [what, head, body] of [
    [
      'with ipay-button.css in the head',
      '<link rel="stylesheet" href="/ipay-button.css">',
      () =>
        TAG.replace(
          '></',
          '><form method="post" action="/orders"><input type="hidden" name="cart" value="1"><button>Pay with iPay</button></form></',
        ),
    ],
    [
      'with markup that a server rendered',
      '',
      () =>
        renderIpayButton({
          orderEndpoint: '/orders',
          order: { cart: 'c_81' },
          amount: '1250.00',
          environment: 'sandbox',
        }),
    ],
  ] as const) {
    test(`I17: nothing moves when the script arrives late ${what}: layout shift 0`, async () => {
      const { page } = await newPage()
      await page.goto(put(`<p>above</p>${body()}<p id="below">below</p>`, head))
      await page.evaluate(`window.shift = 0
        new PerformanceObserver((list) => { for (const entry of list.getEntries()) shift += entry.value })
          .observe({ type: 'layout-shift', buffered: true })`)
      const drawn = `new Promise((resolve) => requestAnimationFrame(() => requestAnimationFrame(resolve)))`
      await page.evaluate(drawn)
      const top = `document.querySelector('#below').getBoundingClientRect().top`
      const before = await page.evaluate(top)
      await page.evaluate(`{ const script = document.createElement('script'); script.type = 'module'
        script.src = '/ipay-button.min.js'; document.head.append(script) }`)
      await shows(page, 'idle')
      await page.evaluate(`document.querySelector('ipay-button').updateComplete`)
      await page.evaluate(drawn)
      assert.equal(await page.evaluate(top), before)
      assert.equal(await page.evaluate('shift'), 0)
    })
  }
}
