import puppeteer from 'puppeteer-core'
import { chromiumOptions, firefoxOptions } from '../launch-options.ts'
import { puppeteerTab } from './puppeteer-tab.ts'
import type { Engine } from './tab.ts'

/** Starts Chromium or Firefox without a window. */
export async function startPuppeteerEngine(name: 'chromium' | 'firefox'): Promise<Engine> {
  const options = name === 'chromium' ? chromiumOptions() : firefoxOptions()
  // No test asks puppeteer what was requested: the shops and the proxies know that. So nobody has to be told of it.
  const browser = await puppeteer.launch({ ...options, defaultViewport: null, networkEnabled: false })
  return {
    name,
    async newVisitor({ javascript = true, size = { width: 1000, height: 800 } } = {}) {
      const context = await browser.createBrowserContext()
      return {
        engine: name,
        async newTab() {
          const page = await context.newPage()
          await page.setViewport(size)
          if (!javascript) await page.setJavaScriptEnabled(false)
          return puppeteerTab(name, page)
        },
        close: () => context.close(),
      }
    },
    close: () => browser.close(),
  }
}
