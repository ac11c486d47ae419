import type { Tab } from './engines/index.ts'
import type { LedgerOrder } from './sandbox-control.ts'
import { until } from './until.ts'
import type { World } from './world.ts'

/** The pay button of the shop's page. */
export const PAY = 'ipay-button >>> [part=button]'

/** Members of the simulator by what happens when they pay. */
export const MEMBERS = {
  pays: '01700000001',
  poor: '01700000002',
  blocked: '01700000003',
  limited: '01700000004',
} as const

type Tag = 'ipay-button' | 'ipay-result'

/** The element's state; undefined before its script arrived. */
export function stateOf(tab: Tab, tag: Tag): Promise<string | undefined> {
  return tab.evaluate((name) => {
    const element = document.querySelector(name)
    return element && 'state' in element ? String(element.state) : undefined
  }, tag as string)
}

/** Waits until the element says so. */
export async function reaches(tab: Tab, tag: Tag, ...states: readonly string[]): Promise<string> {
  let last: string | undefined
  return until(`${tag} to be ${states.join(' or ')}`, async () => {
    last = await stateOf(tab, tag)
    return last !== undefined && states.includes(last) ? last : undefined
  }).catch(async (error: unknown) => {
    throw new Error(`${tag} is ${last} and not ${states.join(' or ')} at ${await tab.url()}`, { cause: error })
  })
}

/** Opens the shop, whose cart has something in it already, and waits for the button. Returns the cart's id. */
export async function enterShop(tab: Tab, world: World, path = '/'): Promise<string> {
  await tab.open(world.url + path)
  await reaches(tab, 'ipay-button', 'idle', 'unfinished', 'cancelled', 'failed', 'expired')
  return cartOf(tab)
}

/** The id of the cart on the shop's page, which is the purchase. */
export async function cartOf(tab: Tab): Promise<string> {
  return String((JSON.parse((await tab.attribute('ipay-button', 'order')) ?? '{}') as { cart?: string }).cart)
}

/** Waits for the payment page of the other origin and returns its address. */
export async function atGateway(tab: Tab, world: World): Promise<string> {
  return until('the payment page', async () => {
    const url = await tab.url()
    return url.startsWith(`${world.sandboxUrl}/pay/`) && (await tab.text('h1')) !== undefined ? url : undefined
  }).catch(tellWhere(tab))
}

/** For a wait in vain: where the tab is instead, and what the button says there. */
export const tellWhere = (tab: Tab) => async (error: unknown) => {
  const state = await stateOf(tab, 'ipay-button').catch(() => 'gone')
  const words = await tab.text('ipay-button >>> [part=message]').catch(() => 'nothing')
  throw new Error(`at ${await tab.url()}, the button is ${state} and says ${words}`, { cause: error })
}

/** From the shop's page to the payment page. */
export async function goToPay(tab: Tab, world: World): Promise<string> {
  await tab.click(PAY)
  return atGateway(tab, world)
}

/** Logs in on the payment page and gives the one-time code, up to the last question. */
export async function logIn(tab: Tab, member: string): Promise<void> {
  await tab.type('input[name=member]', member).catch(tellWhere(tab))
  await tab.type('input[name=pin]', '1234')
  await tab.click('[data-action=login]')
  const code = await until('the one-time code', () => tab.attribute('[data-code]', 'data-code'))
  await tab.type('input[name=code]', code)
  await tab.click('[data-action=verify]')
  await until('the last question', () => tab.text('[data-action=pay]'))
}

/** Pays on the payment page as this member and presses the last button. */
export async function payAs(tab: Tab, member: string = MEMBERS.pays): Promise<void> {
  await logIn(tab, member)
  await tab.click('[data-action=pay]')
}

/** The orders that the gateway has for one cart, oldest first. */
export async function ordersOf(world: World, cart: string): Promise<LedgerOrder[]> {
  const { payments, attempts } = await world.database.read()
  const payment = payments.find((row) => row.purchase_id === cart)
  const references = attempts.filter((row) => row.payment_id === payment?.id).map((row) => row.reference)
  return (await world.sandbox.orders()).filter(({ referenceId }) => references.includes(referenceId))
}

/** The public token of a cart's payment. */
export async function tokenOf(world: World, cart: string): Promise<string> {
  return until(`the payment of ${cart}`, async () => {
    const { payments } = await world.database.read()
    return payments.find((row) => row.purchase_id === cart)?.token
  })
}

/** Waits until the cart is fulfilled, and returns its number of rows: one, or something is very wrong. */
export function fulfilments(world: World, cart: string): Promise<number> {
  return until(`${cart} to be fulfilled`, async () => (await world.database.fulfilmentsOf(cart)) || undefined, {
    within: 120_000,
  })
}
