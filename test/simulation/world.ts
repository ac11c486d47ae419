import type { Store } from '../../src/server/store/port.ts'
import { type ScriptedGateway, scriptedGateway } from '../support/scripted-gateway.ts'
import { watchedStore } from '../support/watched-store.ts'
import { type SimulatedClock, simulatedClock } from './clock.ts'
import { type MemoryStore, memoryStore } from './memory-store.ts'
import { drawProfile, openBehaviour, type Profile, readBehaviour } from './profile.ts'
import { newPurchases, type Purchase } from './purchase.ts'
import { type Dice, diceOf } from './random.ts'
import { createTrace, type Trace } from './trace.ts'
import { createWatch, type Watch } from './watch.ts'

/** When every history begins. */
export const START = Date.UTC(2026, 10, 21, 12)

export interface WorldOptions {
  /** Keep every line, for a person. */
  readonly keepTrace?: boolean
  /** A second store that everything is done to as well, and compared. */
  readonly beside?: (store: MemoryStore) => Store
  /** False leaves the crowds out, as in the histories of seeds from before there were any. */
  readonly crowds?: boolean
}

/** What buyers, shops, gateway, database, network and clock of one history share. */
export interface World {
  readonly seed: number
  readonly profile: Profile
  /** By how much the clocks of the processes may differ from this world's, in milliseconds. */
  readonly skewMs: number
  readonly clock: SimulatedClock
  readonly gateway: ScriptedGateway
  /** What is stored, to look at; the shops work on `store`. */
  readonly memory: MemoryStore
  readonly store: Store
  /** Calls of a real database that are on their way: it answers in real time, and the clock stands still meanwhile. */
  readonly busy: { readonly count: number }
  readonly watch: Watch
  readonly trace: Trace
  readonly purchases: readonly Purchase[]
  /** What the shops' own dice are forked from. */
  readonly dice: Dice
  readonly buyers: Dice
  readonly schedule: Dice
  readonly crowds: Dice
  /** The hour since which no more misfortunes happen. */
  calmSince: number
}

export const isCalm = ({ calmSince }: World): boolean => calmSince < Number.POSITIVE_INFINITY

/** The world of a seed before anything happened in it. */
export function createWorld(seed: number, options: WorldOptions): World {
  const dice = diceOf(seed, 'history')
  const profile = drawProfile(dice.fork('profile'))
  const clock = simulatedClock(START)
  const gateway = scriptedGateway({ clock, graceMs: profile.graceMs })
  const memory = memoryStore()
  const busy = { count: 0 }
  const network = dice.fork('network')
  // Not forked from the others, which would be other ones then.
  const crowds = diceOf(seed, 'crowds')
  const world: World = {
    seed,
    profile,
    skewMs: options.crowds !== false && profile.instances > 1 && crowds.chance(0.5) ? 3_000 : 0,
    clock,
    gateway,
    memory,
    store: options.beside ? watchedStore(options.beside(memory), busy) : memory,
    busy,
    watch: createWatch(gateway, memory),
    trace: createTrace(clock, options.keepTrace ?? false),
    purchases: newPurchases(profile.purchases),
    dice,
    buyers: dice.fork('buyers'),
    schedule: dice.fork('schedule'),
    crowds,
    calmSince: Number.POSITIVE_INFINITY,
  }
  gateway.behave.open = () => (isCalm(world) ? { replyMs: 50 } : openBehaviour(network, profile))
  gateway.behave.read = ({ orderId }) =>
    isCalm(world) ? { replyMs: 50 } : readBehaviour(network, profile, orderId !== null)
  return world
}
