import assert from 'node:assert/strict'
import { after, afterEach, before, describe, test } from 'node:test'
import puppeteer, { type Browser, type CDPSession, type Page } from 'puppeteer-core'
import { renderIpayButton } from '../../src/elements/ssr.ts'
import { chosenEngines } from '../support/engines/index.ts'
import { chromiumOptions } from '../support/launch-options.ts'
import { until } from '../support/until.ts'
import { type BuiltElements, buildElements, scriptTag } from './pages-build.ts'
import { pageOf } from './pages-scene.ts'
import { openReply, problem, type Site, startSite, statusReply, TAG } from './pages-site.ts'

const PANEL =
  '<ipay-result order-endpoint="/orders" token="tok_0123456789abcdefghijk" environment="sandbox"></ipay-result>'
/** A name that is no loopback for the browser, and so no secure page; it leads to this machine all the same. */
const LAN_HOST = 'shop.lan'

/** What only Chromium's own protocol can show: counters, emulation, throttling, its accessibility tree. */
describe('pages in Chromium', { skip: chosenEngines().includes('chromium') ? false : 'not chosen' }, () => {
  let browser: Browser
  let site: Site
  let built: BuiltElements
  let pages: Page[] = []
  const faults: string[] = []
  let made = 0

  before(async () => {
    built = await buildElements()
    site = await startSite()
    site.put('/ipay-button.min.js', built.code, { 'Access-Control-Allow-Origin': '*' })
    site.put('/ipay-button.css', built.css)
    const options = chromiumOptions()
    const args = (options.args ?? []).map((arg) =>
      arg.startsWith('--host-resolver-rules=') ? arg.replace('=', `=MAP ${LAN_HOST} 127.0.0.1, `) : arg,
    )
    browser = await puppeteer.launch({ ...options, args, defaultViewport: null })
  })
  afterEach(async () => {
    await Promise.all(pages.map((page) => page.close()))
    pages = []
    site.answers()
    assert.deepEqual(faults.splice(0), [], 'V9: a page threw')
  })
  after(async () => {
    await browser?.close()
    await site?.stop()
  })

  async function newTab(): Promise<Page> {
    const context = await browser.createBrowserContext()
    const page = await context.newPage()
    page.on('pageerror', (error) => faults.push(String(error)))
    pages.push(page)
    return page
  }

  async function newPage(): Promise<{ page: Page; cdp: CDPSession }> {
    const page = await newTab()
    return { page, cdp: await page.createCDPSession() }
  }

  function put(body = TAG, head = scriptTag(built)): string {
    const path = `/page-${++made}`
    site.put(path, pageOf(`<meta name="viewport" content="width=device-width">${head}`, body))
    return site.url + path
  }

  const state = (page: Page, tag = 'ipay-button') => page.evaluate(`document.querySelector('${tag}')?.state`)
  const shows = (page: Page, wanted: string, tag = 'ipay-button') =>
    until(`${tag} to be ${wanted}`, async () => (await state(page, tag)) === wanted)
  const press = (page: Page) =>
    page.evaluate(`document.querySelector('ipay-button').shadowRoot.querySelector('button').click()`)
  const atPaymentPage = (page: Page) => until('the payment page', () => page.url() === `${site.otherUrl}/pay/1`)

  test('I21: a thousand mounts and unmounts leave no node and no listener behind', async () => {
    const { page, cdp } = await newPage()
    await page.goto(put(''))
    await until('the script', () => page.evaluate(`customElements.get('ipay-button') !== undefined`))
    const counters = async () => {
      for (let round = 0; round < 3; round++) await cdp.send('HeapProfiler.collectGarbage')
      return cdp.send('Memory.getDOMCounters')
    }
    /** In and out, with a request under way in every tenth, so that what it holds is let go as well. */
    const mount = (count: number) =>
      page.evaluate(
        `(async () => { for (let i = 0; i < ${count}; i++) {
          document.body.innerHTML = ${JSON.stringify(`<div>${TAG}${PANEL}</div>`)}
          const element = document.querySelector('ipay-button')
          element.createOrder = () => new Promise(() => {})
          document.querySelector('ipay-result').readStatus = async () => null
          await element.updateComplete
          if (i % 10 === 0) void element.start()
          document.body.replaceChildren()
        }
        await new Promise((resolve) => setTimeout(resolve)) })()`,
      )
    await mount(50)
    const before = await counters()
    await mount(1000)
    // What is taken out is let go in a later turn of the page.
    let last = before
    await until('the counters to be where they were', async () => {
      last = await counters()
      return last.nodes <= before.nodes && last.jsEventListeners <= before.jsEventListeners
    }).catch(() => assert.deepEqual(last, before))
  })

  test('I20: on a plain-http page of the local network, without crypto.randomUUID, the key is random and the buyer gets on', async () => {
    const { page } = await newPage()
    const lan = `http://${LAN_HOST}:${site.port}`
    // The payment page's address must be https there; the one that this test follows is the element's wish to leave.
    site.answers(() => ({
      status: 201,
      body: openReply({ environment: 'production', paymentUrl: 'https://app.ipay.com.bd/pay/1' }),
    }))
    const path = new URL(put(TAG.replace(' environment="sandbox"', ''))).pathname
    await page.goto(lan + path)
    await shows(page, 'idle')
    assert.deepEqual(await page.evaluate('[isSecureContext, typeof crypto.randomUUID]'), [false, 'undefined'])
    await page.evaluate(`window.wishes = []
      document.addEventListener('ipay-redirect', (event) => { event.preventDefault(); wishes.push(event.url) })`)
    await press(page)
    await shows(page, 'unfinished')
    assert.deepEqual(await page.evaluate('wishes'), ['https://app.ipay.com.bd/pay/1'])
    assert.match(site.asked.find(({ method }) => method === 'POST')?.key ?? '', /^[0-9a-f]{32}$/)
  })

  test('D8: a page that is prerendered by speculation rules sends nothing until it is really visited', async () => {
    // Chromium prerenders nothing for a tab that a second session of its protocol looks at.
    const page = await newTab()
    const ready = `<script>customElements.whenDefined('ipay-button').then(() => fetch('/is-defined'))</script>`
    const target = put(`${TAG}${PANEL}`, ready + scriptTag(built))
    // An attempt is remembered, so that a visit has something to ask.
    await page.goto(put())
    await shows(page, 'idle')
    await page.evaluate(`document.addEventListener('ipay-redirect', (event) => event.preventDefault())`)
    await press(page)
    await shows(page, 'unfinished')
    site.answers()
    const rules = JSON.stringify({
      prerender: [{ source: 'list', urls: [new URL(target).pathname], eagerness: 'immediate' }],
    })
    await page.evaluate(`{ const rules = document.createElement('script'); rules.type = 'speculationrules'
      rules.textContent = ${JSON.stringify(rules)}; document.head.append(rules) }`)
    await until('the hidden page to have its elements', () => site.visits.includes('/is-defined'))
    // Another request of this page goes out and comes back after whatever the hidden page would have sent.
    await page.evaluate(`fetch('/nothing').then((reply) => reply.text())`)
    assert.deepEqual(site.asked, [], 'a hidden page asked the shop')
    // The tab goes on as another target of the protocol, so that the answer of this one may be lost.
    await page.evaluate(`location.href = ${JSON.stringify(target)}`).catch(() => undefined)
    await until('the status to be asked', () => site.asked.length > 0)
    const activated = `performance.getEntriesByType('navigation')[0].activationStart > 0`
    await until('a page that was prerendered', () => page.evaluate(activated))
    assert.deepEqual([...new Set(site.asked.map(({ method }) => method))], ['GET'])
  })

  test('B21: on slow 2G the order goes through, once', async () => {
    const { page, cdp } = await newPage()
    await page.goto(put())
    await shows(page, 'idle')
    const slow = { offline: false, latency: 400, downloadThroughput: 6250, uploadThroughput: 6250, packetLoss: 5 }
    await cdp.send('Network.enable')
    await cdp.send('Network.emulateNetworkConditions', slow)
    await press(page)
    await atPaymentPage(page)
    assert.equal(site.asked.filter(({ method }) => method === 'POST').length, 1)
  })

  test('B6: offline before the press is said plainly; back online nothing is sent by itself', async () => {
    const { page } = await newPage()
    await page.goto(put())
    await shows(page, 'idle')
    await page.setOfflineMode(true)
    await press(page)
    await shows(page, 'error')
    assert.equal(await page.evaluate(`document.querySelector('ipay-button').error.code`), 'offline')
    await page.setOfflineMode(false)
    await page.evaluate(`fetch('/nothing').then((reply) => reply.text())`)
    assert.deepEqual(site.asked, [])
    await press(page)
    await atPaymentPage(page)
  })

  test('the accessibility tree has one button named as it reads, busy while it works, and one status', async () => {
    const { page, cdp } = await newPage()
    site.answers(() => undefined)
    await page.goto(put())
    await shows(page, 'idle')
    await cdp.send('Accessibility.enable')
    const tree = async () => {
      const { nodes } = await cdp.send('Accessibility.getFullAXTree')
      return nodes
        .filter(({ ignored }) => !ignored)
        .map(({ role, name, properties = [], description }) => ({
          role: String(role?.value),
          name: String(name?.value ?? '')
            .replace(/\s+/g, ' ')
            .trim(),
          description: String(description?.value ?? ''),
          ...Object.fromEntries(properties.map((property) => [property.name, property.value.value])),
        }))
    }
    const buttons = async () => (await tree()).filter(({ role }) => role === 'button')
    const [only, ...others] = await buttons()
    assert.deepEqual(others, [])
    assert.equal(only?.name, 'iPay Pay ৳1,250.00')
    await press(page)
    await shows(page, 'starting')
    await until('the busy button', async () => {
      const [busy] = await buttons()
      return busy && 'disabled' in busy && busy.disabled === true
    })
    const statuses = (await tree()).filter(({ role }) => role === 'status')
    assert.equal(statuses.length, 1)
    const words = (await tree()).filter(({ role, name }) => role === 'StaticText' && name === 'One moment…')
    assert.equal(words.length, 1, 'said more than once')
  })

  test('a status is announced once for each state, and a state that is drawn again says nothing new', async () => {
    const { page } = await newPage()
    site.answers(() => problem('price-changed', { amount: '1300.00', currency: 'BDT' }))
    await page.goto(put())
    await shows(page, 'idle')
    await page.evaluate(`window.said = []
      const element = document.querySelector('ipay-button')
      const region = element.shadowRoot.querySelector('[role=status]')
      new MutationObserver(() => { const words = region.textContent.trim(); if (words) said.push(words) })
        .observe(region, { subtree: true, childList: true, characterData: true })`)
    await press(page)
    await shows(page, 'price-changed')
    await page.evaluate(`(async () => { for (let i = 0; i < 5; i++) {
      const element = document.querySelector('ipay-button'); element.requestUpdate(); await element.updateComplete } })()`)
    const said = (await page.evaluate('said')) as string[]
    assert.deepEqual(said, [...new Set(said)])
    assert.match(said.at(-1) ?? '', /৳1,300\.00 instead of ৳1,250\.00/)
  })

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
})
