import type { OpenReply } from '../../src/contract/schemas.ts'
import type { Buyers } from './buyers.ts'
import type { World } from './world.ts'

const SECOND = 1_000

/** Half of all histories have a few crowds beside everything else, in the first seconds or at any time of `lengthMs`. */
export function gatherCrowds(world: World, does: Buyers, lengthMs: number): void {
  const { clock, crowds } = world
  if (crowds.chance(0.5)) return
  for (let i = crowds.int(1, 6); i > 0; i--) {
    clock.after(crowds.int(0, crowds.chance(0.5) ? 6 * SECOND : lengthMs), () => crowd(world, does))
  }
}

/** In a moment several presses with one key, mostly a new one, while the order that stands may come to its end. */
function crowd({ clock, crowds, gateway, watch, purchases, trace }: World, does: Buyers): void {
  const purchase = crowds.pick(purchases)
  const key = crowds.chance(0.7) ? `key-of-crowd-${crowds.int(0, 1_000_000)}` : purchase.key
  const order = gateway.orders.findLast((one) => watch.isOut(one, purchase.id) && gateway.isPayable(one))
  const end = crowds.pick(['cancelled', 'failed', 'expired'] as const)
  const momentMs = crowds.pick([300, 600, 2 * SECOND])
  const within = (ms: number, task: () => void) => void clock.after(crowds.int(0, ms), task)
  if (crowds.chance(0.5)) within(momentMs / 2, () => void does.look(purchase, 'status'))
  if (order && crowds.chance(0.7)) {
    within(momentMs / 2, () => trace.note(`${order.orderId} ${end} in a crowd ${gateway.move(order, end)}`))
  }
  for (let i = crowds.int(2, 5); i > 0; i--) within(momentMs, () => void does.press(purchase, key))
}

/**
 * F8, where neither network nor database nor clock can be blamed: a link that ended before its key was sent first, or a
 * second before the press, is handed to nobody.
 */
export function checkEnd(
  { profile, gateway, watch, skewMs }: World,
  { paymentUrl, reference }: OpenReply,
  startedAt: number,
  keyedAt: number,
): void {
  if (profile.network + profile.lies + profile.store > 0 || profile.clockJumps || profile.freezes) return
  const { endedAt } = gateway.order(paymentUrl)
  // How old a key or a question is may have been told by another clock.
  const since = Math.max(keyedAt, startedAt - SECOND) - 2 * skewMs
  if (endedAt === null || endedAt >= since) return
  watch.complain(`F8: ${reference} was handed out, and had ended ${startedAt - endedAt} ms before the press`)
}
