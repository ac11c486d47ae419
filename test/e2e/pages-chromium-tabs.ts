import assert from 'node:assert/strict'
import { after, afterEach, before } from 'node:test'
import puppeteer, { type Browser, type CDPSession, type Page } from 'puppeteer-core'
import { chromiumOptions } from '../support/launch-options.ts'
import { until } from '../support/until.ts'
import { type BuiltElements, buildElements, scriptTag } from './pages-build.ts'
import { pageOf } from './pages-scene.ts'
import { type Site, startSite, TAG } from './pages-site.ts'

export const PANEL =
  '<ipay-result order-endpoint="/orders" token="tok_0123456789abcdefghijk" environment="sandbox"></ipay-result>'
/** A name that is no loopback for the browser, and so no secure page; it leads to this machine all the same. */
export const LAN_HOST = 'shop.lan'

// There as soon as the first test begins.
export let site: Site
export let built: BuiltElements

let browser: Browser

let pages: Page[] = []
const faults: string[] = []
let made = 0

/** Starts Chromium and the site once for a file; each test's tabs are closed after it, and none may have thrown. */
export function startChromiumOnce(): void {
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
}

/** A tab that no session of the protocol looks at. */
export async function newTab(): Promise<Page> {
  const context = await browser.createBrowserContext()
  const page = await context.newPage()
  page.on('pageerror', (error) => faults.push(String(error)))
  pages.push(page)
  return page
}

/** A tab, and Chromium's own protocol to it. */
export async function newPage(): Promise<{ page: Page; cdp: CDPSession }> {
  const page = await newTab()
  return { page, cdp: await page.createCDPSession() }
}

/** Puts a page on the site. Returns its address. */
export function put(body = TAG, head = scriptTag(built)): string {
  const path = `/page-${++made}`
  site.put(path, pageOf(`<meta name="viewport" content="width=device-width">${head}`, body))
  return site.url + path
}

const state = (page: Page, tag = 'ipay-button') => page.evaluate(`document.querySelector('${tag}')?.state`)
/** Waits until the element is in a state. */
export const shows = (page: Page, wanted: string, tag = 'ipay-button') =>
  until(`${tag} to be ${wanted}`, async () => (await state(page, tag)) === wanted)
export const press = (page: Page) =>
  page.evaluate(`document.querySelector('ipay-button').shadowRoot.querySelector('button').click()`)
export const atPaymentPage = (page: Page) => until('the payment page', () => page.url() === `${site.otherUrl}/pay/1`)
