import assert from 'node:assert/strict'
import { after, afterEach, before } from 'node:test'
import { orderOver } from '../../support/endpoint.ts'
import { startThreeShops, type ThreeShops } from '../../support/three-shops.ts'
import { until } from '../../support/until.ts'

/** What a press is answered with. */
export type Reply = Awaited<ReturnType<typeof orderOver>>

/** The three processes that every test of the file works on; there as soon as the first one begins. */
export let shops: ThreeShops

/** Starts them once for a file, and looks at the books after each test. */
export function startShopsOnce(): void {
  before(async () => {
    shops = await startThreeShops()
  })
  after(() => shops.stop())
  afterEach(async () => {
    await shops.sandbox.setFaults([])
    let broken: string[] = []
    await until('the books to agree', async () => {
      broken = await shops.violations()
      return broken.length === 0
    }).catch(() => assert.deepEqual(broken, []))
  })
}

/** Presses that each go to the next process in turn. */
export const spread = (count: number, press: (shop: string, index: number) => Promise<Reply>): Promise<Reply[]> =>
  Promise.all(Array.from({ length: count }, (_, index) => press(urlOf(index), index)))

/** The address of a process, counted round and round. */
export const urlOf = (index: number): string => shops.urls[index % 3] ?? assert.fail()

/** Every answer is the one link, or a word to come back with the time to wait. Returns the link. */
export function oneLink(answers: readonly Reply[]): string {
  const links = new Set<string>()
  for (const { status, headers, body } of answers) {
    if (status === 200 || status === 201) links.add(body.paymentUrl)
    else {
      assert.ok(status === 409 || status === 503, `${status} ${JSON.stringify(body)}`)
      assert.ok(Number(headers.get('retry-after')) >= 1)
    }
  }
  assert.equal(links.size, 1)
  assert.equal(answers.filter(({ status }) => status === 201).length, 1, 'one press made the order')
  return [...links][0] ?? ''
}

/** The attempts that are stored of a cart. */
export async function attemptsOf(cart: string) {
  const { payments, attempts } = await shops.database.read()
  const payment = payments.find((row) => row.purchase_id === cart)
  return attempts.filter((row) => row.payment_id === payment?.id)
}

/** Orders in the gateway's ledger whose reference belongs to this cart. */
export async function ordersOf(cart: string) {
  const references = (await attemptsOf(cart)).map(({ reference }) => reference)
  return (await shops.sandbox.orders()).filter(({ referenceId }) => references.includes(referenceId))
}

/** The buyer pays the order that this address leads to. */
export async function pay(cart: string, paymentUrl: string): Promise<void> {
  const order = (await ordersOf(cart)).find(({ orderId }) => paymentUrl.endsWith(orderId))
  await shops.sandbox.act(order?.orderId ?? assert.fail(), 'pay')
}

/** How often the paid handler worked for a cart, in all processes together. */
export async function deliveriesOf(cart: string): Promise<number> {
  const { payments, audit } = await shops.database.read()
  const payment = payments.find((row) => row.purchase_id === cart)
  return audit.filter((row) => row.payment_id === payment?.id && row.event === 'delivered').length
}

/** Waits until the shop has acted on a paid cart, once. */
export const fulfilled = (cart: string) =>
  until(`${cart} is fulfilled`, async () => (await shops.database.fulfilmentsOf(cart)) === 1)

/** A press that is repeated as a page does it: with the same key, until there is an address. */
export async function pressUntilOpen(shop: string, cart: string, key: string): Promise<Reply> {
  return until(`an address for ${cart}`, async () => {
    const answer = await orderOver(shop, { cart, key }).catch(() => undefined)
    return answer && (answer.status === 200 || answer.status === 201) ? answer : undefined
  })
}
