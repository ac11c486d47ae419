import assert from 'node:assert/strict'
import { before, test } from 'node:test'
import { PAY } from '../support/shopper.ts'
import { until } from '../support/until.ts'
import { bundle } from './pages-build.ts'
import { atPaymentPage, pagesInEveryEngine, shows } from './pages-scene.ts'
import { openReply } from './pages-site.ts'

pagesInEveryEngine('frameworks', (scene) => {
  before(async () => {
    for (const name of ['react', 'vue']) {
      scene.site.put(`/${name}.js`, await bundle(`test/e2e/pages-${name}.fixture.ts`))
    }
  })

  for (const name of ['react', 'vue'] as const) {
    for (const [where, portal] of [
      ['', ''],
      [' through a portal', '<div id="portal"></div>'],
    ] as const) {
      test(`I15: ${name}${where}: drawn again while the shop is asked, each event is heard once and one order is made`, async () => {
        const { site } = scene
        let release = () => {}
        const held = new Promise<void>((resolve) => {
          release = resolve
        })
        site.answers(async () => {
          await held
          return { status: 201, body: openReply({ paymentUrl: `${site.otherUrl}/pay/1` }) }
        })
        const head = `<script type="module" src="/${name}.js"></script>`
        const tab = await scene.open({ head, body: `<div id="root"></div>${portal}` })
        await shows(tab, 'ipay-button', 'idle')
        assert.match((await tab.text(PAY)) ?? '', /৳1,250\.00/)
        await tab.evaluate(() => Reflect.get(window, 'draw')())
        await until('another drawing', async () => (await tab.text('[data-round] b')) === 'round 1')
        await tab.click(PAY)
        await shows(tab, 'ipay-button', 'starting')
        await tab.evaluate(() => Reflect.get(window, 'draw')())
        await until('a drawing in mid-request', async () => (await tab.text('[data-round] b')) === 'round 2')
        const heard = await tab.evaluate(() => [...(Reflect.get(window, 'heard') as string[])])
        assert.deepEqual(heard.toSorted(), ['start in round 1', 'starting'])
        release()
        await atPaymentPage(tab, site)
        assert.equal(site.asked.filter(({ method }) => method === 'POST').length, 1)
      })
    }
  }
})
