import { setTimeout as pause } from 'node:timers/promises'
import { orderOver, visitReturn } from './endpoint.ts'
import { until } from './until.ts'
import type { World } from './world.ts'

/** What a storm did, and what it broke. */
export interface StormReport {
  readonly kills: number
  readonly purchases: number
  readonly paid: number
  readonly fulfilled: number
  /** Answers that buyers got while the storm went on; everything else was a dead connection. */
  readonly answers: number
  readonly violations: readonly string[]
}

/** How hard it blows. `random` gives numbers from 0 up to 1, so that a seed can repeat the moments of the kills. */
export interface StormOptions {
  readonly kills: number
  readonly buyers: number
  readonly random: () => number
  /** Ends the storm early; the books are compared all the same. */
  readonly signal?: AbortSignal
  /** Called after each kill, once the shop stands again. */
  readonly killed?: (kills: number, purchases: number) => void
}

/** A busy machine starts a shop in seconds of which it lives a moment. */
const PATIENCE = { within: 300_000 }
/** Longest time that a shop lives before it is killed, from its ready line. */
const LONGEST_LIFE_MS = 400
/**
 * After so many kills the shop lives until every buyer has bought: who was merely unlucky is served then, and who gets
 * nothing all the same is kept from it by something that a killed process left behind.
 */
const KILLS_TO_A_CALM = 25

/**
 * Buyers buy without a pause while the shop is killed at random moments and started again. Each buyer repeats the same key
 * until it has an address, pays, and comes back or does not. At the end nothing may be lost and nothing doubled.
 */
export async function killStorm(
  world: World,
  { kills, buyers, random, signal, killed }: StormOptions,
): Promise<StormReport> {
  let over = false
  let purchases = 0
  let answers = 0
  const bought = new Map<string, number>()

  async function buyer(name: string): Promise<void> {
    for (let round = 1; !over; round++) {
      const cart = `${name}-${round}`
      const said: Record<string, number> = {}
      const opened = await until(
        `a payable order for ${cart}`,
        async () => {
          const reply = await orderOver(world.url, { cart, key: `storm-${cart}` }).catch(() => undefined)
          if (reply) answers += 1
          const word = reply ? `${reply.status}` : 'no connection'
          said[word] = (said[word] ?? 0) + 1
          return reply?.status === 201 || reply?.status === 200 ? reply.body : undefined
        },
        PATIENCE,
      ).catch((cause: unknown) => {
        throw new Error(`${cart} got ${JSON.stringify(said)}`, { cause })
      })
      const orderId = decodeURIComponent(new URL(opened.paymentUrl).pathname.split('/').at(-1) ?? '')
      await world.sandbox.act(orderId, 'pay')
      purchases += 1
      bought.set(name, round)
      if (random() < 0.5) await visitReturn(world.url, opened.token, 'success').catch(() => undefined)
    }
  }
  async function calm(): Promise<void> {
    const before = new Map(bought)
    await until(
      'every buyer to be served by a shop that lives',
      () => names.every((name) => (bought.get(name) ?? 0) > (before.get(name) ?? 0)),
      PATIENCE,
    )
  }
  const names = Array.from({ length: buyers }, (_, index) => `b${index + 1}`)
  const shopping = Promise.all(names.map(buyer))
  let kill = 0
  for (; kill < kills && !signal?.aborted; kill++) {
    if (kill % KILLS_TO_A_CALM === KILLS_TO_A_CALM - 1) await Promise.race([calm(), shopping])
    else await pause(random() * LONGEST_LIFE_MS)
    await world.restart()
    killed?.(kill + 1, purchases)
  }
  over = true
  await shopping
  await until(
    'every purchase to be fulfilled',
    async () => (await world.database.read()).fulfilments.length >= purchases,
    { within: 120_000, every: 250 },
  )
  const { fulfilments } = await world.database.read()
  const paid = (await world.sandbox.orders()).filter(({ state }) => state === 'paid').length
  return {
    kills: kill,
    purchases,
    paid,
    fulfilled: fulfilments.length,
    answers,
    violations: await world.violations({ settled: true }),
  }
}
