import assert from 'node:assert/strict'
import { readFileSync } from 'node:fs'
import { createServer, type Server } from 'node:http'
import { stripTypeScriptTypes } from 'node:module'
import type { AddressInfo } from 'node:net'
import { after, before, test } from 'node:test'
import { ipayPaymentsGateway } from '../../src/server/index.ts'
import type { Tab } from '../support/engines/index.ts'
import { inEveryEngine, type Scene } from '../support/scene.ts'
import { until } from '../support/until.ts'

const SOURCES = new URL('../../src/', import.meta.url)
const PAGE = `<!doctype html><title>A card form of the shop's own</title><script type="module">
import { createCardToken } from '/elements/card-token.ts'
window.told = []
for (const name of ['log', 'info', 'warn', 'error', 'debug']) console[name] = (...words) => window.told.push(words.join(' '))
window.ask = (card, options) => {
  window.outcome = undefined
  createCardToken(card, options).then(
    (token) => { window.outcome = { token } },
    (error) => { window.outcome = { code: error.code, message: error.message } },
  )
}
</script>`

type Window = {
  ask(card: object, options: object): void
  outcome?: { token?: { id: string; card: { last4: string } | null }; code?: string }
  told: string[]
}

inEveryEngine(
  'a card form of the shop’s own',
  (scene: Scene) => {
    let server: Server
    let url: string
    before(async () => {
      // The sources as a page loads them, one file for one module.
      server = createServer((incoming, outgoing) => {
        const path = /^\/((?:elements|contract)\/[a-z-]+\.ts)$/.exec(incoming.url ?? '')?.[1]
        outgoing.setHeader('content-type', path ? 'text/javascript' : 'text/html; charset=utf-8')
        outgoing.end(path ? stripTypeScriptTypes(readFileSync(new URL(path, SOURCES), 'utf8')) : PAGE)
      })
      await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
      url = `http://localhost:${(server.address() as AddressInfo).port}/`
    })
    after(() => server.close())

    async function ask(tab: Tab, card: Record<string, string | number>, publishableKey: string) {
      await until('the page', () => tab.evaluate(() => 'ask' in window))
      const baseUrl = `${scene.world.sandboxUrl}/payments/api`
      await tab.evaluate((wanted, options) => (window as unknown as Window).ask(wanted, options), card, {
        publishableKey,
        baseUrl,
      })
      return until('an outcome', () => tab.evaluate(() => (window as unknown as Window).outcome ?? null))
    }
    const card = { number: '4242 4242 4242 4242', expMonth: 12, expYear: 2034, cvc: '987' }

    test('the card goes from the page to the gateway alone; its token pays, and nothing of it stays', async () => {
      const { world } = scene
      const tab = await scene.newTab()
      await tab.open(url)
      const { token } = await ask(tab, card, 'pk_test_1')
      assert.equal(token?.card?.last4, '4242')
      const kept = await tab.evaluate(() =>
        JSON.stringify([
          { ...localStorage },
          { ...sessionStorage },
          document.cookie,
          (window as unknown as Window).told,
        ]),
      )
      assert.equal(kept, '[{},{},"",[]]')
      const gateway = ipayPaymentsGateway({
        environment: 'sandbox',
        baseUrl: `${world.sandboxUrl}/payments/api`,
        auth: { kind: 'basic', apiKey: world.canary.key, apiSecret: 'secret' },
      })
      const saved = await gateway.customers.createMethod({ type: 'card', token: token?.id ?? '' })
      assert.equal(saved.card?.last4, '4242')
    })

    test('a secret key never leaves the page, and a card that is none is told in a word', async () => {
      const tab = await scene.newTab()
      await tab.open(url)
      const calls = async () => (await fetch(`${scene.world.sandboxUrl}/_sandbox/calls`)).json() as Promise<unknown[]>
      const before = (await calls()).length
      assert.equal((await ask(tab, card, 'sk_live_1')).code, 'misconfigured')
      assert.equal((await calls()).length, before)
      assert.equal((await ask(tab, { ...card, number: '4242 4242 4242 4241' }, 'pk_test_1')).code, 'invalid-card')
    })
  },
  undefined,
  { gateway: 'ipay-payments' },
)
