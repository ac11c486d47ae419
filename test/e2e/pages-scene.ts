import assert from 'node:assert/strict'
import { after, afterEach, before } from 'node:test'
import {
  chosenEngines,
  type Engine,
  type EngineName,
  startEngine,
  type Tab,
  type Visitor,
} from '../support/engines/index.ts'
import { sideBySide } from '../support/side-by-side.ts'
import { until } from '../support/until.ts'
import { type BuiltElements, buildElements, scriptTag } from './pages-build.ts'
import { type Site, startSite, TAG } from './pages-site.ts'

/** What a case about a page stands on: one engine, a little site, and the built file at `/ipay-button.min.js`. */
export interface PageScene {
  readonly engine: EngineName
  readonly site: Site
  readonly built: BuiltElements
  /** This test's page is meant to throw this; anything else fails the test. */
  expectFault(pattern: RegExp): void
  /** A tab of a new person. */
  newTab(options?: { readonly javascript?: boolean }): Promise<Tab>
  /** Puts a page with the built file and the tag, and opens it in a new tab. */
  open(page?: PageOptions): Promise<Tab>
}

/** A page under test; left out: the head holds the built file with its hash, the body the tag. */
export interface PageOptions {
  readonly head?: string
  readonly body?: string
  readonly headers?: Readonly<Record<string, string>>
}

/** Writes the cases once for every engine, which run side by side. After each of them no page may have thrown. */
export function pagesInEveryEngine(title: string, write: (scene: PageScene) => void, engines = chosenEngines()): void {
  sideBySide(title, engines, (name) => {
    let engine: Engine
    let site: Site
    let built: BuiltElements
    let visitors: Visitor[] = []
    let tabs: Tab[] = []
    let made = 0
    let expected = NONE

    before(async () => {
      built = await buildElements()
      site = await startSite()
      site.put('/ipay-button.min.js', built.code, { 'Access-Control-Allow-Origin': '*' })
      site.put('/ipay-button.css', built.css)
      engine = await startEngine(name)
    })
    afterEach(async () => {
      const faults = tabs.flatMap((tab) => tab.faults)
      await Promise.all(visitors.map((visitor) => visitor.close()))
      visitors = []
      tabs = []
      site.answers()
      assert.deepEqual(
        faults.filter((fault) => !expected.test(fault)),
        [],
        'V9: a page threw',
      )
      expected = NONE
    })
    after(async () => {
      await engine?.close()
      await site?.stop()
    })

    const scene: PageScene = {
      engine: name,
      get site() {
        return site
      },
      get built() {
        return built
      },
      expectFault(pattern) {
        expected = pattern
      },
      async newTab(options) {
        const visitor = await engine.newVisitor(options)
        visitors.push(visitor)
        const tab = await visitor.newTab()
        tabs.push(tab)
        return tab
      },
      async open({ head = scriptTag(built), body = TAG, headers = {} } = {}) {
        const path = `/page-${++made}`
        site.put(path, pageOf(head, body), headers)
        const tab = await scene.newTab()
        await tab.open(site.url + path)
        return tab
      },
    }
    write(scene)
  })
}

/** Matches nothing. */
const NONE = /(?!)/

/** A whole page around a head and a body. */
export const pageOf = (head: string, body: string): string =>
  `<!doctype html><html lang="en"><meta charset="utf-8"><title>shop</title>${head}<body>${body}</body></html>`

/** Waits for the payment page of the site's other origin. */
export async function atPaymentPage(tab: Tab, site: Site): Promise<void> {
  await until('the payment page', async () => (await tab.url()) === `${site.otherUrl}/pay/1`).catch(
    async (error: unknown) => {
      const found = await tab.evaluate(() => {
        const element = document.querySelector('ipay-button')
        const state = element && 'state' in element ? String(element.state) : 'not upgraded'
        const error = element && 'error' in element ? String(element.error) : ''
        return `${state} ${error}`
      })
      throw new Error(`no payment page: at ${await tab.url()}, the button is ${found}`, { cause: error })
    },
  )
}

/** Waits until an element of the page is in a state; a failure tells its error. */
export async function shows(tab: Tab, tag: 'ipay-button' | 'ipay-result', ...states: string[]): Promise<void> {
  let last = ''
  await until(
    `${tag} to be ${states.join(' or ')}`,
    async () => {
      last = await tab.evaluate((name) => {
        const element = document.querySelector(name)
        if (!element || !('state' in element)) return 'not upgraded'
        const { state, error } = element as Element & { state: string; error: (Error & { code: string }) | null }
        return error ? `${state} (${error.code}: ${error.message})` : state
      }, tag as string)
      return states.includes(last.split(' ')[0] ?? '')
    },
    { within: 15_000 },
  ).catch((error: unknown) => {
    throw new Error(`${tag} is ${last} and not ${states.join(' or ')}`, { cause: error })
  })
}
