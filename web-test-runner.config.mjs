// Component tests in real engines: `BROWSERS=chromium,firefox,webkit npx wtr --files 'test/browser/x.test.ts'`.
import { existsSync } from 'node:fs'
import { fileURLToPath } from 'node:url'
import { esbuildPlugin } from '@web/dev-server-esbuild'
import { defaultReporter } from '@web/test-runner'
import { chromeLauncher } from '@web/test-runner-chrome'
import puppeteer from 'puppeteer-core'
import { browserTotals } from './test/support/browser-totals.ts'
import { presentEngines } from './test/support/browsers.ts'
import { chromiumOptions, firefoxOptions } from './test/support/launch-options.ts'
import { webKitLauncher } from './test/support/webkit-launcher.ts'

const engines = process.env.BROWSERS?.split(',') ?? presentEngines()
const shop = new URL('./test/support/shop-middleware.mjs', import.meta.url)

function launcher(engine) {
  if (engine === 'chromium') {
    // Of two tabs one is in front: the other shows no focus unless it is told that it is in front as well.
    const createPage = async ({ context }) => {
      const page = await context.newPage()
      await page.emulateFocusedPage(true)
      return page
    }
    return named('Chromium', chromeLauncher({ puppeteer, launchOptions: chromiumOptions(), createPage }))
  }
  if (engine === 'webkit') return webKitLauncher()
  if (engine !== 'firefox') throw new Error(`BROWSERS names ${engine}, which is none of chromium, firefox, webkit`)
  // Firefox mixes up two tabs that load at once, and its BiDi has no command for a viewport.
  const createPage = async ({ context }) => Object.assign(await context.newPage(), { setViewport: async () => {} })
  const launchOptions = firefoxOptions()
  return named('Firefox', chromeLauncher({ puppeteer, concurrency: 1, launchOptions, createPage }))
}

/** Two launchers of one class would share one name, and the report would not say which engine failed. */
function named(name, created) {
  const { initialize } = created
  return Object.assign(created, {
    name,
    type: name.toLowerCase(),
    async initialize(...given) {
      await initialize?.apply(created, given)
      created.name = name
    },
  })
}

export default {
  files: ['test/browser/**/*.test.ts'],
  nodeResolve: true,
  hostname: '127.0.0.1',
  concurrentBrowsers: 2,
  concurrency: 2,
  // Only a hang meets these; the scripted shop and the page's stopped clock make every wait in the tests a short one.
  browserStartTimeout: 120_000,
  testsStartTimeout: 120_000,
  testsFinishTimeout: 300_000,
  browsers: engines.map(launcher),
  plugins: [
    esbuildPlugin({
      ts: true,
      target: 'es2022',
      tsconfig: fileURLToPath(new URL('./tsconfig.json', import.meta.url)),
    }),
  ],
  middleware: existsSync(shop) ? [(await import(shop.href)).shopMiddleware] : [],
  // Lit says on every page that it is the development build; anything else that a page logs is shown.
  filterBrowserLogs: ({ args }) => !args.some((arg) => typeof arg === 'string' && arg.includes('Lit is in dev mode')),
  testFramework: { config: { timeout: 60_000 } },
  reporters: [defaultReporter({ reportTestResults: true, reportTestProgress: false }), browserTotals()],
}
