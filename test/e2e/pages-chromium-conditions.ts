import assert from 'node:assert/strict'
import { test } from 'node:test'
import { until } from '../support/until.ts'
import { scriptTag } from './pages-build.ts'
import {
  atPaymentPage,
  built,
  LAN_HOST,
  newPage,
  newTab,
  PANEL,
  press,
  put,
  shows,
  site,
} from './pages-chromium-tabs.ts'
import { openReply, TAG } from './pages-site.ts'

/** Pages that come and go often, load early, or have a bad connection. */
export function conditionRules(): void {
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
}
