import { askAgain, until } from '../until.ts'
import type { WebKitDriver } from '../webkit-driver.ts'
import { findInPage, type Json, type KeyName, type Tab } from './tab.ts'

const FIND = findInPage.toString()
/** WebDriver's key codes. */
const KEYS: Record<KeyName, string> = { Enter: '\uE007', Tab: '\uE004', Space: ' ' }
/** The name under which WebDriver hands out elements. */
const ELEMENT = 'element-6066-11e4-a52e-4f735466cecf'

/** One driver has one current tab: does the work in a tab, and keeps the commands of tabs apart. */
export type InTab = <T>(handle: string, work: () => Promise<T>) => Promise<T>

/** A tab of WebKitGTK in plain WebDriver. */
export function webKitTab(driver: WebKitDriver, handle: string, inTab: InTab): Tab {
  const command = (method: 'GET' | 'POST' | 'DELETE', path: string, body?: unknown): Promise<unknown> =>
    inTab(handle, () => driver.command(method, path, body))

  const script = (text: string, args: readonly unknown[] = []) =>
    command('POST', '/execute/sync', { script: text, args })

  /** Input that leads to another page may stay without an answer; where it led is what the caller waits for. */
  async function input(path: string, body?: unknown): Promise<void> {
    await command('POST', path, body).catch((error: unknown) => {
      if (!(error instanceof DOMException && error.name === 'TimeoutError')) throw error
    })
  }

  const read = (text: string, args: readonly unknown[] = []) => askAgain(() => script(text, args))

  /** Starts a navigation and returns when another page's HTML was read. */
  async function leave(go: () => Promise<unknown>): Promise<void> {
    await read('window.isLeft = true')
    await go()
    await until('the next page', () => script("return !window.isLeft && document.readyState !== 'loading'")).catch(
      async (error: unknown) => {
        const where = await script('return [document.readyState, location.href, window.isLeft].join(" ")').catch(String)
        throw new Error(`the next page: ${where}`, { cause: error })
      },
    )
  }

  async function element(selector: string): Promise<string> {
    const found = await until(`${selector} on the page`, () => script(`return (${FIND})(arguments[0])`, [selector]))
    return (found as Record<string, string>)[ELEMENT] ?? ''
  }

  async function pointer(selector: string, actions: readonly object[]): Promise<void> {
    const target = { [ELEMENT]: await element(selector) }
    await script('arguments[0].scrollIntoView({ block: "center" })', [target])
    const move = { type: 'pointerMove', origin: target, x: 0, y: 0, duration: 0 }
    await input('/actions', {
      actions: [{ type: 'pointer', id: 'mouse', parameters: { pointerType: 'mouse' }, actions: [move, ...actions] }],
    })
  }

  const press = [
    { type: 'pointerDown', button: 0 },
    { type: 'pointerUp', button: 0 },
  ]

  return {
    engine: 'webkit',
    // WebDriver does not tell of them.
    faults: [],
    async open(url) {
      await leave(() => command('POST', '/url', { url }))
    },
    async click(selector) {
      await input(`/element/${await element(selector)}/click`)
    },
    async clickInFrame(frame, selector) {
      const id = { [ELEMENT]: await element(frame) }
      await until(`${selector} in ${frame}`, () =>
        inTab(handle, async () => {
          await driver.command('POST', '/frame', { id })
          const find = { script: `return (${FIND})(arguments[0])`, args: [selector] }
          const found = (await driver.command('POST', '/execute/sync', find)) as Record<string, string> | null
          if (found) await driver.command('POST', `/element/${found[ELEMENT]}/click`)
          await driver.command('POST', '/frame', { id: null })
          return found !== null
        }),
      )
    },
    doubleClick: (selector) => pointer(selector, [...press, ...press]),
    async type(selector, text) {
      await command('POST', `/element/${await element(selector)}/value`, { text })
    },
    async press(key, times = 1) {
      const once = [
        { type: 'keyDown', value: KEYS[key] },
        { type: 'keyUp', value: KEYS[key] },
      ]
      const actions = Array.from({ length: times }, () => once).flat()
      await input('/actions', { actions: [{ type: 'key', id: 'keyboard', actions }] })
    },
    text: async (selector) =>
      ((await read(`return (${FIND})(arguments[0])?.innerText?.replace(/\\s+/g, ' ').trim() ?? null`, [selector])) as
        | string
        | null) ?? undefined,
    attribute: (selector, name) =>
      read(`return (${FIND})(arguments[0])?.getAttribute(arguments[1]) ?? null`, [selector, name]) as Promise<
        string | null
      >,
    evaluate: <Args extends Json[], Result>(work: (...args: Args) => Result, ...args: Args) =>
      script(`return (${work.toString()})(...arguments)`, args) as Promise<Result>,
    url: () => read('return location.href') as Promise<string>,
    back: async () => void (await script('history.back()')),
    forward: async () => void (await script('history.forward()')),
    reload: () => leave(() => command('POST', '/refresh')),
    async close() {
      await command('DELETE', '/window')
    },
  }
}
