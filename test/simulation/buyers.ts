import { bdt } from '../../src/contract/money.ts'
import { ProblemError } from '../../src/server/problem-error.ts'
import { checkEnd } from './crowds.ts'
import { ConnectionLost } from './instance.ts'
import { PRICES, type Purchase } from './purchase.ts'
import type { Shops } from './shops.ts'
import type { World } from './world.ts'

const SECOND = 1_000
const MINUTE = 60 * SECOND
const REQUEST = new Request('https://shop.example/ipay/orders', { method: 'POST' })

/** What buyers do at the shop; whatever they are told that breaks a rule is a complaint. */
export interface Buyers {
  /** @param shared the key that a crowd has in common; otherwise the buyer's own, or none */
  press(purchase: Purchase, shared?: string): Promise<void>
  look(purchase: Purchase, how: 'status' | 'return' | 'check'): Promise<void>
  readonly presses: number
}

export function createBuyers(world: World, shops: Shops): Buyers {
  const { profile, clock, gateway, watch, buyers } = world
  const { note } = world.trace

  let presses = 0
  async function press(purchase: Purchase, shared?: string): Promise<void> {
    const shop = shops.living().at(buyers.int(0, Math.max(0, shops.living().length - 1)))
    if (!shop) return
    presses += 1
    if (buyers.chance(0.25)) {
      purchase.keys += 1
      purchase.key = `key-of-${purchase.id}-${purchase.keys}`
    }
    const key = buyers.chance(0.1) ? (shared ?? null) : (shared ?? purchase.key)
    const shown = buyers.chance(0.3) ? purchase.price : buyers.chance(0.05) ? buyers.pick(PRICES) : null
    const before = key === null ? undefined : purchase.replies.get(key)
    const { priceVersion, price } = purchase
    const startedAt = clock.now()
    const number = presses
    note(`press ${number} ${purchase.id} ${key} at ${shop.name}`)
    if (key !== null && !purchase.keyedAt.has(key)) purchase.keyedAt.set(key, startedAt)
    purchase.pressing += 1
    purchase.maybeTold.add(price.minor)
    try {
      const { reply, created } = await shop.request((service) =>
        service.open({
          order: purchase.order,
          shown,
          returnTo: '/thanks',
          home: '/',
          lang: null,
          key,
          request: REQUEST,
        }),
      )
      const isNewest = priceVersion === purchase.priceVersion
      if (isNewest && purchase.pressing === 1) purchase.maybeTold.clear()
      // What overtook a press that was priced before counts more than its late answer.
      purchase.maybeTold.add(bdt(reply.amount).minor)
      if (isNewest || !purchase.told) purchase.told = bdt(reply.amount)
      purchase.toldAt = clock.now()
      note(`press ${number} ${created ? 'opened' : 'resumed'} ${reply.reference}`)
      watch.handedOut(purchase.id, reply)
      checkEnd(world, reply, startedAt, key === null ? startedAt : (purchase.keyedAt.get(key) ?? startedAt))
      const order = gateway.order(reply.paymentUrl)
      if (priceVersion === purchase.priceVersion && order.amount.minor !== price.minor) {
        watch.complain(`F13: ${purchase.id} costs ${price.minor} and was opened at ${order.amount.minor}`)
      }
      if (before && before.priceVersion === purchase.priceVersion && before.reply.paymentUrl !== reply.paymentUrl) {
        if (gateway.isPayable(gateway.order(before.reply.paymentUrl))) watch.complain(`F6: ${key} changed its link`)
      }
      if (key !== null) purchase.replies.set(key, { reply, priceVersion })
      // Some answers do not make it to the page.
      if (!buyers.chance(0.1)) purchase.token = reply.token
    } catch (error) {
      refused(purchase, number, startedAt, error)
    }
    purchase.pressing -= 1
    const tookMs = clock.now() - startedAt
    const isOnTime = !profile.clockJumps && !profile.freezes
    if (isOnTime && tookMs > 21 * SECOND) watch.complain(`V6: press ${number} took ${tookMs} ms`)
  }

  function refused(purchase: Purchase, number: number, startedAt: number, error: unknown): void {
    if (error instanceof ConnectionLost) {
      note(`press ${number} lost`)
      return
    }
    if (!(error instanceof ProblemError)) {
      note(`press ${number} threw ${error}`)
      watch.complain(`V9: a press threw ${error instanceof Error ? error.stack : error}`)
      return
    }
    note(`press ${number} ${error.code}`)
    const mayWait = gateway.orders.some((order) => order.state === 'processing') || watch.mayBePaid(purchase.id)
    if (startedAt - world.calmSince > MINUTE && !mayWait && !['already-paid', 'price-changed'].includes(error.code)) {
      watch.complain(`F10: ${purchase.id} cannot be opened in calm times: ${error.code}`)
    }
    if (error.code !== 'already-paid') return
    purchase.token = error.extras.token ?? purchase.token
    const isHonest = profile.lies === 0
    if (isHonest && !watch.mayBePaid(purchase.id)) watch.complain(`${purchase.id} is called paid and nothing was paid`)
  }

  async function look(purchase: Purchase, how: 'status' | 'return' | 'check'): Promise<void> {
    const { token } = purchase
    const shop = shops.living().at(0)
    if (!token || !shop) return
    const wasPaid = purchase.sawPaid
    const startedAt = clock.now()
    try {
      if (how === 'return') await shop.request((service) => service.returned(token, { ask: buyers.chance(0.9) }))
      const status = await shop.request((service, operator) =>
        how === 'check' ? operator.check(token) : service.status(token),
      )
      note(`${how} ${purchase.id} ${status?.state} ${status?.reference}`)
      if (!status) watch.complain(`the token of ${purchase.id} became unknown`)
      else watch.saw(purchase.id, status, wasPaid)
      purchase.sawPaid ||= status?.state === 'paid'
    } catch (error) {
      note(`${how} ${purchase.id} ${error instanceof ProblemError ? error.code : error}`)
      if (!(error instanceof ProblemError || error instanceof ConnectionLost))
        watch.complain(`V9: ${how} threw ${error}`)
    }
    const tookMs = clock.now() - startedAt
    // Background rounds may make the clock of this world late by up to 400 ms each, on top of the 3 s that a visit waits.
    const longest = how === 'status' ? 5 * SECOND : 10 * SECOND
    if (how !== 'check' && !profile.clockJumps && !profile.freezes && tookMs > longest)
      watch.complain(`V6: ${how} took ${tookMs} ms`)
  }

  return {
    press,
    look,
    get presses() {
      return presses
    },
  }
}
