import assert from 'node:assert/strict'
import { before, test } from 'node:test'
import { PAY } from '../support/shopper.ts'
import { until } from '../support/until.ts'
import { scriptTag } from './pages-build.ts'
import { atPaymentPage, pagesInEveryEngine, shows } from './pages-scene.ts'
import { openReply, statusReply, TAG, TOKEN } from './pages-site.ts'

pagesInEveryEngine('moved about, and inside forms', (scene) => {
  before(() => scene.site.put('/blank', '<!doctype html><title>b</title>'))
  const posts = () => scene.site.asked.filter(({ method }) => method === 'POST').length

  test('I11: twenty moves in mid-request, through a shadow root and the document of a frame, are one order', async () => {
    const { site } = scene
    let answer = () => {}
    const held = new Promise<void>((resolve) => {
      answer = resolve
    })
    site.answers(async () => {
      await held
      return { status: 201, body: openReply({ paymentUrl: `${site.otherUrl}/pay/1` }) }
    })
    const tab = await scene.open({ body: `<div id="a"></div><div id="b"></div><iframe title="c"></iframe>${TAG}` })
    await shows(tab, 'ipay-button', 'idle')
    await tab.click(PAY)
    await until('the request', () => posts() > 0)
    const state = await tab.evaluate(() => {
      const element = document.querySelector('ipay-button')
      const shadow = document.querySelector('#b')?.attachShadow({ mode: 'open' })
      const places = [document.querySelector('#a'), shadow, document.querySelector('iframe')?.contentDocument?.body]
      if (!element || !('state' in element)) return 'no button'
      for (let move = 0; move < 20; move++) places[move % places.length]?.append(element)
      document.body.append(element)
      return element.state
    })
    assert.equal(state, 'starting')
    answer()
    await atPaymentPage(tab, site)
    assert.equal(posts(), 1)
  })

  test('I15: in the document of a frame, back again, and made for it, a button looks the same and makes one order', async () => {
    const tab = await scene.open({ body: `<div id="a">${TAG}</div><iframe title="c" src="/blank"></iframe>` })
    await shows(tab, 'ipay-button', 'idle')
    const looks = (place: string) =>
      tab.evaluate((at) => {
        const frame = document.querySelector('iframe')?.contentDocument
        const element = (at === 'frame' ? frame : document)?.querySelector('ipay-button')
        const button = element?.shadowRoot?.querySelector('button')
        const view = element?.ownerDocument.defaultView
        if (!button || !view) return 'nothing drawn'
        const { backgroundColor, minHeight, display } = view.getComputedStyle(button)
        return [backgroundColor, minHeight, display].join(' ')
      }, place)
    const here = await looks('page')
    assert.match(here, /^rgb.* 4\d/)
    await until('the frame', () => tab.evaluate(() => document.querySelector('iframe')?.contentDocument?.title === 'b'))
    await tab.evaluate(() => {
      const element = document.querySelector('ipay-button')
      if (element) document.querySelector('iframe')?.contentDocument?.body.append(element)
    })
    assert.equal(await looks('frame'), here)
    await tab.evaluate(() => {
      const element = document.querySelector('iframe')?.contentDocument?.querySelector('ipay-button')
      // The document of a template's content has no window.
      if (element) document.createElement('template').content.append(element)
      if (element) document.querySelector('#a')?.append(element)
      const made = document.createElement('ipay-button')
      document.querySelector('iframe')?.contentDocument?.body.append(made)
    })
    assert.equal(await looks('page'), here)
    await until('a drawing in the frame', async () => (await looks('frame')) === here)
    await tab.click(PAY)
    await atPaymentPage(tab, scene.site)
    assert.equal(posts(), 1)
  })

  test('E7: a panel that is taken out and put back goes on asking, and knows', async () => {
    const { site } = scene
    let state: 'processing' | 'paid' = 'processing'
    site.answers(() => ({ status: 200, body: statusReply({ state, retry: 'no', paymentUrl: null, pollAfter: 1 }) }))
    const panel = `<ipay-result order-endpoint="/orders" token="${TOKEN}" environment="sandbox"></ipay-result>`
    const tab = await scene.open({ body: panel })
    await until('two questions', () => site.asked.length >= 2)
    // In a task of its own: a move would have put it back by then.
    await tab.evaluate(() => {
      const element = document.querySelector('ipay-result')
      Reflect.set(window, 'kept', element)
      element?.remove()
    })
    await tab.evaluate(() => new Promise((resolve) => setTimeout(resolve)))
    state = 'paid'
    await tab.evaluate(() => document.body.append(Reflect.get(window, 'kept')))
    await shows(tab, 'ipay-result', 'paid')
  })

  test('I14: Enter in a field sends the form and opens no payment; a press opens one and sends no form', async () => {
    const { site } = scene
    const body = `<form action="/sent"><input name="note" value="x"><fieldset>${TAG.replace('<ipay-button', '<ipay-button name="pay"')}</fieldset></form>
      <script>
        window.sent = []
        document.forms[0].addEventListener('submit', (event) => {
          event.preventDefault()
          sent.push(String(new URLSearchParams(new FormData(event.target))))
        })
      </script>`
    const tab = await scene.open({ head: scriptTag(scene.built), body })
    await shows(tab, 'ipay-button', 'idle')
    const sent = () => tab.evaluate(() => [...(Reflect.get(window, 'sent') as string[])])
    await tab.click('input')
    await tab.press('Enter')
    await until('the form', async () => (await sent()).length > 0)
    assert.deepEqual(await sent(), ['note=x'])
    assert.equal(posts(), 0)
    await tab.evaluate(() => {
      const fieldset = document.querySelector('fieldset')
      if (fieldset) fieldset.disabled = true
      document.querySelector<HTMLElement>('ipay-button')?.click()
      document.forms[0]?.reset()
      if (fieldset) fieldset.disabled = false
    })
    await shows(tab, 'ipay-button', 'idle')
    assert.equal(posts(), 0)
    let seen: string[] = []
    site.answers(async () => {
      seen = await sent()
      return { status: 201, body: openReply({ paymentUrl: `${site.otherUrl}/pay/1` }) }
    })
    await tab.click(PAY)
    await atPaymentPage(tab, site)
    assert.deepEqual([posts(), seen], [1, ['note=x']])
  })
})
