import assert from 'node:assert/strict'
import { test } from 'node:test'
import { PAY } from '../support/shopper.ts'
import { until } from '../support/until.ts'
import { scriptTag } from './pages-build.ts'
import { atPaymentPage, pagesInEveryEngine, shows } from './pages-scene.ts'

/** Tells whether the page came out of the page cache, and that it is the page that was left. */
const WATCH = `<script>
  addEventListener('pageshow', ({ persisted }) => { window.isRestored = persisted })
</script>`

pagesInEveryEngine('out of the page cache', (scene) => {
  test('D1: the button that had left for the payment page is free again, and Continue leads to the same attempt', async () => {
    const { site } = scene
    const tab = await scene.open({ head: WATCH + scriptTag(scene.built) })
    await shows(tab, 'ipay-button', 'idle')
    await tab.evaluate(() => Reflect.set(window, 'mark', 'kept'))
    for (const round of [1, 2]) {
      await tab.click(PAY)
      await atPaymentPage(tab, site)
      await tab.back()
      await until('the shop', async () => (await tab.url()).startsWith(site.url))
      await shows(tab, 'ipay-button', 'unfinished')
      const kept = await tab.evaluate(() => [Reflect.get(window, 'mark'), Reflect.get(window, 'isRestored')])
      assert.deepEqual(kept, ['kept', true], `round ${round}: the page was loaded anew`)
      assert.match((await tab.text(PAY)) ?? '', /Continue/)
    }
    const posts = site.asked.filter(({ method }) => method === 'POST')
    assert.deepEqual([posts.length, new Set(posts.map(({ key }) => key)).size], [2, 1])
    // What became of it was asked each time the page came back.
    assert.ok(site.asked.filter(({ method }) => method === 'GET').length >= 2)
  })

  test('Start over leaves the focus on the button, in the one file too', async () => {
    const tab = await scene.open()
    await tab.click(PAY)
    await atPaymentPage(tab, scene.site)
    await tab.back()
    await shows(tab, 'ipay-button', 'unfinished')
    await until('Start over', () => tab.text('ipay-button >>> [part=action]'))
    await tab.evaluate(() =>
      document.querySelector('ipay-button')?.shadowRoot?.querySelector<HTMLElement>('[part=action]')?.focus(),
    )
    await tab.press('Enter')
    await shows(tab, 'ipay-button', 'idle')
    await until('the focus on the button', () =>
      tab.evaluate(
        () => document.querySelector('ipay-button')?.shadowRoot?.activeElement?.getAttribute('part') === 'button',
      ),
    )
  })
})
