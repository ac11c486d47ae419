import assert from 'node:assert/strict'
import { before, test } from 'node:test'
import type { Tab } from '../support/engines/index.ts'
import { PAY } from '../support/shopper.ts'
import { until } from '../support/until.ts'
import { FRAMEWORKS, type Framework, openPage, putScripts } from './pages-frameworks.ts'
import { atPaymentPage, type PageScene, pagesInEveryEngine, shows } from './pages-scene.ts'
import { openReply } from './pages-site.ts'

pagesInEveryEngine('frameworks', (scene) => {
  before(() => putScripts(scene, ''))

  const opened = async (name: Framework, portal = '') => {
    const tab = await openPage(scene, name, '', portal)
    await shows(tab, 'ipay-button', 'idle')
    return tab
  }
  const posts = () => scene.site.asked.filter(({ method }) => method === 'POST')

  for (const name of FRAMEWORKS) {
    for (const [where, portal] of [
      ['', ''],
      [' through a portal', '<div id="portal"></div>'],
    ] as const) {
      test(`I15: ${name}${where}: drawn again while the shop is asked, each event is heard once and one order is made`, async () => {
        const release = hold(scene)
        const tab = await opened(name, portal)
        assert.match((await tab.text(PAY)) ?? '', /৳1,250\.00/)
        assert.equal(
          await tab.evaluate(() => document.querySelector('ipay-button')?.closest('#root, #portal')?.id),
          portal ? 'portal' : 'root',
        )
        await tell(tab, 'draw')
        await until('another drawing', async () => (await tab.text('[data-round] b')) === 'round 1')
        await tab.click(PAY)
        await shows(tab, 'ipay-button', 'starting')
        await tell(tab, 'draw')
        await until('a drawing in mid-request', async () => (await tab.text('[data-round] b')) === 'round 2')
        const heard = await tab.evaluate(() => [...(Reflect.get(window, 'heard') as string[])])
        assert.deepEqual(heard.toSorted(), ['start in round 1', 'starting'])
        release()
        await atPaymentPage(tab, scene.site)
        assert.equal(posts().length, 1)
      })
    }

    test(`I15: ${name}: a list that is put in another order in mid-request moves the button and makes one order`, async () => {
      const release = hold(scene)
      const tab = await opened(name)
      await tab.click(PAY)
      await shows(tab, 'ipay-button', 'starting')
      await tab.evaluate(() => {
        const button = document.querySelector('ipay-button')
        Object.assign(window, { pressed: button, moves: 0 })
        new MutationObserver((records) => {
          const moves = records.filter(({ removedNodes }) => [...removedNodes].some((node) => node.contains(button)))
          Reflect.set(window, 'moves', Reflect.get(window, 'moves') + moves.length)
        }).observe(document, { childList: true, subtree: true })
      })
      for (const place of [2, 1, 0, 2]) {
        await tell(tab, 'turn')
        await until(`the button in line ${place}`, () =>
          tab.evaluate((at) => document.querySelectorAll('li')[at]?.querySelector('ipay-button') !== null, place),
        )
      }
      assert.ok((await tab.evaluate(() => Number(Reflect.get(window, 'moves')))) > 0)
      assert.equal(
        await tab.evaluate(() => document.querySelector('ipay-button') === Reflect.get(window, 'pressed')),
        true,
      )
      await shows(tab, 'ipay-button', 'starting')
      release()
      await atPaymentPage(tab, scene.site)
      assert.equal(posts().length, 1)
    })

    test(`I15: ${name}: taken away in mid-request and mounted again, the next press asks for the same order`, async () => {
      const release = hold(scene)
      const tab = await opened(name)
      await tab.click(PAY)
      await shows(tab, 'ipay-button', 'starting')
      await until('the request', () => posts().length === 1)
      await tab.evaluate(() => Reflect.set(window, 'pressed', document.querySelector('ipay-button')))
      await tell(tab, 'show', false)
      await until('an empty page', () => tab.evaluate(() => document.querySelector('ipay-button') === null))
      await tell(tab, 'show', true)
      await shows(tab, 'ipay-button', 'idle')
      assert.equal(
        await tab.evaluate(() => document.querySelector('ipay-button') === Reflect.get(window, 'pressed')),
        false,
      )
      release()
      await tab.click(PAY)
      await atPaymentPage(tab, scene.site)
      const [first, second, ...more] = posts()
      assert.ok(first?.key)
      assert.deepEqual([second?.key, second?.body, more], [first.key, first.body, []])
    })
  }
})

/** Lets the shop wait with its answers until what is returned is called. */
function hold({ site }: PageScene): () => void {
  let release = () => {}
  const held = new Promise<void>((resolve) => {
    release = resolve
  })
  site.answers(async () => {
    await held
    return { status: 201, body: openReply({ paymentUrl: `${site.otherUrl}/pay/1` }) }
  })
  return release
}

/** Calls what a fixture has put on its window. */
const tell = (tab: Tab, name: 'draw' | 'turn' | 'show', ...args: readonly boolean[]) =>
  tab.evaluate((given) => void Reflect.get(window, given.name)(...given.args), { name, args } as {
    name: string
    args: readonly boolean[]
  })
