import assert from 'node:assert/strict'
import type { Tab } from '../support/engines/index.ts'
import { enterShop, PAY, tellWhere } from '../support/shopper.ts'
import { until } from '../support/until.ts'
import type { World } from '../support/world.ts'

/** A control request of the simulator that is no step of an order. */
export async function control(world: World, method: string, path: string, body: object): Promise<void> {
  const answer = await fetch(`${world.sandboxUrl}/_sandbox${path}`, {
    method,
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify(body),
  })
  assert.ok(answer.ok, `${path}: ${answer.status}`)
}

/** Lets the simulated gateway call the shop. */
export const notify = (world: World, sender: string): Promise<void> =>
  control(world, 'PUT', '/webhooks', {
    sender,
    url: `${world.url}/ipay/orders/notifications/${sender}`,
    secret: `${world.canary.key}_webhooks`,
  })

/** Presses Pay in the shop, and chooses a method on the page of the Payments API. Returns the cart. */
export async function payWith(tab: Tab, world: World, method: string, path = '/'): Promise<string> {
  const cart = await enterShop(tab, world, path)
  await tab.click(PAY)
  const choice = () => tab.text(`input[value=${method}]`).then((text) => text !== undefined)
  await until('the choice of methods', choice).catch(tellWhere(tab))
  assert.ok((await tab.url()).startsWith(`${world.sandboxUrl}/payments/checkout/`))
  await tab.click(`input[value=${method}]`)
  await tab.click('[data-action=pay]')
  return cart
}

/** Answers the bank's challenge. */
export async function answerBank(tab: Tab, answer: 'pass' | 'fail' | 'abandon'): Promise<void> {
  await until('the challenge', () => tab.text(`[data-action=${answer}]`))
  await tab.click(`[data-action=${answer}]`)
}
