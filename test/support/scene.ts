import assert from 'node:assert/strict'
import { after, afterEach, before } from 'node:test'
import {
  chosenEngines,
  type Engine,
  type EngineName,
  startEngine,
  type Tab,
  type Visitor,
  type VisitorOptions,
} from './engines/index.ts'
import type { CuttingProxy } from './proxy.ts'
import { sideBySide } from './side-by-side.ts'
import { until } from './until.ts'
import { startWorld, type World, type WorldOptions } from './world.ts'

/** What a case in a browser stands on. */
export interface Scene {
  readonly engine: EngineName
  readonly world: World
  /** Between the browser and the shop. */
  readonly proxy: CuttingProxy
  /** A new person with a browser of their own; closed after the test. */
  newVisitor(options?: VisitorOptions): Promise<Visitor>
  /** The first tab of a new person. */
  newTab(options?: VisitorOptions): Promise<Tab>
}

/**
 * Writes the cases once for every engine; the engines run side by side, each with a world of its own. After each case
 * the books are compared: no invariant may be broken, every paid order must get fulfilled or flagged, the key must be
 * nowhere, and no page may have thrown.
 */
export function inEveryEngine(
  title: string,
  write: (scene: Scene) => void,
  engines = chosenEngines(),
  options: WorldOptions = {},
): void {
  sideBySide(title, engines, (name) => {
    let engine: Engine
    let world: World
    let visitors: Visitor[] = []
    let tabs: Tab[] = []

    before(async () => {
      const starts = [startWorld({ proxied: true, ...options }), startEngine(name)] as const
      const [aWorld, anEngine] = await Promise.allSettled(starts)
      // What did start is ended afterwards, whatever became of the other one.
      if (aWorld.status === 'fulfilled') world = aWorld.value
      if (anEngine.status === 'fulfilled') engine = anEngine.value
      await Promise.all(starts)
    })
    afterEach(async () => {
      const faults = tabs.flatMap((tab) => tab.faults)
      await Promise.all(visitors.map((visitor) => visitor.close()))
      visitors = []
      tabs = []
      scene.proxy.mend()
      scene.proxy.latencyMs = 0
      await world.sandbox.setFaults([])
      assert.deepEqual(faults, [], 'V9: a page threw')
      let broken: string[] = []
      await until('the books to agree', async () => {
        broken = await world.violations({ settled: true })
        return broken.length === 0
      }).catch(() => assert.deepEqual(broken, []))
    })
    after(async () => {
      await engine?.close()
      await world?.stop()
    })

    const scene: Scene = {
      engine: name,
      get world() {
        return world
      },
      get proxy() {
        if (!world.proxy) throw new Error('this world has no proxy')
        return world.proxy
      },
      async newVisitor(options) {
        const visitor = await engine.newVisitor(options)
        visitors.push(visitor)
        return {
          ...visitor,
          async newTab() {
            const tab = await visitor.newTab()
            tabs.push(tab)
            return tab
          },
        }
      },
      newTab: async (options) => (await scene.newVisitor(options)).newTab(),
    }
    write(scene)
  })
}

/** The same in the first engine only: for what the shop and its server do, whoever the buyer's browser is. */
export function inOneEngine(title: string, write: (scene: Scene) => void, options?: WorldOptions): void {
  inEveryEngine(title, write, chosenEngines().slice(0, 1), options)
}
