import assert from 'node:assert/strict'
import { before, test } from 'node:test'
import type { Messages } from '../../src/elements/messages.ts'
import type { Tab } from '../support/engines/index.ts'
import { PAY } from '../support/shopper.ts'
import { until } from '../support/until.ts'
import { FRAMEWORKS, type Framework, openPage, putScripts } from './pages-frameworks.ts'
import { pagesInEveryEngine, shows } from './pages-scene.ts'
import { openReply, statusReply } from './pages-site.ts'

/** In place of what JSON cannot carry into a page. */
const NOTHING = ['undefined', 'null'] as const

pagesInEveryEngine('what a framework gives, and takes away again', (scene) => {
  before(() => putScripts(scene, '-props'))

  const opened = (name: Framework) => openPage(scene, name, '-props')
  const give = (tab: Tab, props: Record<string, string | boolean | Messages>) =>
    tab.evaluate((given) => {
      const odd = new Map<unknown, unknown>([
        ['undefined', undefined],
        ['null', null],
      ])
      const entries = Object.entries(given).map(([key, value]) => [key, odd.has(value) ? odd.get(value) : value])
      Reflect.get(window, 'give')(Object.fromEntries(entries))
    }, props)
  /** What the button is, and what it says. */
  const isNow = async (tab: Tab) => {
    const found = await tab.evaluate(() => {
      const element = document.querySelector<HTMLElement & { disabled: boolean }>('ipay-button')
      return [element?.disabled, element?.getAttribute('variant')].join(' ')
    })
    return `${found}: ${await tab.text(PAY)}`
  }

  for (const name of FRAMEWORKS) {
    for (const nothing of NOTHING) {
      test(`I15: ${name}: a property that becomes ${nothing} goes back to its default, however often the page is drawn`, async () => {
        const tab = await opened(name)
        await shows(tab, 'ipay-button', 'idle')
        const untouched = await isNow(tab)
        assert.match(untouched, /^false\s+: Pay ৳1,250\.00$/)
        await give(tab, {
          disabled: true,
          lang: 'bn',
          variant: 'dark',
          label: 'buy',
          currency: 'USD',
          environment: 'sandbox',
        })
        await until('what was given', async () => (await isNow(tab)) === 'true dark: এখনই কিনুন $১,২৫০.০০')
        const taken = Object.fromEntries(
          ['disabled', 'lang', 'variant', 'label', 'currency', 'environment', 'credentials', 'headers'].map((key) => [
            key,
            nothing,
          ]),
        )
        for (let round = 0; round < 3; round++) {
          await give(tab, { ...taken, id: `round-${round}` })
          await until('the default', async () => (await isNow(tab)) === untouched)
        }
        await tab.evaluate(() => document.documentElement.setAttribute('lang', 'bn'))
        await until('the language of the page', async () => (await tab.text(PAY)) === 'পেমেন্ট করুন ৳১,২৫০.০০')
        await give(tab, { ...taken, messages: { bn: { pay: 'দিন' } } })
        await until('words of the shop', async () => (await tab.text(PAY)) === 'দিন ৳১,২৫০.০০')
        await give(tab, { ...taken, messages: nothing })
        await until('our own words', async () => (await tab.text(PAY)) === 'পেমেন্ট করুন ৳১,২৫০.০০')
        // The default environment is production: the shop's word about the sandbox is refused.
        await tab.click(PAY)
        await shows(tab, 'ipay-button', 'error')
        assert.equal(
          await tab.evaluate(() =>
            Reflect.get(Reflect.get(document.querySelector('ipay-button') ?? {}, 'error'), 'code'),
          ),
          'unsafe-payment-url',
        )
      })
    }
  }

  test('I15: vue: a button that was kept alive asks what became of its attempt', async () => {
    const { site } = scene
    let state: 'processing' | 'paid' = 'processing'
    site.answers(({ method }) =>
      method === 'POST'
        ? { status: 201, body: openReply({ paymentUrl: `${site.otherUrl}/pay/nowhere` }) }
        : { status: 200, body: statusReply({ state, retry: 'no', pollAfter: 1 }) },
    )
    const tab = await opened('vue')
    await shows(tab, 'ipay-button', 'idle')
    await give(tab, { environment: 'sandbox' })
    await tab.evaluate(() => {
      document.addEventListener('ipay-redirect', (event) => event.preventDefault())
      Reflect.set(window, 'kept', document.querySelector('ipay-button'))
    })
    await tab.click(PAY)
    await shows(tab, 'ipay-button', 'unfinished')
    await tab.evaluate(() => Reflect.get(window, 'show')(false))
    await until('the other page', async () => (await tab.text('p')) === 'another page')
    state = 'paid'
    await tab.evaluate(() => Reflect.get(window, 'show')(true))
    await shows(tab, 'ipay-button', 'paid')
    assert.equal(await tab.evaluate(() => document.querySelector('ipay-button') === Reflect.get(window, 'kept')), true)
    assert.deepEqual(
      site.asked.map(({ method }) => method).filter((method) => method === 'POST'),
      ['POST'],
    )
  })
})
