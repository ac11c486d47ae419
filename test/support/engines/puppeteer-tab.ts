import type { ElementHandle, Frame, Page } from 'puppeteer-core'
import type { EngineName } from '../browsers.ts'
import { askAgain, until } from '../until.ts'
import { findInPage, type Json, type KeyName, type Tab } from './tab.ts'

const FIND = findInPage.toString()

/** A tab that puppeteer drives: Chromium over CDP, Firefox over BiDi. */
export function puppeteerTab(engine: EngineName, page: Page): Tab {
  const faults: string[] = []
  page.on('pageerror', (error) => faults.push(String(error)))

  async function element(selector: string, within: Page | Frame = page): Promise<ElementHandle<Element>> {
    return until(`${selector} on the page`, async () => {
      const handle = await within.evaluateHandle(`(${FIND})(${JSON.stringify(selector)})`)
      const found = handle.asElement()
      // The page's function returns an Element or null.
      return found ? (found as ElementHandle<Element>) : undefined
    })
  }

  /** As for a person, only the tab in front takes input. */
  async function inFront(selector: string): Promise<ElementHandle<Element>> {
    await page.bringToFront()
    return element(selector)
  }

  function evaluate<Args extends Json[], Result>(work: (...args: Args) => Result, ...args: Args): Promise<Result> {
    return page.evaluate(`(${work.toString()})(...${JSON.stringify(args)})`) as Promise<Result>
  }

  const read = (script: string): Promise<unknown> => askAgain(() => page.evaluate(script))

  /** A page that leaves while it is asked to leave answers nothing. */
  async function move(script: string): Promise<void> {
    await page.evaluate(script).catch(() => undefined)
  }

  return {
    engine,
    faults,
    async open(url) {
      if (engine === 'chromium' || page.url() === 'about:blank') {
        await page.goto(url, { waitUntil: 'domcontentloaded' })
        return
      }
      // Once a page came out of Firefox's page cache, puppeteer waits in vain for the next one: the page goes by itself.
      await read('window.isLeft = true')
      await move(`location.href = ${JSON.stringify(url)}`)
      await until(url, () => page.evaluate(`!window.isLeft && document.readyState !== 'loading'`))
    },
    click: async (selector) => (await inFront(selector)).click(),
    async clickInFrame(frame, selector) {
      const inside = await (await inFront(frame)).contentFrame()
      if (!inside) throw new Error(`${frame} is no frame`)
      await (await element(selector, inside)).click()
    },
    doubleClick: async (selector) => (await inFront(selector)).click({ count: 2 }),
    async type(selector, text) {
      const field = await inFront(selector)
      await field.click()
      await field.type(text)
    },
    async press(key: KeyName, times = 1) {
      for (let press = 0; press < times; press++) await page.keyboard.down(key)
      await page.keyboard.up(key)
    },
    text: (selector) =>
      read(`(${FIND})(${JSON.stringify(selector)})?.innerText?.replace(/\\s+/g, ' ').trim()`) as Promise<
        string | undefined
      >,
    attribute: (selector, name) =>
      read(`(${FIND})(${JSON.stringify(selector)})?.getAttribute(${JSON.stringify(name)}) ?? null`) as Promise<
        string | null
      >,
    evaluate,
    url: () => read('location.href') as Promise<string>,
    back: () => move('history.back()'),
    forward: () => move('history.forward()'),
    async reload() {
      await read('window.isLeft = true')
      await move('location.reload()')
      await until('the reloaded page', () => page.evaluate(`!window.isLeft && document.readyState !== 'loading'`))
    },
    close: () => page.close(),
  }
}
