import assert from 'node:assert/strict'
import { test } from 'node:test'
import type { Tab } from '../support/engines/index.ts'
import { PAY } from '../support/shopper.ts'
import { until } from '../support/until.ts'
import { atPaymentPage, pagesInEveryEngine, shows } from './pages-scene.ts'
import { openReply, problem, TAG } from './pages-site.ts'

const PANEL =
  '<ipay-result order-endpoint="/orders" token="tok_0123456789abcdefghijk" environment="sandbox"></ipay-result>'

pagesInEveryEngine('strict pages', (scene) => {
  const strict = () =>
    `default-src 'none'; script-src '${scene.built.integrity}'; connect-src 'self'; base-uri 'none'; form-action 'none'`
  const types = "require-trusted-types-for 'script'; trusted-types lit-html"

  /** Pays up to the payment page under a policy, and returns what was reported until a picture broke the policy. */
  async function reportsUnder(policy: string, more: Readonly<Record<string, string>> = {}): Promise<string[]> {
    const { site } = scene
    const headers = { 'Content-Security-Policy': `${policy}; report-uri /reports`, ...more }
    const tab = await scene.open({ body: TAG + PANEL, headers })
    await shows(tab, 'ipay-button', 'idle', 'unfinished')
    await shows(tab, 'ipay-result', 'unfinished')
    assert.ok((await height(tab)) >= 44, 'the styles did not arrive')
    // A wrong price, to have drawn more than the first state.
    site.answers(() => problem('price-changed', { amount: '1300.00', currency: 'BDT' }))
    await tab.click(PAY)
    await shows(tab, 'ipay-button', 'price-changed')
    // Firefox tells the picture's refusal as an error of the page; what is refused is counted in the reports.
    scene.expectFault(/Content-Security-Policy/)
    await tab.evaluate(() => {
      const picture = new Image()
      picture.src = '/canary.png'
      document.body.append(picture)
    })
    await until('the report that has to come', () => site.reports.some((report) => report.includes('canary')))
    const reports = site.reports.filter((report) => !report.includes('canary'))
    site.answers(() => ({ status: 201, body: openReply({ amount: '1300.00', paymentUrl: `${site.otherUrl}/pay/1` }) }))
    await tab.click(PAY)
    await atPaymentPage(tab, site)
    return [...reports, ...site.reports]
  }

  const height = (tab: Tab) =>
    tab.evaluate(
      () =>
        document.querySelector('ipay-button')?.shadowRoot?.querySelector('button')?.getBoundingClientRect().height ?? 0,
    )

  test("I5: under default-src 'none' with the hash of the published file alone, nothing is reported", async () => {
    assert.deepEqual(await reportsUnder(strict()), [])
  })

  test('I6: under required Trusted Types with the one policy, nothing is reported', async () => {
    assert.deepEqual(await reportsUnder(`${strict()}; ${types}`), [])
  })

  test('I6: under required Trusted Types without a list, nothing is reported', async () => {
    assert.deepEqual(await reportsUnder("default-src 'self'; require-trusted-types-for 'script'; img-src 'none'"), [])
  })

  test('I5: a nonce, strict-dynamic and an empty Permissions-Policy, isolated from other origins: nothing is reported', async () => {
    const { site, built } = scene
    const nonce = 'r4nd0m'
    const reports = await reportsUnder(strict(), {
      'Cross-Origin-Opener-Policy': 'same-origin',
      'Cross-Origin-Embedder-Policy': 'require-corp',
      'Permissions-Policy': 'payment=(), publickey-credentials-get=(), storage-access=(), unload=()',
      'Referrer-Policy': 'no-referrer',
    })
    assert.deepEqual(reports, [])
    site.answers()
    const policy = `script-src 'nonce-${nonce}' 'strict-dynamic'; object-src 'none'; base-uri 'none'; style-src 'none'`
    const tab = await scene.open({
      head: `<script type="module" nonce="${nonce}" src="/ipay-button.min.js" integrity="${built.integrity}"></script>`,
      headers: { 'Content-Security-Policy': `${policy}; report-uri /reports` },
    })
    await tab.click(PAY)
    await atPaymentPage(tab, site)
    assert.deepEqual(site.reports, [])
  })

  test('I6: where the list of policies leaves lit-html out, the form inside still works', async () => {
    const { site } = scene
    const body = `<ipay-button environment="sandbox"><form method="post" action="/orders">
      <input type="hidden" name="cart" value="c_81"><button>Pay with iPay</button></form></ipay-button>`
    const headers = { 'Content-Security-Policy': "require-trusted-types-for 'script'; trusted-types 'none'" }
    scene.expectFault(/lit-html|trusted-types/)
    const tab = await scene.open({ body, headers })
    await until('the file', () => site.visits.includes('/ipay-button.min.js'))
    await tab.click('ipay-button button')
    await atPaymentPage(tab, site)
    assert.equal(site.asked.length, 1)
  })
})
