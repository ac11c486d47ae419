import { CRASH_POINTS } from '../../src/server/crash-points.ts'
import type { Buyers } from './buyers.ts'
import { REASONS } from './profile.ts'
import { PRICES, type Purchase } from './purchase.ts'
import type { Shops } from './shops.ts'
import type { World } from './world.ts'

const SECOND = 1_000
const MINUTE = 60 * SECOND

/** One thing that happens: a buyer, a bank, the shop's owner or the machine does something. */
export async function act(world: World, shops: Shops, does: Buyers): Promise<void> {
  const { profile, clock, buyers, purchases } = world
  const { note } = world.trace
  const purchase = buyers.pick(purchases)
  const what = buyers.weighted({
    press: 10,
    twoPresses: 3,
    move: 14,
    status: 4,
    return: 3,
    check: profile.lies > 0 ? 3 : 0.5,
    price: profile.priceChanges ? 2 : 0,
    arm: profile.crashes ? 3 : 0,
    kill: profile.crashes ? 1.5 : 0,
    jump: profile.clockJumps ? 1 : 0,
    freeze: profile.freezes ? 3 : 0,
  })
  if (what === 'press') await does.press(purchase)
  if (what === 'twoPresses')
    await Promise.all([does.press(purchase), does.press(purchase), does.press(buyers.pick(purchases))])
  if (what === 'move') moveOrder(world)
  if (what === 'status' || what === 'return' || what === 'check') await does.look(purchase, what)
  if (what === 'price') changePrice(world, purchase)
  if (what === 'arm') shops.living().at(-1)?.arm(buyers.pick(CRASH_POINTS), buyers.int(1, 2))
  if (what === 'kill') shops.living().at(-1)?.kill()
  if (what === 'freeze') {
    const ms = buyers.pick([2, 12, 25, 60]) * SECOND
    const shop = shops.living().at(-1)
    note(`${shop?.name} freezes for ${ms}`)
    shop?.freeze(ms)
  }
  if (what === 'jump') {
    const ms = buyers.pick([-20 * SECOND, -2 * SECOND, 5 * SECOND, 30 * SECOND, 3 * MINUTE, 10 * MINUTE])
    clock.jump(ms)
    note(`the clock jumps ${ms}`)
  }
}

/** The buyer, the bank or time acts on an order whose address is out. */
function moveOrder({ profile, gateway, watch, buyers, trace }: World): void {
  const reachable = gateway.orders.filter((order) => watch.isOut(order))
  if (!reachable.length) return
  const order = buyers.pick(reachable)
  const to = buyers.weighted({ paid: 6, cancelled: 2, failed: 2, processing: 1, expired: 1 })
  const isLate = profile.lateSettlements && to === 'paid' && order.paidAt === null && buyers.chance(0.5)
  const moved = gateway.move(order, to, { reason: buyers.pick(REASONS), force: isLate })
  if (moved && to === 'processing') watch.onItsWay(order)
  trace.note(`${order.orderId} ${to} ${moved}`)
}

function changePrice({ buyers, trace }: World, purchase: Purchase): void {
  purchase.price = buyers.pick(PRICES)
  purchase.priceVersion += 1
  trace.note(`price ${purchase.id} ${purchase.price.minor}`)
}
