import type { BrowserLauncher } from '@web/test-runner-core'
import { startWebKit, type WebKitDriver } from './webkit-driver.ts'

/** web-test-runner's browser for WebKitGTK: one window, one test file after the other. */
export function webKitLauncher(): BrowserLauncher {
  let driver: Promise<WebKitDriver> | undefined
  let active: { id: string; url: string } | undefined
  return {
    name: 'WebKit',
    type: 'webkit',
    concurrency: 1,
    async startSession(id, url) {
      driver ??= startWebKit()
      active = { id, url }
      await (await driver).command('POST', '/url', { url })
    },
    isActive: (id) => active?.id === id,
    getBrowserUrl: () => active?.url,
    async stopSession() {
      active = undefined
      await (await driver)?.command('POST', '/url', { url: 'about:blank' })
      return {}
    },
    async stop() {
      await (await driver)?.stop()
    },
    startDebugSession() {
      throw new Error('WebKitGTK has no debug session here')
    },
  }
}
