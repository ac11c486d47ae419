import assert from 'node:assert/strict'
import { before, test } from 'node:test'
import { PAY } from '../support/shopper.ts'
import { until } from '../support/until.ts'
import { type BuiltElements, buildElements, scriptTag } from './pages-build.ts'
import { atPaymentPage, pagesInEveryEngine, shows } from './pages-scene.ts'
import { openReply, TAG } from './pages-site.ts'

const FORM = `<ipay-button environment="sandbox"><form method="post" action="/orders">
  <input type="hidden" name="cart" value="c_81"><button>Pay with iPay</button></form></ipay-button>`
/** Keeps what a page says and throws, from before any script of ours. */
const WATCH = `<script>
  window.warnings = []
  window.thrown = []
  console.warn = (...words) => warnings.push(words.join(' '))
  addEventListener('error', (event) => thrown.push(event.message))
  addEventListener('unhandledrejection', (event) => thrown.push(String(event.reason)))
</script>`

pagesInEveryEngine('scripts that come twice, late or not at all', (scene) => {
  let other: BuiltElements
  before(async () => {
    other = await buildElements({ verb: 'Other words' })
    scene.site.put('/other.min.js', other.code)
  })

  test('I8: the published file, included twice under two addresses, defines once and throws nothing', async () => {
    const { site, built } = scene
    site.put('/again.js', built.code)
    const tab = await scene.open({ head: WATCH + scriptTag(built) + scriptTag(built) + scriptTag(built, '/again.js') })
    await shows(tab, 'ipay-button', 'idle')
    await until('the one warning', () => tab.evaluate(() => Reflect.get(window, 'warnings').length > 0))
    assert.deepEqual(await tab.evaluate(() => Reflect.get(window, 'thrown')), [])
    await tab.click(PAY)
    await atPaymentPage(tab, site)
    assert.equal(site.asked.filter(({ method }) => method === 'POST').length, 1)
  })

  for (const first of ['this version', 'the other version'] as const) {
    test(`I9: of two versions, ${first} loaded first wins, with one warning, and both tags work`, async () => {
      const { site, built } = scene
      const tags = [scriptTag(built), scriptTag(other, '/other.min.js')]
      if (first === 'the other version') tags.reverse()
      const panel =
        '<ipay-result order-endpoint="/orders" token="tok_0123456789abcdefghijk" environment="sandbox"></ipay-result>'
      const tab = await scene.open({ head: WATCH + tags.join(''), body: TAG + panel })
      await shows(tab, 'ipay-button', 'idle')
      await shows(tab, 'ipay-result', 'unfinished')
      await until('the warning', () => tab.evaluate(() => Reflect.get(window, 'warnings').length > 0))
      const warnings: string[] = await tab.evaluate(() => Reflect.get(window, 'warnings'))
      assert.equal(warnings.length, 1)
      assert.match(warnings[0] ?? '', /<ipay-button>,<ipay-result> is already defined/)
      assert.deepEqual(await tab.evaluate(() => Reflect.get(window, 'thrown')), [])
      assert.match((await tab.text(PAY)) ?? '', first === 'this version' ? /^Pay/ : /^Other words/)
      await tab.click(PAY)
      await atPaymentPage(tab, site)
    })
  }

  test('I8: a classic script tag does the same, twice too, and makes no global of its own', async () => {
    const { site, built } = scene
    site.put('/classic.js', built.code)
    const theirs =
      "<script>window.$ = window._ = 'theirs'; window.namesBefore = Object.getOwnPropertyNames(window)</script>"
    const tag = '<script src="/classic.js"></script>'
    const tab = await scene.open({ head: WATCH + theirs + tag + tag })
    await shows(tab, 'ipay-button', 'idle')
    const made = await tab.evaluate(() => {
      const before: string[] = Reflect.get(window, 'namesBefore')
      return Object.getOwnPropertyNames(window).filter((name) => name !== 'namesBefore' && !before.includes(name))
    })
    assert.deepEqual(made, [])
    assert.deepEqual(await tab.evaluate(() => [Reflect.get(window, '$'), Reflect.get(window, '_')]), [
      'theirs',
      'theirs',
    ])
    assert.deepEqual(await tab.evaluate(() => Reflect.get(window, 'thrown')), [])
    await tab.click(PAY)
    await atPaymentPage(tab, site)
  })

  test('I10: a name that another script took stays with it, unharmed, with one warning', async () => {
    const theirs = `<script>customElements.define('ipay-button', class extends HTMLElement {
      connectedCallback() { this.textContent = 'theirs' } })</script>`
    const tab = await scene.open({ head: WATCH + theirs + scriptTag(scene.built) })
    await until('the warning', () => tab.evaluate(() => Reflect.get(window, 'warnings').length > 0))
    assert.equal(await tab.text('ipay-button'), 'theirs')
    assert.equal(await tab.evaluate(() => Reflect.get(window, 'warnings').length), 1)
    assert.deepEqual(await tab.evaluate(() => Reflect.get(window, 'thrown')), [])
  })

  for (const [what, headers, head] of [
    ['whose hash is wrong (OWASP ASVS 5.0, 3.6.1)', {}, () => scriptTag(scene.built).replace('sha384-', 'sha384-AAAA')],
    ['that the policy blocks', { 'Content-Security-Policy': "script-src 'none'" }, () => scriptTag(scene.built)],
    ['that is not there', {}, () => '<script type="module" src="/nowhere.js"></script>'],
  ] as const) {
    test(`I18: with a script ${what}, the form inside the tag leads to the payment page`, async () => {
      const { site } = scene
      scene.expectFault(/integrity|Content-Security-Policy|MIME|module source|hash/i)
      const styles = '<link rel="stylesheet" href="/ipay-button.css">'
      const tab = await scene.open({ head: styles + head(), body: FORM, headers })
      assert.equal(await tab.text('ipay-button button'), 'Pay with iPay')
      await tab.click('ipay-button button')
      await atPaymentPage(tab, site)
      const [asked] = site.asked
      assert.equal(asked?.body, 'cart=c_81')
    })
  }

  test('A8: a press before the late script counts, and one after it starts the payment of the same form', async () => {
    const { site } = scene
    const tab = await scene.open({ head: '', body: FORM })
    await tab.click('ipay-button button')
    await atPaymentPage(tab, site)
    assert.equal(site.asked.length, 1)
    const late = await scene.open({ head: '', body: FORM })
    await late.evaluate(() => {
      const script = document.createElement('script')
      script.type = 'module'
      script.src = '/ipay-button.min.js'
      document.head.append(script)
    })
    await shows(late, 'ipay-button', 'idle')
    await late.click(PAY)
    await atPaymentPage(late, site)
    const last = site.asked.findLast(({ method }) => method === 'POST')
    assert.deepEqual([last?.type, JSON.parse(last?.body ?? '{}').order], ['application/json', { cart: 'c_81' }])
  })

  test('patched globals, a polluted Object.prototype and clobbered names change nothing (OWASP ASVS 5.0, 3.2.3)', async () => {
    const { site } = scene
    const patches = `<script>
      Object.prototype.environment = 'production'
      Object.prototype.paymentUrl = 'https://evil.example/'
      Object.prototype.orderEndpoint = 'https://evil.example/'
      // Not to be enumerated: WebKit's driver would stumble over it.
      const value = async () => ({ paymentUrl: 'https://evil.example/' })
      Object.defineProperty(Object.prototype, 'createOrder', { value, configurable: true, writable: true })
      Array.prototype.extra = () => 1
      const fetched = window.fetch
      window.fetch = (...given) => fetched(...given)
      window.open = undefined
      window.Event.prototype.composedPath = () => []
    </script>`
    const names =
      '<form name="location"></form><img name="localStorage"><a id="fetch"></a><input name="crypto" id="top">'
    const tab = await scene.open({ head: patches + scriptTag(scene.built), body: names + TAG })
    await shows(tab, 'ipay-button', 'idle')
    await tab.click(PAY)
    await atPaymentPage(tab, site)
  })

  test('D10: a web view without window.open, opener or storage pays in the same tab', async () => {
    const { site } = scene
    const bare = `<script>
      for (const name of ['open', 'opener', 'BroadcastChannel', 'SharedWorker', 'Notification']) {
        Object.defineProperty(window, name, { value: undefined, configurable: true })
      }
      for (const name of ['localStorage', 'sessionStorage', 'indexedDB']) {
        Object.defineProperty(window, name, { get() { throw new DOMException('denied', 'SecurityError') } })
      }
    </script>`
    const tab = await scene.open({ head: bare + scriptTag(scene.built) })
    await shows(tab, 'ipay-button', 'idle')
    await tab.click(PAY)
    await atPaymentPage(tab, site)
  })

  test('E12: a page of an opaque origin, where storage is denied, pays', async () => {
    const { site } = scene
    const headers = { 'Content-Security-Policy': 'sandbox allow-scripts allow-top-navigation' }
    const tab = await scene.open({
      head: '<script type="module" src="/ipay-button.min.js"></script>',
      headers,
    })
    await shows(tab, 'ipay-button', 'idle')
    await tab.click(PAY)
    await atPaymentPage(tab, site)
    assert.equal(site.asked.filter(({ method }) => method === 'POST').length, 1)
  })

  test('D7: with ctrl held, the press pays in the same tab, and no window opens', async () => {
    const { site } = scene
    const tab = await scene.open()
    await shows(tab, 'ipay-button', 'idle')
    await tab.evaluate(() => {
      Reflect.set(window, 'open', () => Reflect.set(window, 'opened', true))
      const inner = document.querySelector('ipay-button')?.shadowRoot?.querySelector('button')
      const aux = new MouseEvent('auxclick', { button: 1, bubbles: true, composed: true, cancelable: true })
      inner?.dispatchEvent(aux)
    })
    assert.equal(site.asked.length, 0, 'a middle click is no press')
    await tab.evaluate(() => {
      const inner = document.querySelector('ipay-button')?.shadowRoot?.querySelector('button')
      inner?.dispatchEvent(new MouseEvent('click', { ctrlKey: true, bubbles: true, composed: true, cancelable: true }))
    })
    await atPaymentPage(tab, site)
  })

  test('blocked-navigation: still on the page 10 s after leaving, the button says so and gives a link', async () => {
    const { site } = scene
    const paymentUrl = `${site.otherUrl}/pay/nowhere`
    site.answers(() => ({ status: 201, body: openReply({ paymentUrl }) }))
    const tab = await scene.open()
    await shows(tab, 'ipay-button', 'idle')
    await tab.click(PAY)
    await shows(tab, 'ipay-button', 'error')
    assert.equal(
      await tab.evaluate(() =>
        Reflect.get(Reflect.get(document.querySelector('ipay-button') ?? {}, 'error') ?? {}, 'code'),
      ),
      'blocked-navigation',
    )
    assert.equal(await tab.attribute('ipay-button >>> [part=action]', 'href'), paymentUrl)
    assert.ok(site.visits.includes('/pay/nowhere'))
  })
})
