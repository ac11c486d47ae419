import assert from 'node:assert/strict'
import { once } from 'node:events'
import { createServer, type Server } from 'node:http'
import { after, before, test } from 'node:test'
import { chosenEngines, type Engine, startEngine, type Tab, type Visitor } from '../support/engines/index.ts'
import { sideBySide } from '../support/side-by-side.ts'
import { until } from '../support/until.ts'

const PAGE = `<!doctype html><title>shop</title><div id="host"></div><input name="word">
<script>
  const root = document.querySelector('#host').attachShadow({ mode: 'open' })
  root.innerHTML = '<button>Go on</button>'
  window.clicks = []
  window.keys = []
  root.querySelector('button').addEventListener('click', (event) => window.clicks.push(event.isTrusted))
  addEventListener('keydown', (event) => window.keys.push(event.key))
  addEventListener('pageshow', (event) => { window.restored = event.persisted })
</script>`

const PAGES: Readonly<Record<string, string>> = {
  '/other': '<!doctype html><title>other</title><h1>Elsewhere</h1>',
  '/popup': "<!doctype html><title>popup</title><script>window.opened = window.open('/other')</script>",
}

async function listen(): Promise<{ server: Server; url: string }> {
  // As servers behind a proxy do: with Node's own five seconds a navigation could meet a connection that is just closing.
  const server = createServer({ keepAliveTimeout: 65_000 }, (request, response) => {
    response.setHeader('Content-Type', 'text/html; charset=utf-8')
    response.end(PAGES[request.url ?? ''] ?? PAGE)
  }).listen(0, '127.0.0.1')
  await once(server, 'listening')
  const address = server.address()
  if (address === null || typeof address === 'string') throw new Error('no port')
  return { server, url: `http://localhost:${address.port}` }
}

sideBySide('the driver', chosenEngines(), (name) => {
  let engine: Engine
  let visitor: Visitor
  let tab: Tab
  let site: Awaited<ReturnType<typeof listen>>

  before(async () => {
    site = await listen()
    engine = await startEngine(name)
    visitor = await engine.newVisitor()
    tab = await visitor.newTab()
  })
  after(async () => {
    await visitor.close()
    await engine.close()
    site.server.closeAllConnections()
    site.server.close()
  })

  test('a click and a double click reach a button in a shadow root as trusted input', async () => {
    await tab.open(`${site.url}/`)
    await tab.click('#host >>> button')
    await tab.doubleClick('#host >>> button')
    await until('three clicks', async () => (await tab.evaluate(() => Reflect.get(window, 'clicks').length)) === 3)
    assert.deepEqual(await tab.evaluate(() => Reflect.get(window, 'clicks')), [true, true, true])
    assert.equal(await tab.text('#host >>> button'), 'Go on')
  })

  test('a held key comes as often as told, and typing fills a field', async () => {
    await tab.open(`${site.url}/`)
    await tab.type('input', 'two mugs')
    assert.equal(await tab.evaluate(() => document.querySelector('input')?.value), 'two mugs')
    await tab.evaluate(() => {
      Reflect.get(window, 'keys').length = 0
    })
    await tab.press('Enter', 5)
    assert.deepEqual(await tab.evaluate(() => Reflect.get(window, 'keys')), Array(5).fill('Enter'))
  })

  test('Back shows the page as it was left, out of the page cache', async () => {
    await tab.open(`${site.url}/`)
    await tab.evaluate(() => Reflect.set(window, 'mark', 'kept'))
    await tab.evaluate(
      (address) => {
        location.href = address
      },
      `${site.url.replace('localhost', '127.0.0.1')}/other`,
    )
    await until('the other page', async () => (await tab.text('h1')) === 'Elsewhere')
    await tab.back()
    await until('the first page', async () => (await tab.text('#host >>> button')) === 'Go on')
    assert.equal(await tab.evaluate(() => Reflect.get(window, 'restored')), true)
    assert.equal(await tab.evaluate(() => Reflect.get(window, 'mark')), 'kept')
    await tab.forward()
    await until('the other page again', async () => (await tab.url()).endsWith('/other'))
  })

  test('a window that opens without a press is blocked', async () => {
    // In a tab of its own: Firefox now and then counts a press on a page before as one on this page.
    const fresh = await visitor.newTab()
    await fresh.open(`${site.url}/popup`)
    const tried = () => fresh.evaluate(() => ('opened' in window ? { opened: String(window.opened) } : null))
    assert.deepEqual(await until('the page has tried', tried), { opened: 'null' })
    await fresh.close()
  })

  test('visitors share no cookies, tabs of one visitor do', async () => {
    await tab.open(`${site.url}/`)
    await tab.evaluate(() => {
      // biome-ignore lint/suspicious/noDocumentCookie: WebKitGTK has no Cookie Store API.
      document.cookie = 'mine=1'
    })
    const beside = await visitor.newTab()
    await beside.open(`${site.url}/`)
    assert.equal(await beside.evaluate(() => document.cookie), 'mine=1')
    await beside.close()
    const stranger = await engine.newVisitor()
    const other = await stranger.newTab()
    await other.open(`${site.url}/`)
    assert.equal(await other.evaluate(() => document.cookie), '')
    await stranger.close()
  })
})
