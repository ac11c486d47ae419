import { startWebKit } from '../webkit-driver.ts'
import type { Engine, Visitor } from './tab.ts'
import { type InTab, webKitTab } from './webkit-tab.ts'

/** WebKitGTK: each visitor is a browser process of its own, because a driver has one profile. */
export async function startWebKitEngine(): Promise<Engine> {
  const visitors = new Set<Visitor>()
  return {
    name: 'webkit',
    async newVisitor({ javascript = true, size = { width: 1000, height: 800 } } = {}) {
      if (!javascript) throw new Error('WebKitWebDriver works through scripts: it cannot drive a page without them')
      const driver = await startWebKit()
      await driver.command('POST', '/window/rect', size)
      let last: Promise<unknown> = Promise.resolve()
      function inTurn<T>(work: () => Promise<T>): Promise<T> {
        const next = last.then(work, work)
        last = next.catch(() => undefined)
        return next
      }

      /** The tab that commands go to; undefined after one that failed. */
      let current: string | undefined
      const inTab: InTab = (handle, work) =>
        inTurn(async () => {
          // Not before each command: it wakes the window up, which a page that is just leaving need not hear.
          if (current !== handle) await driver.command('POST', '/window', { handle })
          current = undefined
          const result = await work()
          current = handle
          return result
        })

      let used = false
      const visitor: Visitor = {
        engine: 'webkit',
        async newTab() {
          if (!used) {
            used = true
            const first = (await inTurn(() => driver.command('GET', '/window'))) as string
            return webKitTab(driver, first, inTab)
          }
          const made = (await inTurn(async () => {
            // The tab that was used last may be closed, and the driver makes new ones beside it only.
            const [handle] = (await driver.command('GET', '/window/handles')) as string[]
            current = undefined
            await driver.command('POST', '/window', { handle })
            return driver.command('POST', '/window/new', { type: 'tab' })
          })) as { handle: string }
          return webKitTab(driver, made.handle, inTab)
        },
        async close() {
          visitors.delete(visitor)
          await driver.stop()
        },
      }
      visitors.add(visitor)
      return visitor
    },
    async close() {
      for (const visitor of visitors) await visitor.close()
    },
  }
}
