import { setImmediate as turn } from 'node:timers/promises'
import { act } from './actions.ts'
import { createBuyers } from './buyers.ts'
import { gatherCrowds } from './crowds.ts'
import type { MemoryStore } from './memory-store.ts'
import { go } from './passing-time.ts'
import type { Profile } from './profile.ts'
import { createShops } from './shops.ts'
import { createWorld, START, type WorldOptions } from './world.ts'

const SECOND = 1_000
const MINUTE = 60 * SECOND
const HOUR = 60 * MINUTE
/** In how much time all buyers of a history act. */
const LENGTH = 20 * MINUTE

/** What one seed led to. */
export interface History {
  readonly seed: number
  /** Of every line of the trace: the same seed has the same. */
  readonly hash: string
  readonly violations: readonly string[]
  readonly trace: readonly string[]
  readonly profile: Profile
  readonly presses: number
  readonly kills: number
  readonly paid: number
}

/** Runs the history of one seed: buyers, shop, gateway, database, network and clock are all decided by it. */
export async function runHistory(seed: number, options: WorldOptions = {}): Promise<History> {
  const world = createWorld(seed, options)
  const { profile, clock, gateway, memory, watch, trace, buyers } = world
  const shops = createShops(world)
  const does = createBuyers(world, shops)

  await shops.revive()
  for (let i = 0; i < profile.actions; i++) {
    // In bursts: what happens close together is what interferes.
    const at = buyers.chance(0.5) ? buyers.int(0, 3 * SECOND) : buyers.int(0, LENGTH)
    clock.after(at, () => void act(world, shops, does))
    if (profile.crashes) clock.after(at + buyers.int(50, 20 * SECOND), () => void shops.revive())
  }
  if (options.crowds !== false) gatherCrowds(world, does, LENGTH)
  await go(world, shops, START + LENGTH + 40 * SECOND)

  trace.note('calm')
  world.calmSince = clock.now()
  await shops.revive()
  for (const instance of shops.all) instance.arm('before-answer', Number.POSITIVE_INFINITY)
  await go(world, shops, clock.now() + (profile.wholeDay ? 26 * HOUR : 75 * MINUTE))
  watch.settled()

  for (const purchase of world.purchases) {
    await Promise.all([
      (async () => {
        await does.press(purchase)
        await does.look(purchase, 'status')
      })(),
      go(world, shops, clock.now() + 30 * SECOND),
    ])
  }
  if (memory.tables.payments.size) checkNoClaims(memory, clock.now(), watch.complain)
  for (const instance of shops.all) instance.kill()
  await turn()

  return {
    seed,
    hash: trace.hash(),
    violations: watch.violations,
    trace: trace.lines,
    profile,
    presses: does.presses,
    kills: shops.kills,
    paid: gateway.orders.filter(({ paidAt }) => paidAt !== null).length,
  }
}

/** In calm times no purchase may stay locked. */
function checkNoClaims({ tables }: MemoryStore, now: number, complain: (sentence: string) => void): void {
  for (const payment of tables.payments.values()) {
    if (payment.claim !== null && payment.claim_until < now + 20_000 && payment.claim_until > now) {
      complain(`F10: ${payment.purchase_id} is still being opened by ${payment.claim}`)
    }
  }
}
